package io.modelregistry.webhooks;

import io.modelregistry.Host;
import io.modelregistry.core.log.Jitter;
import java.time.Duration;

/** How long to wait after so many failures in a row: 5 seconds, then twice as long each time up to an hour, give or take a fifth. Thread-safe. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 10;

    private final Host host;
    private int failures; // guarded by this
    private long dueNanos; // guarded by this

    Backoff(Host host) {
        this.host = host;
    }

    /** @param wish what the endpoint asked for; at most an hour is granted */
    synchronized void failed(Duration wish) {
        long doubled = FIRST.toNanos() << Math.min(failures, MOST_DOUBLINGS);
        Duration jittered = Jitter.around(Duration.ofNanos(Math.min(doubled, LONGEST.toNanos())), host);
        failures++;
        long granted = wish.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : wish.toNanos();
        dueNanos = host.nanoTime() + Math.max(jittered.toNanos(), granted);
    }

    synchronized void succeeded() {
        failures = 0;
    }

    synchronized int failures() {
        return failures;
    }

    /** Zero when nothing keeps it from being tried now. */
    synchronized Duration left() {
        return failures == 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, dueNanos - host.nanoTime()));
    }
}
