package io.modelregistry.serving;

import io.modelregistry.InvalidRequestException;
import java.time.Duration;

/**
 * Settings of a {@link ModelHandle}. Start from {@link #defaults}.
 *
 * @param memoryBytes how much the arms of a rollout may take together, as {@link Loader#sizeBytes} says; the stable arm comes first, then the others in their
 *     order, shadows last, and what doesn't fit is answered for by the stable arm. What is being replaced stays in memory beside it until the last lease
 *     is given back: leave room for both. Not limited
 * @param drainTimeout how long the next version waits to be loaded for leases of versions that were replaced, and how long closing waits for all. 30 seconds
 * @param listener hears what happens. Nobody
 */
public record ServingOptions(long memoryBytes, Duration drainTimeout, ServingListener listener) {
    private static final ServingListener NOBODY = new ServingListener() {};

    public ServingOptions {
        if (memoryBytes < 1) {
            throw new InvalidRequestException("memoryBytes is " + memoryBytes + "; it must be more than nothing");
        }
        if (drainTimeout.isNegative()) {
            throw new InvalidRequestException("drainTimeout is " + drainTimeout + "; it can't be negative");
        }
    }

    public static ServingOptions defaults() {
        return new ServingOptions(Long.MAX_VALUE, Duration.ofSeconds(30), NOBODY);
    }

    public ServingOptions withMemoryBytes(long bytes) {
        return new ServingOptions(bytes, drainTimeout, listener);
    }

    public ServingOptions withDrainTimeout(Duration timeout) {
        return new ServingOptions(memoryBytes, timeout, listener);
    }

    public ServingOptions withListener(ServingListener other) {
        return new ServingOptions(memoryBytes, drainTimeout, other);
    }
}
