package io.modelregistry.core.log;

import io.modelregistry.Host;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One task that is to run later; the newest replaces the one before. Thread-safe. */
public final class Alarm implements AutoCloseable {
    private final Host host;
    private Host.@Nullable Scheduled next; // guarded by this
    private boolean closed; // guarded by this

    public Alarm(Host host) {
        this.host = host;
    }

    /** Does nothing when it is closed. */
    public synchronized void set(Duration delay, Runnable task) {
        if (!closed) {
            cancel();
            next = host.schedule(delay, task);
        }
    }

    /** Keeps the task from running if it hasn't begun. */
    public synchronized void cancel() {
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        cancel();
    }
}
