package io.modelregistry.testkit;

import java.util.concurrent.locks.LockSupport;

/** The time between two steps of a backend that should have been one. */
final class Gap {
    private Gap() {}

    /** Makes the gap between two steps wide enough for another thread. */
    static void linger() {
        LockSupport.parkNanos(50_000);
    }
}
