package io.modelregistry.examples.quickstart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The files that make up one version, in one directory. */
public record ArtifactFiles(Path directory) {

    public Path model() {
        return directory.resolve("model.onnx");
    }

    public Path scaler() {
        return directory.resolve("scaler.json");
    }

    Path heldOutPredictions() {
        return directory.resolve("held-out-predictions.csv");
    }

    void write(TribuoClassifier classifier, List<Sample> heldOut) throws IOException {
        classifier.writeOnnx(model());
        classifier.scaler().write(scaler());
        HeldOutPredictions.of(classifier, heldOut).write(heldOutPredictions());
    }
}
