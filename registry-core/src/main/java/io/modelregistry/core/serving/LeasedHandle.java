package io.modelregistry.core.serving;

import io.modelregistry.Host;
import io.modelregistry.NotFoundException;
import io.modelregistry.RegistryException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.StaleException;
import io.modelregistry.VersionId;
import io.modelregistry.core.environment.Place;
import io.modelregistry.core.listening.Guarded;
import io.modelregistry.core.listening.Listeners;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Routing;
import io.modelregistry.serving.Exposure;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.Lease;
import io.modelregistry.serving.LoadException;
import io.modelregistry.serving.LoadFailure;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.serving.ServingListener;
import io.modelregistry.serving.ServingOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A handle on models in memory: gives leases of them out, and leaves to {@link Upkeep} which they are. */
public final class LeasedHandle<T> implements ModelHandle<T> {
    private static final Logger LOG = LoggerFactory.getLogger(LeasedHandle.class);
    private static final Duration CLOSING_STEP = Duration.ofMillis(5);

    private final Place place;
    private final Source source;
    private final ServingOptions options;
    private final Host host;
    private final Consumer<LeasedHandle<?>> onClose;
    private final @Nullable Duration maxStaleness;
    /** Scheduled steps are taken by a process that heard from the store within this time. */
    private final Duration mostBlind;

    private final Supplier<Instant> stepTime = this::stepTime;

    private final ServingListener listener;
    private final Upkeep<T> upkeep;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Runnable stopFollowing = () -> {};

    private LeasedHandle(
            String registry,
            Place place,
            Source source,
            Loader<T> loader,
            ServingOptions options,
            RegistryOptions limits,
            Host host,
            Listeners listeners,
            Consumer<LeasedHandle<?>> onClose) {
        this.place = place;
        this.source = source;
        this.options = options;
        this.host = host;
        this.onClose = onClose;
        this.maxStaleness = limits.maxStaleness();
        this.mostBlind = limits.pollInterval().multipliedBy(2);
        this.listener = new HandleListener(new Guarded<>(place, options.listener()), listeners);
        this.upkeep = new Upkeep<>(registry, place, source, loader, options, host, listener);
    }

    /**
     * Loads what is served, on the calling thread, and keeps it up to date from then on.
     *
     * @param registry its id
     * @param listeners the registry's, told beside the handle's own
     * @param onClose told when it is closed
     * @throws NotFoundException when nothing is served
     * @throws RegistryException the reason why the stable arm can't be loaded
     */
    static <T> LeasedHandle<T> start(
            String registry,
            Place place,
            Source source,
            Loader<T> loader,
            ServingOptions options,
            RegistryOptions limits,
            Host host,
            Listeners listeners,
            Consumer<LeasedHandle<?>> onClose) {
        source.read();
        LeasedHandle<T> handle =
                new LeasedHandle<>(registry, place, source, loader, options, limits, host, listeners, onClose);
        boolean started = false;
        try {
            handle.upkeep.signal();
            RegistryException refusal = handle.whyNotStarted();
            if (refusal != null) {
                throw refusal;
            }
            handle.upkeep.goToBackground();
            handle.stopFollowing = source.follow(handle.upkeep::signal);
            started = true;
            return handle;
        } finally {
            if (!started) {
                handle.close();
            }
        }
    }

    private @Nullable RegistryException whyNotStarted() {
        Upkeep.State<T> state = upkeep.state();
        if (!state.lineup().isEmpty()) {
            return null;
        }
        Deployment newest = state.newest();
        Rollout rollout = newest == null ? null : newest.served();
        if (rollout == null) {
            return nothing(newest);
        }
        LoadFailure failure = state.failures().stream()
                .filter(f -> f.version().number() == rollout.stable().version())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("What kept " + place + " from being loaded was logged"));
        return failure.cause() instanceof RegistryException cause ? cause : new LoadException(failure);
    }

    @Override
    public Lease<T> acquire(Routing routing) {
        while (true) { // each turn, somebody swapped and closed what had just been chosen
            Lineup<T> lineup = upkeep.lineup();
            if (lineup.isEmpty() || closed.get()) {
                throw refusal(lineup);
            }
            if (maxStaleness != null) {
                checkAge(maxStaleness);
            }
            Seat<T> seat = lineup.choose(routing, stepTime);
            if (seat.loaded().take()) {
                ModelLease<T> lease = new ModelLease<>(seat);
                listener.resolved(seat.receipt());
                String experiment = seat.experiment();
                if (experiment != null && routing.key() != null) {
                    listener.exposed(new Exposure(experiment, seat.assigned(), seat.receipt(), routing));
                }
                return lease;
            }
        }
    }

    private RuntimeException refusal(Lineup<T> lineup) {
        return closed.get()
                ? new IllegalStateException("The handle on " + place + " is closed")
                : nothing(lineup.deployment());
    }

    private NotFoundException nothing(@Nullable Deployment deployment) {
        return new NotFoundException(place + " serves nothing: "
                + (deployment == null
                        ? "nothing was ever promoted there"
                        : "what it served was withdrawn by " + deployment.actor() + " at " + deployment.at())
                + ". Promote a version with environment(\"" + place.environment() + "\").promote(number, reason)");
    }

    private void checkAge(Duration limit) {
        Duration age = source.age();
        if (age.compareTo(limit) > 0) {
            throw new StaleException(
                    "What " + place + " serves was last confirmed " + age.toSeconds() + " s ago, longer than the "
                            + limit.toSeconds() + " s allowed, and the store doesn't answer",
                    null);
        }
    }

    /** Who hasn't heard from the store for a while takes no more steps: it couldn't see that they were halted. */
    private Instant stepTime() {
        Duration blind = source.age().minus(mostBlind);
        return blind.isNegative() ? host.now() : host.now().minus(blind);
    }

    /** Whether what is served, or is to be, has a version. */
    boolean wants(VersionId version) {
        return upkeep.state().plan().all().contains(version.number());
    }

    @Override
    public HandleStatus status() {
        return upkeep.status();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        onClose.accept(this);
        stopFollowing.run();
        upkeep.end();
        if (upkeep.isCaller()) {
            return; // what there is to wait for waits for the caller
        }
        long limit = host.nanoTime() + options.drainTimeout().toNanos();
        try {
            while (!upkeep.state().over() && limit - host.nanoTime() > 0) {
                host.pause(CLOSING_STEP); // the executor's threads come first: a model may take its time to close
                upkeep.help();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!upkeep.state().over()) {
            List<String> out = new ArrayList<>();
            upkeep.state()
                    .draining()
                    .forEach((one, since) ->
                            out.add(one.holders() + " of " + one.version().id()));
            LOG.warn(
                    "The handle on {} was closed with work to do; leases that are out: {}. Each model is closed when its last"
                            + " lease is given back",
                    place,
                    out);
        }
    }

    @Override
    public String toString() {
        return "handle on " + place + (closed.get() ? ", closed" : "");
    }
}
