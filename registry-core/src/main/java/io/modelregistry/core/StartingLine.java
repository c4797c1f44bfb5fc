package io.modelregistry.core;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets tasks that one thread hands to an executor begin together: on a busy machine the first would be done before the last had a thread. Those on other
 * threads wait for the thread that made this; that thread waits for them only where the executor hasn't run any on itself, and not for long, since it may have
 * fewer threads than there are tasks. Thread-safe.
 */
final class StartingLine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StartingLine.class);

    private static final long MOST_MILLIS = 50;

    private final int tasks;
    private final Thread starter = Thread.currentThread();
    private final CountDownLatch others;
    private final CountDownLatch start = new CountDownLatch(1);

    StartingLine(int tasks) {
        this.tasks = tasks;
        this.others = new CountDownLatch(tasks - 1);
    }

    /** Returns when the task may begin. An interrupt ends the waiting, and stays set. */
    void await(int task) {
        try {
            if (Thread.currentThread() != starter) {
                others.countDown();
                start.await();
            } else if (task == tasks - 1 && start.getCount() > 0) {
                // with any other task of its own, nobody has a thread for them. It waits for threads, not for a clock:
                // not the host's matter
                boolean all = others.await(MOST_MILLIS, TimeUnit.MILLISECONDS);
                LOG.debug("All creates begin together: {}", all);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (Thread.currentThread() == starter) {
                start.countDown();
            }
        }
    }

    /** Holds nobody back any longer. */
    @Override
    public void close() {
        start.countDown();
    }
}
