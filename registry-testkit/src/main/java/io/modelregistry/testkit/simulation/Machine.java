package io.modelregistry.testkit.simulation;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What outlives a process: the disk, with what was kept there. Not thread-safe. */
final class Machine {
    private final @Nullable Path cache;
    private @Nullable Intent served;
    private boolean turned;

    /** @param cache null when nothing is kept there */
    Machine(@Nullable Path cache) {
        this.cache = cache;
    }

    @Nullable
    Path cache() {
        return cache;
    }

    boolean hasDisk() {
        return cache != null;
    }

    /** What a process here answered from memory last: the next one serves the same; null for nothing. */
    @Nullable
    Intent served() {
        return served;
    }

    void serve(Intent intent) {
        served = intent;
    }

    /** Somebody set a clock that ages on the disk are measured with. */
    void turnClock() {
        turned = true;
    }

    /** Whether ages that were measured across processes can be believed. */
    boolean measuresAges() {
        return !turned;
    }
}
