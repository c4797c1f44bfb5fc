package io.modelregistry.examples.quickstart;

import io.modelregistry.Environment;
import io.modelregistry.ModelRegistry;
import io.modelregistry.environment.Routing;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

public class ServedModel {
    public static void main(String[] args) {
        try (ModelRegistry registry = ModelRegistry.initialise("file:models").as("ada")) {
            byte[] threshold = "0.5".getBytes(StandardCharsets.UTF_8);
            ModelVersion trained =
                    registry.model("tumor").register(Registration.empty().file("threshold.txt", threshold));
            Environment production = registry.model("tumor").environment("production");
            production.promote(trained.number(), "start");

            Loader<Double> loader = Loader.of(files -> Double.valueOf(Files.readString(files.file("threshold.txt"))));
            try (ModelHandle<Double> tumor = production.serve(loader.warmUp(ServedModel::smokeTest))) {
                String answer = tumor.use(
                        Routing.of("patient-77"),
                        served -> (0.7 > served.model() ? "suspicious" : "normal") + ", says "
                                + served.version().id());
                System.out.println(answer);
            }
        }
    }

    private static void smokeTest(double threshold) {
        if (!(threshold > 0 && threshold < 1)) {
            throw new IllegalArgumentException("Not a threshold: " + threshold);
        }
    }
}
