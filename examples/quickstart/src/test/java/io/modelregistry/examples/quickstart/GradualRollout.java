package io.modelregistry.examples.quickstart;

import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.environment.Canary;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.Share;
import io.modelregistry.version.Registration;

public class GradualRollout {
    public static void main(String[] args) {
        try (ModelRegistry registry =
                ModelRegistry.initialise("file:rollout-registry").as("u-4711")) {
            Model model = registry.model("tumor-classifier");
            model.register(Registration.empty().file("weights.json", new byte[] {1}));
            model.register(Registration.empty().file("weights.json", new byte[] {2}));
            Environment production = model.environment("production");
            production.promote(1, "first baseline");

            production.promote(Promotion.of(
                    Canary.of(2, Share.percent(5))
                            .then(Share.percent(25))
                            .then(Share.percent(100))
                            .audience("hospital", "st-mary"),
                    "better on the held-out set"));
            Routing patient = Routing.of("patient-0077");
            show(production.resolve(patient));
            show(production.resolve(patient.with("hospital", "st-mary")));

            production.ramp("no complaints in a week");
            production.halt("two complaints from ward 3");
            show(production.resolve(patient.with("hospital", "st-mary")));

            for (Deployment change : production.history()) {
                System.out.println(change.revision().sequence() + " " + change.change() + ": "
                        + change.rollout().orElseThrow().describe() + " (" + change.reason() + ")");
            }
        }
    }

    private static void show(Resolution resolution) {
        System.out.println(
                resolution.version().id() + ", arm " + resolution.arm().orElseThrow());
    }
}
