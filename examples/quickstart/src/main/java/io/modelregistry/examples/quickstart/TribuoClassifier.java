package io.modelregistry.examples.quickstart;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.tribuo.classification.Label;
import org.tribuo.classification.sgd.linear.LinearSGDModel;

/** A trained model in the process that trained it, computing in double precision. */
final class TribuoClassifier implements Classifier {

    private static final String DOMAIN = "io.modelregistry.examples.quickstart";

    private final LinearSGDModel model;
    private final TribuoFeatures features;

    TribuoClassifier(LinearSGDModel model, TribuoFeatures features) {
        features.requireColumnOrder(model.getFeatureIDMap());
        this.model = model;
        this.features = features;
    }

    Scaler scaler() {
        return features.scaler();
    }

    @Override
    public List<Prediction> predict(double[][] rows) {
        return Arrays.stream(rows).map(this::predict).toList();
    }

    private Prediction predict(double[] row) {
        // Prediction ignores the label of the example, which has to have one.
        org.tribuo.Prediction<Label> prediction = model.predict(features.example(row, Diagnosis.BENIGN));
        Label malignant = Objects.requireNonNull(prediction.getOutputScores().get(Diagnosis.MALIGNANT.label()));
        return new Prediction(Diagnosis.ofLabel(prediction.getOutput().getLabel()), malignant.getScore());
    }

    /** Writes the model without its scaler. Training again with the same recipe writes the same bytes. */
    void writeOnnx(Path file) throws IOException {
        // Tribuo writes the time of training into the description and the metadata: the registry records it instead.
        ModelProto onnx = model.exportONNXModel(DOMAIN, 0).toBuilder()
                .setDocString("Malignancy of a breast tumour from "
                        + scaler().columns().size() + " scaled measurements")
                .clearMetadataProps()
                .addMetadataProps(metadata(OnnxMetadata.COLUMNS, scaler().names()))
                .addMetadataProps(metadata(OnnxMetadata.LABELS, labels()))
                .build();
        Files.write(file, onnx.toByteArray());
    }

    private List<String> labels() {
        return IntStream.range(0, model.getOutputIDInfo().size())
                .mapToObj(id -> model.getOutputIDInfo().getOutput(id).getLabel())
                .toList();
    }

    private static StringStringEntryProto metadata(String key, List<String> values) {
        return StringStringEntryProto.newBuilder()
                .setKey(key)
                .setValue(String.join(OnnxMetadata.SEPARATOR, values))
                .build();
    }
}
