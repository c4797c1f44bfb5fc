package io.modelregistry.environment;

/** How fresh an answer must be. */
public enum Consistency {
    /**
     * From memory. The first look at a place asks the store; from then on it is asked in the background, once in a
     * {@link io.modelregistry.RegistryOptions#pollInterval} give or take a fifth, so that while the store answers a change is served 1.2 intervals after it was made
     * at the latest (36 s by default). When the store doesn't answer, what was last known, for at most
     * {@link io.modelregistry.RegistryOptions#maxStaleness}. A caller waits for the store only when polls are late by half an interval, as after a
     * machine slept, or when what is known is older than is allowed.
     */
    BOUNDED,
    /** Asks the store: every change acknowledged before the call is seen. */
    STRONG
}
