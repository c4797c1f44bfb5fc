package io.modelregistry.core;

import io.modelregistry.Host;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Lets tasks that one thread hands to an executor begin together: on a busy machine the first would be done before the last had a thread. Those on other
 * threads wait for the thread that made this; that thread waits for them only where the executor hasn't run any on itself, and not for long, since it may have
 * fewer threads than there are tasks. Thread-safe.
 */
final class StartingLine implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final int MOST_PAUSES = 50;

    private final Host host;
    private final int tasks;
    private final Thread starter = Thread.currentThread();
    private final CountDownLatch others;
    private final CountDownLatch start = new CountDownLatch(1);

    StartingLine(Host host, int tasks) {
        this.host = host;
        this.tasks = tasks;
        this.others = new CountDownLatch(tasks - 1);
    }

    /** Returns when the task may begin. An interrupt ends the waiting, and stays set. */
    void await(int task) {
        try {
            if (Thread.currentThread() != starter) {
                others.countDown();
                start.await();
            } else if (task == tasks - 1) {
                awaitOthers(); // with any other task of its own, nobody has a thread for them
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (Thread.currentThread() == starter) {
                start.countDown();
            }
        }
    }

    private void awaitOthers() throws InterruptedException {
        for (int i = 0; i < MOST_PAUSES && others.getCount() > 0; i++) {
            host.pause(PAUSE);
        }
    }

    /** Holds nobody back any longer. */
    @Override
    public void close() {
        start.countDown();
    }
}
