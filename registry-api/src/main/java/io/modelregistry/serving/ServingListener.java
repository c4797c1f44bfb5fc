package io.modelregistry.serving;

import io.modelregistry.environment.Receipt;

/**
 * Hears what happens in a {@link ModelHandle}: for metrics, and for the exposures of an experiment, which the registry itself is never told. What a listener
 * throws is logged and changes nothing.
 */
public interface ServingListener {

    /** Somebody is given a model; on their thread, before they have it, each time: take next to no time. */
    default void resolved(Receipt receipt) {}

    /**
     * Somebody with a key was given a model while an experiment was under way; on the thread that takes the lease, before it has it. Called with each
     * lease, so many times for one key: who counts keys must look for those already seen.
     */
    default void exposed(Exposure exposure) {}

    /**
     * Another line-up answers from here on. One call at a time; the next swap waits for it, and so may those of other handles of the registry, a halt included:
     * return soon.
     */
    default void swapped(HandleStatus status) {}

    /** A version could not be made ready. As with {@link #swapped}, return soon. */
    default void failed(LoadFailure failure) {}
}
