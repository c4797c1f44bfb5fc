package io.modelregistry.core.environment;

import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Rollout;

/** A rollout as it is stored. */
final class RolloutCodec {
    private RolloutCodec() {}

    static Json.Obj encode(Rollout rollout) {
        return Json.object()
                .put("arms", Json.array(rollout.arms(), RolloutCodec::arm))
                .put("salt", rollout.salt())
                .build();
    }

    static Rollout decode(Fields fields) {
        return new Rollout(fields.objects("arms", RolloutCodec::arm), fields.text("salt"));
    }

    private static Json.Obj arm(Arm arm) {
        return Json.object()
                .put("id", arm.id())
                .put("version", arm.version())
                .put("weight", arm.weightBasisPoints())
                .optionalObject("audience", arm.audience(), values -> Json.array(values, Json::of))
                .put("mode", Constants.text(arm.mode()))
                .build();
    }

    private static int weight(Fields fields) {
        long weight = fields.number("weight");
        if (weight < 0 || weight > Rollout.FULL_WEIGHT) {
            throw fields.wrong("weight", "from 0 to " + Rollout.FULL_WEIGHT);
        }
        return (int) weight;
    }

    private static Arm arm(Fields fields) {
        return new Arm(
                fields.text("id"),
                fields.number("version"),
                weight(fields),
                fields.textsMap("audience"),
                fields.constant("mode", Arm.Mode.class));
    }
}
