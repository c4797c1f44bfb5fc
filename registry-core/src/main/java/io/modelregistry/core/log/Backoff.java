package io.modelregistry.core.log;

import io.modelregistry.Host;
import java.time.Duration;

/** Growing pauses with full jitter between repetitions, so that many clients that failed together don't come back together. */
final class Backoff {
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Host host;
    private Duration ceiling;

    Backoff(Host host, Duration first) {
        this.host = host;
        this.ceiling = first;
    }

    /** Pauses, at most until the deadline. */
    void pause(Deadline deadline) throws InterruptedException {
        Duration jittered = Duration.ofNanos((long) (ceiling.toNanos() * host.random()));
        Duration remaining = deadline.remaining();
        host.pause(jittered.compareTo(remaining) < 0 ? jittered : remaining);
        ceiling = ceiling.multipliedBy(2).compareTo(LONGEST) < 0 ? ceiling.multipliedBy(2) : LONGEST;
    }
}
