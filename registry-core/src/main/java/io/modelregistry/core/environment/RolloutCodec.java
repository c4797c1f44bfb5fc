package io.modelregistry.core.environment;

import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.RampStep;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Share;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A rollout as it is stored. */
final class RolloutCodec {
    private static final String ID = "id";
    private static final String VERSION = "version";
    private static final String WEIGHT = "weight";
    private static final String AUDIENCE = "audience";
    private static final String SALT = "salt";
    private static final String STEPS = "steps";
    private static final String EXPERIMENT = "experiment";

    private RolloutCodec() {}

    static Json.Obj encode(Rollout rollout) {
        return Json.object()
                .put("arms", Json.array(rollout.arms(), RolloutCodec::arm))
                .put(SALT, rollout.salt())
                .optionalArray(STEPS, rollout.steps(), RolloutCodec::step)
                .optional(EXPERIMENT, rollout.experiment(), RolloutCodec::experiment)
                .build();
    }

    static Rollout decode(Fields fields) {
        Fields experiment = fields.objectOrNull(EXPERIMENT);
        return new Rollout(
                fields.objects("arms", RolloutCodec::arm),
                fields.text(SALT),
                fields.objects(STEPS, RolloutCodec::step),
                experiment == null ? null : experiment(experiment));
    }

    private static Json.Obj arm(Arm arm) {
        return Json.object()
                .put(ID, arm.id())
                .put(VERSION, arm.version())
                .put(WEIGHT, arm.weight().basisPoints())
                .optionalObject(AUDIENCE, arm.audience(), values -> Json.array(values, Json::of))
                .put("mode", Constants.text(arm.mode()))
                .build();
    }

    private static Arm arm(Fields fields) {
        return new Arm(
                fields.text(ID),
                fields.number(VERSION),
                share(fields, WEIGHT),
                fields.textsMap(AUDIENCE),
                fields.constant("mode", Arm.Mode.class));
    }

    static Share share(Fields fields, String name) {
        long weight = fields.number(name);
        if (weight < 0 || weight > Share.ALL.basisPoints()) {
            throw fields.wrong(name, "from 0 to " + Share.ALL.basisPoints());
        }
        return new Share((int) weight);
    }

    static Json.Obj step(RampStep step) {
        Instant at = step.at();
        return Json.object()
                .put(WEIGHT, step.share().basisPoints())
                .optional("at", at == null ? null : at.toString())
                .build();
    }

    static RampStep step(Fields fields) {
        return new RampStep(share(fields, WEIGHT), instant(fields));
    }

    private static @Nullable Instant instant(Fields fields) {
        String text = fields.textOrNull("at");
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw fields.wrong("at", "an instant such as 2027-01-31T00:00:00Z");
        }
    }

    private static Json.Obj experiment(Experiment experiment) {
        return Json.object()
                .put(ID, experiment.id())
                .put("hypothesis", experiment.hypothesis())
                .put("outcome", experiment.outcome())
                .build();
    }

    private static Experiment experiment(Fields fields) {
        return new Experiment(fields.text(ID), fields.text("hypothesis"), fields.text("outcome"));
    }

    /** One version for everybody, which is stored as its number where a change says what it promotes. */
    static boolean isPlain(Rollout rollout) {
        return rollout.equals(Rollout.of(rollout.stable().version()));
    }
}
