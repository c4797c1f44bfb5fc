package io.modelregistry.testkit.simulation;

import io.modelregistry.Host;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import java.util.function.Supplier;

/** Where schedules get their stores from. Called from several threads, once for each schedule. */
@FunctionalInterface
public interface Stores {

    /**
     * An empty store that is not used by anything else; the result opens clients of it. The simulation works without a store's own clock, and makes
     * one call at a time.
     *
     * @param clock the schedule's time, for a store that can be told
     */
    Supplier<StorageBackend> fresh(Host clock);

    /** Stores in memory. */
    static Stores inMemory() {
        return clock -> new MemoryStore(clock)::open;
    }
}
