package io.modelregistry.core.environment;

import io.modelregistry.Host;
import io.modelregistry.RegistryOptions;
import io.modelregistry.core.log.Alarm;
import io.modelregistry.core.log.AtWork;
import io.modelregistry.core.log.Parallel;
import io.modelregistry.environment.ServingStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the store about every watched place once in a poll interval, in the background: one for an open registry, however many handles there are. Rests
 * while nothing is watched, so that a registry that was forgotten can be collected. Thread-safe.
 */
final class Poller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

    private final Host host;
    private final Parallel parallel;
    private final RegistryOptions options;
    private final Function<Place, Watch> factory;
    private final Map<Place, Watch> watches = new ConcurrentHashMap<>();
    private final AtWork polling = new AtWork();

    private final Alarm next;
    private boolean running; // guarded by this

    /** @param factory of watches, each of which can ask whether this is closed */
    Poller(Host host, Parallel parallel, RegistryOptions options, BiFunction<Place, BooleanSupplier, Watch> factory) {
        this.host = host;
        this.next = new Alarm(host);
        this.parallel = parallel;
        this.options = options;
        this.factory = place -> factory.apply(place, next::isClosed);
    }

    /** The watch over a place, which is polled from here on. */
    Watch watch(Place place) {
        Watch known = watches.get(place);
        if (known != null) {
            return known;
        }
        Watch made = watches.computeIfAbsent(place, factory);
        plan();
        return made;
    }

    /** The watch over a place, if there is one. */
    @Nullable
    Watch find(Place place) {
        return watches.get(place);
    }

    /** @return ends the listening */
    Runnable listen(Place place, PlaceListener listener) {
        watches.compute(place, (p, known) -> {
            Watch watch = known == null ? factory.apply(place) : known;
            watch.add(listener);
            return watch;
        });
        schedule(Duration.ZERO);
        return () -> watches.computeIfPresent(place, (p, watch) -> {
            watch.remove(listener);
            return watch;
        });
    }

    /** Of all watched places, by name. */
    List<ServingStatus> statuses() {
        return watches.entrySet().stream()
                .sorted(Comparator.comparing(e -> e.getKey().toString()))
                .map(e -> e.getValue().status())
                .toList();
    }

    private void run() {
        synchronized (this) {
            if (running || next.isClosed()) {
                return; // it had begun when it was cancelled; whoever runs plans the next
            }
            running = true;
        }
        polling.during(this::runInTurn);
    }

    private void runInTurn() {
        try {
            List<Callable<Object>> polls = watches.entrySet().stream()
                    .filter(e -> e.getValue().isDue())
                    .map(e -> Executors.callable(() -> polling.during(() -> poll(e.getKey(), e.getValue()))))
                    .toList();
            parallel.call(polls);
        } catch (RuntimeException | Error e) {
            if (!next.isClosed()) {
                LOG.warn("A poll failed", e);
            }
        } finally {
            try {
                watches.values().forEach(Watch::announce);
            } finally {
                synchronized (this) {
                    running = false;
                }
                plan();
            }
        }
    }

    private void poll(Place place, Watch watch) {
        // a listener that is added meanwhile must not be lost with the watch
        if (watches.computeIfPresent(place, (p, w) -> w.isForgotten() ? null : w) == watch) {
            watch.poll();
        }
    }

    /** Runs again when the first of the places is due. */
    private void plan() {
        watches.values().stream()
                .mapToLong(Watch::dueAt)
                .map(due -> Math.max(0, due - host.nanoTime()))
                .min()
                .ifPresent(nanos -> schedule(Duration.ofNanos(nanos)));
    }

    private synchronized void schedule(Duration delay) {
        if (!running && !options.pollInterval().isZero()) {
            next.set(delay, this::run);
        }
    }

    /** Whether no poll is under way but the calling thread's own: a listener may be what closes. */
    boolean isIdle() {
        synchronized (this) {
            return !running || polling.isCaller();
        }
    }

    @Override
    public void close() {
        next.close();
    }
}
