package io.modelregistry.core.environment;

import io.modelregistry.Revision;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.ObjectBuilder;
import io.modelregistry.environment.Analysis;
import io.modelregistry.environment.ArmResult;
import io.modelregistry.environment.Canary;
import io.modelregistry.environment.Conclusion;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Promotion.Complete;
import io.modelregistry.environment.Promotion.Conclude;
import io.modelregistry.environment.Promotion.Ramp;
import io.modelregistry.environment.Promotion.Serve;
import io.modelregistry.environment.Promotion.Start;
import io.modelregistry.environment.Promotion.Step;
import io.modelregistry.environment.Rollout;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes of environments as they are stored. */
public final class PromotionCodec {
    static final String TYPE = "type";
    static final String ROLL_BACK = "roll-back";
    static final String WITHDRAW = "withdraw";
    static final String HALT = "halt";
    private static final String PROMOTE = "promote";
    private static final String CANARY = "canary";
    private static final String RAMP = "ramp";
    private static final String COMPLETE = "complete";
    private static final String CONCLUDE = "conclude";
    private static final String VERSION = "version";
    private static final String ROLLOUT = "rollout";
    private static final String WEIGHT = "weight";
    private static final String ARM = "arm";
    private static final String COUNT = "count";

    private static final Map<String, Deployment.Change> CHANGES = Map.of(
            PROMOTE, Deployment.Change.PROMOTE,
            CANARY, Deployment.Change.CANARY,
            RAMP, Deployment.Change.RAMP,
            COMPLETE, Deployment.Change.COMPLETE,
            CONCLUDE, Deployment.Change.CONCLUDE,
            HALT, Deployment.Change.HALT,
            ROLL_BACK, Deployment.Change.ROLL_BACK,
            WITHDRAW, Deployment.Change.WITHDRAW);

    private PromotionCodec() {}

    /** What an entry's change does. */
    public static Deployment.Change kind(Json.Obj change) {
        return CHANGES.getOrDefault(Fields.of(change).text(TYPE), Deployment.Change.OTHER);
    }

    static Json.Obj encode(Promotion promotion) {
        Revision expected = promotion.expected();
        return step(promotion.step())
                .optional("expected", expected == null ? null : expected.sequence())
                .build();
    }

    private static ObjectBuilder step(Step step) {
        if (step instanceof Serve serve) {
            ObjectBuilder change = Json.object().put(TYPE, PROMOTE);
            return RolloutCodec.isPlain(serve.rollout())
                    ? change.put(VERSION, serve.rollout().stable().version())
                    : change.put(ROLLOUT, RolloutCodec.encode(serve.rollout()));
        }
        if (step instanceof Start start) {
            return canary(start.canary());
        }
        if (step instanceof Ramp ramp) {
            return Json.object().put(TYPE, RAMP).optional(WEIGHT, ramp.share(), s -> Json.of(s.basisPoints()));
        }
        if (step instanceof Conclude conclude) {
            return conclusion(conclude.conclusion());
        }
        return Json.object().put(TYPE, COMPLETE);
    }

    /** The step that a change was; empty for one that isn't a promotion. */
    public static Optional<Step> step(Json.Obj change) {
        Fields fields = Fields.of(change);
        return Optional.ofNullable(
                switch (kind(change)) {
                    case PROMOTE ->
                        new Serve(
                                fields.has(ROLLOUT)
                                        ? RolloutCodec.decode(fields.object(ROLLOUT))
                                        : Rollout.of(fields.number(VERSION)));
                    case CANARY -> new Start(canary(fields));
                    case RAMP -> new Ramp(fields.has(WEIGHT) ? RolloutCodec.share(fields, WEIGHT) : null);
                    case COMPLETE -> new Complete();
                    case CONCLUDE -> new Conclude(conclusion(fields));
                    case HALT, ROLL_BACK, WITHDRAW, OTHER -> null;
                });
    }

    private static ObjectBuilder canary(Canary canary) {
        return Json.object()
                .put(TYPE, CANARY)
                .put(VERSION, canary.version())
                .put(WEIGHT, canary.share().basisPoints())
                .optionalArray("steps", canary.steps(), RolloutCodec::step)
                .optionalObject("audience", canary.audience(), values -> Json.array(values, Json::of))
                .put("holdout", canary.holdout().basisPoints())
                .put("salt", canary.salt());
    }

    private static Canary canary(Fields fields) {
        return new Canary(
                fields.number(VERSION),
                RolloutCodec.share(fields, WEIGHT),
                fields.objects("steps", RolloutCodec::step),
                fields.textsMap("audience"),
                RolloutCodec.share(fields, "holdout"),
                fields.text("salt"));
    }

    private static ObjectBuilder conclusion(Conclusion conclusion) {
        return Json.object()
                .put(TYPE, CONCLUDE)
                .put("experiment", conclusion.experiment())
                .optional("kept", conclusion.kept())
                .optionalArray("results", conclusion.results(), PromotionCodec::result)
                .optional("analysis", conclusion.analysis(), PromotionCodec::analysis);
    }

    /** What a change says of the experiment it ended; null when it ended none. */
    static @Nullable Conclusion concluded(Json.Obj change) {
        return kind(change) == Deployment.Change.CONCLUDE ? conclusion(Fields.of(change)) : null;
    }

    private static Conclusion conclusion(Fields fields) {
        Fields analysis = fields.objectOrNull("analysis");
        return new Conclusion(
                fields.text("experiment"),
                fields.textOrNull("kept"),
                fields.objects("results", PromotionCodec::result),
                analysis == null ? null : analysis(analysis));
    }

    private static Json.Obj result(ArmResult result) {
        ObjectBuilder json = Json.object().put(ARM, result.arm()).put(COUNT, result.count());
        if (result instanceof ArmResult.Mean mean) {
            json.put("mean", mean.mean()).put("variance", mean.variance());
        } else if (result instanceof ArmResult.Proportion proportion) {
            json.put("successes", proportion.successes());
        }
        return json.build();
    }

    private static ArmResult result(Fields fields) {
        return fields.has("successes")
                ? new ArmResult.Proportion(fields.text(ARM), fields.number(COUNT), fields.number("successes"))
                : new ArmResult.Mean(
                        fields.text(ARM), fields.number(COUNT), fields.decimal("mean"), fields.decimal("variance"));
    }

    private static Json.Obj analysis(Analysis analysis) {
        return Json.object()
                .put("test", analysis.test())
                .put("control", analysis.control())
                .put("treatment", analysis.treatment())
                .put("effect", analysis.effect())
                .put("low", analysis.low())
                .put("high", analysis.high())
                .put("confidence", analysis.confidence())
                .put("pValue", analysis.pValue())
                .build();
    }

    private static Analysis analysis(Fields fields) {
        return new Analysis(
                fields.text("test"),
                fields.text("control"),
                fields.text("treatment"),
                fields.decimal("effect"),
                fields.decimal("low"),
                fields.decimal("high"),
                fields.decimal("confidence"),
                fields.decimal("pValue"));
    }
}
