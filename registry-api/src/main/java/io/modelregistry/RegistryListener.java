package io.modelregistry;

import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.serving.ServingListener;
import io.modelregistry.version.ModelVersion;

/**
 * Hears what an open registry does in this process, and what all its handles do: for metrics and traces. Nothing waits for an answer: what a listener throws is
 * logged, once, and changes nothing. Called by many threads at the same time.
 */
public interface RegistryListener extends ServingListener {

    /**
     * Somebody is answered by a version: an environment was resolved, or a lease was taken. On the thread of whoever asked, each time, so take next to no time.
     * Not called for references that name the version themselves.
     */
    @Override
    default void resolved(Receipt receipt) {}

    /** The store was asked about a place that is served from memory; {@link ServingStatus#problem} says why it didn't answer. */
    default void polled(ServingStatus status) {}

    /**
     * A place that is served from memory has another change than this process knew: a promotion, a step of a rollout, a halt, a rollback, a withdrawal. Heard after the poll that
     * found it; of several between two polls the last one is.
     *
     * @param status has a {@linkplain ServingStatus#newest newest} change
     */
    default void changed(ServingStatus status) {}

    /**
     * A version's files were brought to this machine, and verified.
     *
     * @param bytes how many came from the store; 0 when all were in the cache
     */
    default void downloaded(ModelVersion version, long bytes) {}
}
