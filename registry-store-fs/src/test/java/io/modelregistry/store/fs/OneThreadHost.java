package io.modelregistry.store.fs;

import io.modelregistry.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The real machine with all work on the thread that asks for it, so that its system calls can be counted, and without the
 * waiting for better times: a long pause moves the monotonic clock instead.
 */
final class OneThreadHost implements Host {
    private static final Duration LONG = Duration.ofMillis(5);

    private final Host system = Host.system();
    private final AtomicLong skippedNanos = new AtomicLong();

    @Override
    public Instant now() {
        return system.now();
    }

    @Override
    public long nanoTime() {
        return system.nanoTime() + skippedNanos.get();
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        if (duration.compareTo(LONG) < 0) {
            system.pause(duration);
        } else {
            skippedNanos.addAndGet(duration.toNanos());
        }
    }

    @Override
    public String newId() {
        return system.newId();
    }

    @Override
    public double random() {
        return system.random();
    }

    @Override
    public Executor executor() {
        return Runnable::run;
    }

    /** Nothing: system calls of a background task would come between those that are counted. */
    @Override
    public Scheduled schedule(Duration delay, Runnable task) {
        return () -> {};
    }
}
