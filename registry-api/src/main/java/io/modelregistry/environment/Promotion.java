package io.modelregistry.environment;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.RequestId;
import io.modelregistry.Revision;
import io.modelregistry.Texts;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change that gives a version more of an environment's traffic.
 *
 * @param step what is to be served
 * @param reason why, for the audit trail: up to 200 characters, kept for ever
 * @param expected the revision that must still be the newest; null for the one this handle last returned, else the newest at the start of the call
 */
public record Promotion(
        Step step,
        String reason,
        @Nullable Revision expected,
        @Nullable RequestId requestId) {
    public Promotion {
        Texts.line("reason", reason, 200);
    }

    /** What is to be served, in relation to what is. */
    public sealed interface Step {
        /**
         * What is served after it. Depends on nothing but its arguments.
         *
         * @param served what is served before; null for nothing
         * @param now decides which scheduled steps are due
         * @throws InvalidRequestException when it can't follow; the message says why and the way out, and the caller where
         */
        Rollout after(@Nullable Rollout served, Instant now);
    }

    /** One version or several arms, whatever is served. */
    public record Serve(Rollout rollout) implements Step {
        @Override
        public Rollout after(@Nullable Rollout served, Instant now) {
            return rollout;
        }
    }

    /** A canary beside the one version that is served. */
    public record Start(Canary canary) implements Step {
        @Override
        public Rollout after(@Nullable Rollout served, Instant now) {
            return required(served).with(canary);
        }
    }

    /**
     * Another share for the canary.
     *
     * @param share null for the next of its steps
     */
    public record Ramp(@Nullable Share share) implements Step {
        @Override
        public Rollout after(@Nullable Rollout served, Instant now) {
            return share == null ? required(served).ramp(now) : required(served).ramp(share);
        }
    }

    /** The canary for everybody. */
    public record Complete() implements Step {
        @Override
        public Rollout after(@Nullable Rollout served, Instant now) {
            return required(served).complete();
        }
    }

    /** The end of an experiment. */
    public record Conclude(Conclusion conclusion) implements Step {
        @Override
        public Rollout after(@Nullable Rollout served, Instant now) {
            Rollout rollout = required(served);
            Experiment experiment = rollout.experiment();
            if (experiment == null || !experiment.id().equals(conclusion.experiment())) {
                throw new InvalidRequestException("there is no experiment " + conclusion.experiment() + " under way ("
                        + (experiment == null ? rollout.describe() : "experiment " + experiment.id()) + ")");
            }
            conclusion.results().forEach(result -> arm(rollout, result.arm()));
            conclusion.test().ifPresent(test -> {
                arm(rollout, test.control());
                arm(rollout, test.treatment());
            });
            String kept = conclusion.kept();
            return kept == null
                    ? new Rollout(rollout.arms(), rollout.salt(), rollout.steps(), null)
                    : Rollout.of(arm(rollout, kept).version());
        }

        private static Arm arm(Rollout rollout, String id) {
            return rollout.arm(id)
                    .orElseThrow(() -> new InvalidRequestException("the experiment has no arm " + Texts.printable(id)
                            + ", but " + rollout.arms().stream().map(Arm::id).toList()));
        }
    }

    public static Promotion of(long version, String reason) {
        return of(Rollout.of(version), reason);
    }

    /** For several arms: an A/B test, a version in the shadow. */
    public static Promotion of(Rollout rollout, String reason) {
        return new Promotion(new Serve(rollout), reason, null, null);
    }

    /** Lets some of the traffic try a version. */
    public static Promotion of(Canary canary, String reason) {
        return new Promotion(new Start(canary), reason, null, null);
    }

    /** Takes the canary's next step. */
    public static Promotion ramp(String reason) {
        return new Promotion(new Ramp(null), reason, null, null);
    }

    /** Gives the canary another share. What steps it still had above that share remain, unless they were scheduled. */
    public static Promotion ramp(Share share, String reason) {
        return new Promotion(new Ramp(share), reason, null, null);
    }

    /** Serves the canary to everybody. */
    public static Promotion complete(String reason) {
        return new Promotion(new Complete(), reason, null, null);
    }

    /** Ends an experiment. */
    public static Promotion of(Conclusion conclusion, String reason) {
        return new Promotion(new Conclude(conclusion), reason, null, null);
    }

    /** Refuses with a {@link io.modelregistry.ConflictException} if anything was changed since this revision. */
    public Promotion expecting(Revision revision) {
        return new Promotion(step, reason, revision, requestId);
    }

    /** Promoting again with the same id returns the first outcome. */
    public Promotion request(String id) {
        return new Promotion(step, reason, expected, RequestId.of(id));
    }

    public Optional<RequestId> request() {
        return Optional.ofNullable(requestId);
    }

    private static Rollout required(@Nullable Rollout served) {
        if (served == null) {
            throw new InvalidRequestException("it serves nothing. Promote a version first");
        }
        return served;
    }
}
