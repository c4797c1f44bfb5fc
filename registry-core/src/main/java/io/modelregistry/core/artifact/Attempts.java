package io.modelregistry.core.artifact;

import io.modelregistry.Host;
import io.modelregistry.StoreUnavailableException;
import java.time.Duration;

/**
 * Counts the failed attempts at one transfer and pauses between them, longer each time and by chance. Not thread-safe.
 */
final class Attempts {
    static final int MOST = 6;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final Host host;
    private final String doing;
    private int failed;

    /** @param doing for the message when the thread is interrupted */
    Attempts(Host host, String doing) {
        this.host = host;
        this.doing = doing;
    }

    /** After a failure: pauses and returns true, or returns false when there were {@value #MOST}. */
    boolean again() {
        failed++;
        if (failed >= MOST) {
            return false;
        }
        double ceilingNanos = FIRST_PAUSE.toNanos() * (double) (1 << (failed - 1));
        try {
            host.pause(Duration.ofNanos((long) (ceilingNanos * host.random())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("Interrupted while " + doing, e);
        }
        return true;
    }

    /** Forgets the failures: there was progress worth it. */
    void reset() {
        failed = 0;
    }
}
