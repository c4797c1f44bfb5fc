package io.modelregistry.webhooks;

import io.modelregistry.Host;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One task that is to run later; the newest replaces the one before. Thread-safe. */
final class Alarm implements AutoCloseable {
    private final Host host;
    private Host.@Nullable Scheduled next; // guarded by this
    private boolean closed; // guarded by this

    Alarm(Host host) {
        this.host = host;
    }

    synchronized void set(Duration delay, Runnable task) {
        if (closed) {
            return;
        }
        if (next != null) {
            next.cancel();
        }
        next = host.schedule(delay, task);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel();
        }
    }
}
