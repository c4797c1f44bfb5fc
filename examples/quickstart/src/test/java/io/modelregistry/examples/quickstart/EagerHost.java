package io.modelregistry.examples.quickstart;

import io.modelregistry.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/** The real machine, except that what is to run later runs a millisecond later: polls follow closely. */
final class EagerHost implements Host {
    private static final Duration SOON = Duration.ofMillis(1);

    private final Host machine = Host.system();

    @Override
    public Instant now() {
        return machine.now();
    }

    @Override
    public long nanoTime() {
        return machine.nanoTime();
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        machine.pause(duration);
    }

    @Override
    public String newId() {
        return machine.newId();
    }

    @Override
    public double random() {
        return machine.random();
    }

    @Override
    public Executor executor() {
        return machine.executor();
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable task) {
        return machine.schedule(SOON, task);
    }
}
