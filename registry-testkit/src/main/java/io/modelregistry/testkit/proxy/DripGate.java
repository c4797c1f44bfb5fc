package io.modelregistry.testkit.proxy;

import java.util.concurrent.Semaphore;

/**
 * Lets an answer's body through as slowly as a test wants: {@link ProxyFault#dripping}. Closed at first.
 *
 * <p>Thread-safe.
 */
public final class DripGate {
    private final Semaphore bytes = new Semaphore(0);

    /** Lets so many further bytes through, one in a packet where the network keeps them apart. */
    public void letThrough(int count) {
        bytes.release(count);
    }

    void awaitOne() throws InterruptedException {
        bytes.acquire();
    }
}
