package io.modelregistry.environment;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A step of a canary's way to everybody.
 *
 * @param share of the canary from this step on
 * @param at when every process takes it by itself, to the second; null when somebody has to
 */
public record RampStep(Share share, @Nullable Instant at) {
    public RampStep {
        at = at == null ? null : at.truncatedTo(ChronoUnit.SECONDS);
    }

    /** When every process takes it by itself; empty when somebody has to, with {@link io.modelregistry.Environment#ramp}. */
    public Optional<Instant> scheduled() {
        return Optional.ofNullable(at);
    }

    @Override
    public String toString() {
        return at == null ? share.toString() : share + " at " + at;
    }
}
