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
 * @param prefetch whether the files of versions in review, and of approved ones, are brought to this machine before they are served, so that a promotion
 *     takes no longer than loading: of the model's four newest versions, whatever environment they are meant for. Asks the store once in a poll interval for the newest
 *     version's number, and twice for each of the four that is neither served nor here. No
 * @param listener hears what happens. Nobody
 */
public record ServingOptions(long memoryBytes, Duration drainTimeout, boolean prefetch, ServingListener listener) {
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
        return new ServingOptions(Long.MAX_VALUE, Duration.ofSeconds(30), false, NOBODY);
    }

    public ServingOptions withMemoryBytes(long bytes) {
        return new ServingOptions(bytes, drainTimeout, prefetch, listener);
    }

    public ServingOptions withDrainTimeout(Duration timeout) {
        return new ServingOptions(memoryBytes, timeout, prefetch, listener);
    }

    public ServingOptions withPrefetch(boolean ahead) {
        return new ServingOptions(memoryBytes, drainTimeout, ahead, listener);
    }

    public ServingOptions withListener(ServingListener other) {
        return new ServingOptions(memoryBytes, drainTimeout, prefetch, other);
    }
}
