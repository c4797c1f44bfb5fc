package io.modelregistry;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The only class that may read the ambient clock, randomness or threads; the build forbids it everywhere else. */
final class SystemHost implements Host {
    private static final int THREADS = 16;
    private static final int IDLE_SECONDS = 10;

    private final SecureRandom secureRandom = new SecureRandom();
    private final ThreadPoolExecutor executor;
    private final ScheduledThreadPoolExecutor timer;

    SystemHost() {
        executor = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons(""));
        executor.allowCoreThreadTimeOut(true);
        timer = new ScheduledThreadPoolExecutor(1, daemons("-timer"));
        timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        // a task that was cancelled would keep its registry from being collected until it had been due
        timer.setRemoveOnCancelPolicy(true);
    }

    private static ThreadFactory daemons(String suffix) {
        return task -> {
            Thread thread = new Thread(task, "model-registry" + suffix);
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }

    @Override
    public String newId() {
        byte[] bits = new byte[16];
        secureRandom.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    @Override
    public double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    @Override
    public Executor executor() {
        return executor;
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable task) {
        ScheduledFuture<?> future = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }
}
