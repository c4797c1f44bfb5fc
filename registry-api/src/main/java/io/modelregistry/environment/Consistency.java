package io.modelregistry.environment;

/** How fresh an answer must be. */
public enum Consistency {
    /**
     * From memory if the store was asked within {@link io.modelregistry.RegistryOptions#pollInterval}. When the store can't be asked, what was last
     * known, for at most {@link io.modelregistry.RegistryOptions#maxStaleness}.
     */
    BOUNDED,
    /** Asks the store: every change acknowledged before the call is seen. */
    STRONG
}
