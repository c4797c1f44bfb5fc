package io.modelregistry;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * What a registry takes from the machine it runs on: time, waiting, identities, chance and threads. {@link #system()} is the
 * real one; tests and simulations bring their own and thereby decide everything that is not in the store.
 *
 * <p>Implementations are thread-safe.
 */
public interface Host {

    /** The wall clock. Orders nothing; it is recorded, and compared with the store's clock before a write. */
    Instant now();

    /** A monotonic clock in nanoseconds, as {@link System#nanoTime()}. */
    long nanoTime();

    /** Waits. */
    void pause(Duration duration) throws InterruptedException;

    /** A fresh identity of 128 random bits: 32 lower-case hexadecimal digits. Never the same twice. */
    String newId();

    /** A number from 0 (inclusive) to 1 (exclusive), for jitter. */
    double random();

    /**
     * Runs parallel and background work. Any executor is safe, one with a single thread and one that runs a task on the
     * submitting thread included: whoever waits for work does what has not been started itself.
     */
    Executor executor();

    /**
     * Runs a task once after a delay, on a thread that nobody else waits on: not the caller's, and none of {@link #executor}'s. The task may block; tasks
     * of one host may wait for each other. Nothing depends on it being punctual, or on it being run at all: who is answered from memory asks the store
     * itself when that is overdue.
     */
    Scheduled schedule(Duration delay, Runnable task);

    /** A task that is to run later. */
    @FunctionalInterface
    interface Scheduled {
        /** Keeps it from running if it hasn't begun. */
        void cancel();
    }

    /** The real machine. Its threads are daemons, at most 16 and one for scheduled tasks, and end when idle for 10 seconds. */
    static Host system() {
        return new SystemHost();
    }
}
