package io.modelregistry.core.environment;

import io.modelregistry.TextValidator.Kind;
import io.modelregistry.core.log.TextGuard;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.Rollout;

/** Shows the guard the texts of a rollout that a caller chose. */
final class TextsOfRollouts {
    private TextsOfRollouts() {}

    static void check(TextGuard guard, Rollout rollout) {
        guard.check(Kind.ROLLOUT, "salt", rollout.salt());
        for (Arm arm : rollout.arms()) {
            arm.audience().forEach((attribute, values) -> {
                guard.check(Kind.ROLLOUT, "attribute of an audience", attribute);
                values.forEach(value -> guard.check(Kind.ROLLOUT, "audience " + attribute, value));
            });
        }
        Experiment experiment = rollout.experiment();
        if (experiment != null) {
            guard.check(Kind.EXPERIMENT, "hypothesis", experiment.hypothesis());
            guard.check(Kind.EXPERIMENT, "outcome", experiment.outcome());
        }
    }
}
