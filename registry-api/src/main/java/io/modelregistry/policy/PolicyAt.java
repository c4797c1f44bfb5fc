package io.modelregistry.policy;

import io.modelregistry.environment.ServedAt.Certainty;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The policy that stood at an instant of the store's clock.
 *
 * @param standing null when none had been set yet
 * @param certainty how sure that is
 */
public record PolicyAt(Instant instant, @Nullable PolicyRevision standing, Certainty certainty) {

    /** Empty when none had been set yet. */
    public Optional<PolicyRevision> revision() {
        return Optional.ofNullable(standing);
    }
}
