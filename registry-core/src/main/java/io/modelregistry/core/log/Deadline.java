package io.modelregistry.core.log;

import io.modelregistry.Host;
import java.time.Duration;

/** The moment an operation must be over, on the monotonic clock. */
public final class Deadline {
    private final Host host;
    private final long end;

    private Deadline(Host host, long end) {
        this.host = host;
        this.end = end;
    }

    static Deadline in(Host host, Duration duration) {
        return new Deadline(host, host.nanoTime() + duration.toNanos());
    }

    /** Zero when it is over. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, end - host.nanoTime()));
    }

    public boolean isOver() {
        return end - host.nanoTime() <= 0;
    }
}
