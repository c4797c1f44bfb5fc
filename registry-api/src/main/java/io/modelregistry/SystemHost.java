package io.modelregistry;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The only class that may read the ambient clock, randomness or threads; the build forbids it everywhere else. */
final class SystemHost implements Host {
    private static final int THREADS = 16;

    private final SecureRandom secureRandom = new SecureRandom();
    private final ThreadPoolExecutor executor;

    SystemHost() {
        executor = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "model-registry");
            thread.setDaemon(true);
            return thread;
        });
        executor.allowCoreThreadTimeOut(true);
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
}
