package io.modelregistry.lifecycle;

import io.modelregistry.environment.ServedAt.Certainty;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a version stood at an instant of the store's clock.
 *
 * @param reached null when it wasn't registered yet
 * @param certainty how sure that is: as sure as the least sure of what it rests on, the registration, the submissions and the reviews
 */
public record StateAt(Instant instant, @Nullable LifecycleState reached, Certainty certainty) {

    /** Empty when it wasn't registered yet. */
    public Optional<LifecycleState> state() {
        return Optional.ofNullable(reached);
    }
}
