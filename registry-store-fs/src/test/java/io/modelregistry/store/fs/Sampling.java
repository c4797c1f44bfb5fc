package io.modelregistry.store.fs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Goes through points in strides from a random one, on every processor, until all are done or the time is up: however little
 * time there is, what was looked at is spread evenly.
 */
final class Sampling {
    private static final double GOLDEN = 0.618;

    private final int points;
    private final int visited;
    private final int first;
    private final int stride;

    private Sampling(int points, int visited, int first, int stride) {
        this.points = points;
        this.visited = visited;
        this.first = first;
        this.stride = stride;
    }

    /** What is looked at in one point. */
    @FunctionalInterface
    interface Check<P> {
        void run(P point) throws Exception;
    }

    /** The time that a proof is given: {@code -Dproof.seconds}. */
    static Duration time() {
        return Duration.ofSeconds(Long.getLong("proof.seconds", 5));
    }

    /**
     * Stops at the first point that fails, with its failure.
     *
     * @param end when no other point is begun, as {@link System#nanoTime} tells the time
     */
    static <P> Sampling run(List<P> points, long end, Check<P> check) throws Exception {
        int first = new Random().nextInt(points.size());
        int stride = stride(points.size());
        AtomicInteger next = new AtomicInteger();
        AtomicInteger visited = new AtomicInteger();
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(executor.submit(() -> {
                for (int n = next.getAndIncrement(); n < points.size(); n = next.getAndIncrement()) {
                    if (System.nanoTime() - end >= 0) {
                        break;
                    }
                    boolean passed = false;
                    try {
                        check.run(points.get((int) ((first + (long) n * stride) % points.size())));
                        passed = true;
                    } finally {
                        if (!passed) {
                            next.set(points.size());
                        }
                    }
                    visited.incrementAndGet();
                }
                return null;
            }));
        }
        executor.shutdown();
        for (Future<?> worker : workers) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception failure) {
                    throw failure;
                }
                throw (Error) e.getCause();
            }
        }
        return new Sampling(points.size(), visited.get(), first, stride);
    }

    private static int stride(int size) {
        int stride = Math.max(1, (int) (size * GOLDEN));
        while (gcd(stride, size) != 1) {
            stride++;
        }
        return stride;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** {@code 120 of 480 (25 %, from 17 in strides of 297)}, or {@code all 480}. */
    @Override
    public String toString() {
        return visited == points
                ? "all " + points
                : String.format(
                        Locale.ROOT,
                        "%d of %d (%d %%; from %d in strides of %d)",
                        visited,
                        points,
                        100L * visited / points,
                        first,
                        stride);
    }
}
