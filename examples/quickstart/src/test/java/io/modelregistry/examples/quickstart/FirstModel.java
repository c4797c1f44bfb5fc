package io.modelregistry.examples.quickstart;

import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.Version;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.nio.file.Files;
import java.nio.file.Path;

public class FirstModel {
    public static void main(String[] args) throws Exception {
        Path trained = Files.createDirectories(Path.of("trained-model"));
        Files.writeString(trained.resolve("weights.json"), "{\"bias\": 0.25}");

        try (ModelRegistry registry = ModelRegistry.initialise("file:my-registry")) {
            Model model = registry.as("u-4711").model("tumor-classifier");
            ModelVersion version = model.register(Registration.of(trained)
                    .metric(Metric.higherIsBetter("auc", 0.987))
                    .reason("first baseline"));
            model.environment("production").promote(version.number(), "beats the rule-based score");

            Version production = registry.version("tumor-classifier:production");
            LocalArtifact files = production.download();
            System.out.println(production.id() + ": " + Files.readString(files.file("weights.json")));
            System.out.println(registry.verify().toText());
        }
    }
}
