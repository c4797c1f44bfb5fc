package io.modelregistry.examples.quickstart;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A model file and its scaler, served with ONNX Runtime in single precision. Safe for use by several threads. */
public final class OnnxClassifier implements Classifier, AutoCloseable {

    private static final String INPUT = "input";
    private static final String OUTPUT = "output";

    private final Scaler scaler;
    private final int malignant;
    private final int benign;
    private final OrtEnvironment environment;
    private final OrtSession session;

    private OnnxClassifier(Scaler scaler, List<String> labels, OrtEnvironment environment, OrtSession session) {
        this.scaler = scaler;
        this.malignant = position(Diagnosis.MALIGNANT, labels);
        this.benign = position(Diagnosis.BENIGN, labels);
        this.environment = environment;
        this.session = session;
    }

    public static OnnxClassifier open(Path model, Path scalerFile) throws IOException {
        Scaler scaler = Scaler.read(scalerFile);
        OrtEnvironment environment =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "quickstart");
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            OrtSession session = environment.createSession(model.toString(), options);
            try {
                List<String> columns = metadata(session, OnnxMetadata.COLUMNS);
                if (!columns.equals(scaler.names())) {
                    throw new IllegalArgumentException(
                            "%s and %s do not belong together: the model reads %s, the scaler has %s"
                                    .formatted(model, scalerFile, columns, scaler.names()));
                }
                return new OnnxClassifier(scaler, metadata(session, OnnxMetadata.LABELS), environment, session);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new IOException("ONNX Runtime cannot open " + model, e);
        }
    }

    @Override
    public List<Prediction> predict(double[][] rows) {
        float[][] input = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            input[i] = singlePrecision(scaler.transform(rows[i]));
        }
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, input);
                OrtSession.Result result = session.run(Map.of(INPUT, tensor))) {
            float[][] probabilities =
                    (float[][]) result.get(OUTPUT).orElseThrow().getValue();
            return predictions(probabilities);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime could not score " + rows.length + " rows", e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime could not close its session", e);
        }
    }

    private List<Prediction> predictions(float[][] probabilities) {
        List<Prediction> predictions = new ArrayList<>();
        for (float[] row : probabilities) {
            Diagnosis likelier = row[malignant] > row[benign] ? Diagnosis.MALIGNANT : Diagnosis.BENIGN;
            predictions.add(new Prediction(likelier, row[malignant]));
        }
        return predictions;
    }

    // Scaling happens in double precision: only values of a few units are rounded, not areas of thousands.
    private static float[] singlePrecision(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }

    private static int position(Diagnosis diagnosis, List<String> labels) {
        int position = labels.indexOf(diagnosis.label());
        if (position < 0) {
            throw new IllegalArgumentException(
                    "The model predicts %s, which does not include %s".formatted(labels, diagnosis.label()));
        }
        return position;
    }

    private static List<String> metadata(OrtSession session, String key) throws OrtException {
        String value = session.getMetadata()
                .getCustomMetadataValue(key)
                .orElseThrow(() -> new IllegalArgumentException("The model file has no '" + key + "' metadata"));
        return List.of(value.split(OnnxMetadata.SEPARATOR));
    }
}
