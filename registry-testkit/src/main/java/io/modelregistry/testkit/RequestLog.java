package io.modelregistry.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** When each request began and ended, by a clock that ticks at nothing else. Thread-safe. */
final class RequestLog {
    private static final CountDownLatch NOBODY = new CountDownLatch(0);
    private static final int PATIENCE_SECONDS = 30;

    private final List<Timed> requests = new ArrayList<>(); // all guarded by this
    private long ticks;
    private CountDownLatch together = NOBODY;

    synchronized Timed begin(Operation operation, String key) {
        CountDownLatch others = together;
        others.countDown();
        if (others.getCount() == 0) {
            together = NOBODY;
        }
        Timed request = new Timed(new Call(requests.size() + 1, operation, key), ++ticks, others);
        requests.add(request);
        return request;
    }

    synchronized void end(Timed request) {
        request.endedAt = ++ticks;
    }

    synchronized void nextTogether(int count) {
        together = new CountDownLatch(count);
    }

    synchronized void reset() {
        requests.clear();
    }

    synchronized List<Call> calls() {
        return requests.stream().map(request -> request.call).collect(Collectors.toUnmodifiableList());
    }

    synchronized Map<Operation, Integer> counts() {
        Map<Operation, Integer> counts = new EnumMap<>(Operation.class);
        for (Timed request : requests) {
            counts.merge(request.call.operation(), 1, Integer::sum);
        }
        return Collections.unmodifiableMap(counts);
    }

    /** The longest chain of requests that don't overlap: always take the one that ends first. */
    synchronized int roundTrips() {
        List<Timed> byEnd = new ArrayList<>(requests);
        byEnd.sort(Comparator.comparingLong(request -> request.endedAt));
        int chain = 0;
        long lastEnd = 0;
        for (Timed request : byEnd) {
            if (request.beganAt > lastEnd) {
                chain++;
                lastEnd = request.endedAt;
            }
        }
        return chain;
    }

    @Override
    public String toString() {
        Map<Operation, Integer> counts = counts();
        return counts.isEmpty()
                ? "no requests"
                : counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .collect(Collectors.joining(", "));
    }

    static final class Timed {
        private final Call call;
        private final long beganAt;
        private final CountDownLatch others;
        private long endedAt = Long.MAX_VALUE; // guarded by the log

        private Timed(Call call, long beganAt, CountDownLatch others) {
            this.call = call;
            this.beganAt = beganAt;
            this.others = others;
        }

        void awaitTheOthers() {
            if (others.getCount() == 0) {
                return; // await() would throw on an interrupted thread
            }
            boolean together;
            try {
                together = others.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                together = false;
            }
            if (!together) {
                throw new AssertionError(call + " waited for " + others.getCount() + " more requests to begin with it");
            }
        }
    }
}
