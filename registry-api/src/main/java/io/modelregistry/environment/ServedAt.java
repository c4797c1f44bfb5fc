package io.modelregistry.environment;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an environment served at an instant of the store's clock.
 *
 * @param last the change in force then; null when there was none yet
 */
public record ServedAt(Instant instant, @Nullable Deployment last, Certainty certainty) {

    /** How sure the answer is. Answers that are {@code PINNED} or {@code SETTLED} never change. */
    public enum Certainty {
        /** A later entry records a store time after the instant. */
        PINNED,
        /** Nothing later stands, and the store was read more than an hour after the instant. */
        SETTLED,
        /** A change made around that time may still come to light. */
        PROVISIONAL
    }

    public Optional<Deployment> deployment() {
        return Optional.ofNullable(last);
    }

    /** What was served, with the scheduled steps taken that were due at the instant; empty for nothing. */
    public Optional<Rollout> rollout() {
        return deployment().flatMap(Deployment::rollout).map(rollout -> rollout.at(instant));
    }
}
