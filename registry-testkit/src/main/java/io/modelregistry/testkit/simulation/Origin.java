package io.modelregistry.testkit.simulation;

import io.modelregistry.ModelRegistry;
import io.modelregistry.Version;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.Registration;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Another registry, whose versions are copied. Nothing happens to it: who copies sees it as it was at one of two moments. */
final class Origin {
    static final String MODEL = "origin";
    static final int VERSIONS = 2;

    private Origin() {}

    /** As it was, and as it is: what was found out meanwhile. */
    static List<Scene> moments(Opener opener) {
        Consumer<ModelRegistry> before = Origin::history;
        return List.of(of(opener, before), of(opener, before.andThen(Origin::more)));
    }

    /** A machine whose identities are others than those of the registry that copies. */
    private static Scene of(Opener opener, Consumer<ModelRegistry> history) {
        return Scene.of(opener, new ManualHost().another(Duration.ZERO), history);
    }

    private static void history(ModelRegistry registry) {
        registry.model(MODEL)
                .register(Registration.empty()
                        .file("model.bin", new byte[] {9})
                        .metric(Metric.higherIsBetter("auc", 0.9))
                        .label("v1.0")
                        .reason("there"));
        registry.model(MODEL)
                .register(Registration.empty().file("model.bin", new byte[] {8}).reason("there"));
        for (long number = 1; number <= VERSIONS; number++) {
            Version version = registry.model(MODEL).version(number);
            version.evaluate(Evaluation.of("there", Metric.higherIsBetter("recall", 0.7)));
            version.submit("there");
        }
    }

    private static void more(ModelRegistry registry) {
        Version first = registry.model(MODEL).version(1);
        first.evaluate(Evaluation.of("there", Metric.higherIsBetter("f1", 0.8)));
        first.assess(Evaluation.of("there", Metric.higherIsBetter("auc", 0.85)).attest(Attestation.of("bias")));
        first.approve("there");
        registry.model(MODEL).version(2).reject("there");
    }
}
