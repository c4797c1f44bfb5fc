package io.modelregistry.core.environment;

import io.modelregistry.Host;
import io.modelregistry.RegistryException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.StaleException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.core.listening.Listeners;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.Jitter;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.offline.LastKnown;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.environment.ServingStatus.Freshness;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One place that this process serves from: answers from memory, and keeps what memory says up to date with the store. The {@link Poller} asks in the
 * background; a caller waits for the store only when nothing is known yet, when the poller is late, or when what is known is too old to be served.
 *
 * <p>Whatever keeps the store from answering, what was last known is served on: a process that could serve before a permission was lost, or an entry
 * damaged, still can. Thread-safe.
 */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    /** A place that fails is asked at longer intervals, up to so many times the usual. */
    private static final int MOST_REST = 4;
    /** A place is asked about for so many more polls after it was last resolved. */
    private static final int POLLS_UNUSED = 10;
    /** After a failure callers that would be given something too old are refused at once for so long. */
    private static final Duration REFUSAL = Duration.ofSeconds(1);

    /** A confirmation is written to the disk once in so long; a process that starts from there overstates the age by that. */
    private static final Duration KEPT_FOR = Duration.ofMinutes(1);

    private final Place place;
    private final EventLog log;
    private final EnvironmentReader reader;
    private final RegistryOptions options;
    private final Host host;
    private final BooleanSupplier isClosed;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final Announcements announcements;

    private volatile @Nullable Known known;
    /** A newer entry than that of {@link #known}, of which nothing can be served because a record can't be read. */
    private volatile @Nullable Tip unreadable;
    /** What was kept on the disk last, and when. */
    private volatile @Nullable Serving kept;

    private volatile long keptAt;

    private volatile @Nullable Failure failure;
    /** When the poller is to ask again. */
    private volatile long dueAt;
    /** When a caller no longer relies on the poller. */
    private volatile long overdueAt;
    /** Whether it was resolved since the poller last looked. */
    private volatile boolean used = true;

    private int pollsUnused; // of the poller's thread

    /**
     * @param reader makes of an entry what it serves, and keeps that on the disk
     * @param isClosed whether the registry is closing, so that what fails says nothing about the store
     */
    Watch(
            Place place,
            EventLog log,
            EnvironmentReader reader,
            RegistryOptions options,
            Host host,
            Listeners listeners,
            BooleanSupplier isClosed) {
        this.place = place;
        this.log = log;
        this.reader = reader;
        this.options = options;
        this.host = host;
        this.isClosed = isClosed;
        this.announcements = new Announcements(place, listeners);
        long now = host.nanoTime();
        long sinceConfirmed = log.cached().isPresent() ? log.sinceConfirmed().toNanos() : 0;
        dueAt = now + Math.max(0, Jitter.least(options.pollInterval()).toNanos() - sinceConfirmed);
        overdueAt = now + interval(1) - sinceConfirmed;
    }

    /**
     * What is served.
     *
     * @param confirmedAt when the store last confirmed it to this watch, on the monotonic clock; a later one may have been heard elsewhere
     * @param recalled whether this machine knew it before the process started
     */
    private record Known(Serving serving, long confirmedAt, boolean recalled) {}

    /** Why the store didn't answer. */
    private record Failure(RegistryException why, int times, long at) {}

    // ---- for callers

    Resolution resolve(Routing routing) {
        if (!used) {
            used = true;
        }
        Known now = known;
        Duration age = log.sinceConfirmed(); // before the comparison: it must not be that of a newer entry
        if (now != null && log.isNewest(now.serving().tip()) && !isOverdue() && !isTooOld(age)) {
            return now.serving().resolution(routing, age);
        }
        return resolveSlowly(routing);
    }

    private Resolution resolveSlowly(Routing routing) {
        if (known == null && log.cached().isEmpty()) {
            try {
                return ask().resolution(routing, Duration.ZERO);
            } catch (StoreUnavailableException e) {
                if (known == null) {
                    throw e;
                }
            }
        }
        if (isOverdue() && asking.compareAndSet(false, true)) {
            try {
                return ask().resolution(routing, Duration.ZERO);
            } catch (RegistryException e) {
                LOG.debug("{} is answered from memory", place, e);
            } finally {
                asking.set(false);
            }
        }
        Known now = newest();
        Duration age = age(now);
        if (!isTooOld(age)) {
            return now.serving().resolution(routing, age);
        }
        Failure last = failure;
        if (last == null || since(last.at()).compareTo(REFUSAL) >= 0) {
            try {
                return ask().resolution(routing, Duration.ZERO);
            } catch (RegistryException e) {
                throw stale(age, e);
            }
        }
        throw stale(age, last.why());
    }

    private Duration age(Known now) {
        Duration age = log.sinceConfirmed();
        return log.isNewest(now.serving().tip()) ? age : since(now.confirmedAt());
    }

    /** The newest that this process knows; the one before, if that serves anything, as long as the version of the newest can't be read. */
    private Known newest() {
        Known before = known;
        // before the tip: the time of an older one makes it look too old, that of a newer one too young
        long confirmed = host.nanoTime() - log.sinceConfirmed().toNanos();
        Tip tip = log.cached().orElse(null);
        if (tip == null) {
            return Objects.requireNonNull(before); // from the disk
        }
        if (before == null) {
            return at(tip, confirmed);
        }
        // nobody can go on with nothing, and that nothing is served is no longer true
        boolean canGoOn = !before.serving().versions().isEmpty();
        if (canGoOn && tip.equals(unreadable) && !isOverdue()) {
            return before;
        }
        try {
            return at(tip, confirmed);
        } catch (RegistryException e) {
            failed(e);
            if (canGoOn) {
                return before;
            }
            throw e;
        }
    }

    private StaleException stale(Duration age, Throwable cause) {
        return new StaleException(
                "What " + log.name() + " serves was last confirmed " + age.toSeconds() + " s ago, longer than the "
                        + Objects.requireNonNull(options.maxStaleness()).toSeconds()
                        + " s allowed, and the store doesn't answer",
                cause);
    }

    // ---- for the poller

    /** Asks the store, unless a caller is asking. */
    void poll() {
        if (!asking.compareAndSet(false, true)) {
            dueAt = host.nanoTime() + interval(1);
            return;
        }
        try {
            ask();
        } catch (RegistryException e) {
            LOG.debug("{} is served on from memory", place, e);
        } finally {
            asking.set(false);
        }
    }

    boolean isDue() {
        return host.nanoTime() - dueAt >= 0;
    }

    long dueAt() {
        return dueAt;
    }

    /** Whether nobody has wanted to know for a while. Asked once after each poll. */
    boolean isForgotten() {
        pollsUnused = used || announcements.areHeard() ? 0 : pollsUnused + 1;
        used = false;
        return pollsUnused > POLLS_UNUSED;
    }

    void add(PlaceListener listener) {
        announcements.add(listener);
        dueAt = host.nanoTime();
    }

    void remove(PlaceListener listener) {
        announcements.remove(listener);
    }

    /** Tells the listeners what is new to them. */
    void announce() {
        Known now = known;
        if (!isClosed.getAsBoolean() && (now != null || failure != null)) {
            announcements.announce(now == null ? null : now.serving(), this::status);
        }
    }

    ServingStatus status() {
        Known now = known;
        Failure last = failure;
        Duration age = now == null ? null : age(now);
        Freshness freshness = age != null && isTooOld(age) && last != null
                ? Freshness.STALE
                : last == null ? Freshness.CONFIRMED : Freshness.UNCONFIRMED;
        return new ServingStatus(
                place.model(),
                place.environment(),
                now == null ? null : now.serving().deployment(),
                age,
                freshness,
                last == null ? null : last.why().getMessage());
    }

    // ---- the store

    /** What is served; every change acknowledged before the call is seen. */
    Serving read() {
        long asked = host.nanoTime();
        return at(log.read(), asked).serving();
    }

    private Serving ask() {
        long asked = host.nanoTime();
        try {
            Known now = at(log.poll(), asked);
            confirm(now, asked);
            answered();
            polled();
            return now.serving();
        } catch (RegistryException e) {
            // an interrupt says nothing about the store
            if (!Thread.currentThread().isInterrupted()) {
                if (e instanceof StoreUnavailableException && known == null) {
                    recall();
                }
                missed(e);
            }
            throw e;
        } catch (RuntimeException e) { // of a backend that throws what it may not
            throw unforeseen(e);
        } catch (Error e) {
            unforeseen(e);
            throw e;
        }
    }

    private StoreUnavailableException unforeseen(Throwable cause) {
        StoreUnavailableException why =
                new StoreUnavailableException("Could not ask what " + place + " serves: " + cause, cause);
        missed(why);
        return why;
    }

    private void missed(RegistryException why) {
        failed(why);
        polled();
    }

    private void polled() {
        if (!isClosed.getAsBoolean()) {
            announcements.polled(this::status);
        }
    }

    /** Goes by what this machine knew before the process started; until the store answers for the first time. */
    private void recall() {
        LastKnown.Newest last = reader.lastKnown(place).orElse(null);
        if (last == null || log.cached().isPresent()) {
            return;
        }
        // before the store is asked for versions, in vain and at length
        long confirmed = host.nanoTime() - last.age().toNanos();
        try {
            Serving now = reader.serving(place, new Tip(log.name(), last.entry()));
            synchronized (this) {
                if (known == null && log.cached().isEmpty()) {
                    know(new Known(now, confirmed, true));
                }
            }
        } catch (RegistryException e) {
            LOG.debug("{} can't be served as it was kept in the cache", place, e);
        }
    }

    /** The store says that this still is the newest. */
    private void confirm(Known now, long asked) {
        synchronized (this) {
            if (known == null || !now.serving().equals(known.serving())) {
                return; // a newer one came meanwhile
            }
            known = new Known(now.serving(), asked, false);
        }
        keep(now.serving(), asked);
    }

    /** For processes that start while the store is away. */
    private void keep(Serving now, long confirmedAt) {
        if (!now.equals(kept) || since(keptAt).compareTo(KEPT_FOR) >= 0) {
            kept = now;
            keptAt = host.nanoTime();
            reader.keep(now, since(confirmedAt));
        }
    }

    /**
     * What an entry comes to; reads the records of versions that this process doesn't know.
     *
     * @param confirmed when the store said that it is the newest, on the monotonic clock, or earlier
     */
    private Known at(Tip tip, long confirmed) {
        Known before = known;
        if (before != null && !before.recalled() && before.serving().tip().equals(tip)) {
            return before;
        }
        if (before != null
                && before.recalled()
                && tip.sequence() < before.serving().tip().sequence()) {
            LOG.warn(
                    "The store's newest entry of {} is {}, though this machine's cache has {}. The store is believed; find"
                            + " out whether entries were removed from it or the cache was tampered with",
                    log.name(),
                    tip.sequence(),
                    before.serving().tip().sequence());
        }
        Known now;
        try {
            now = new Known(reader.serving(place, tip), confirmed, false);
        } catch (RegistryException e) {
            unreadable = tip;
            throw e;
        }
        synchronized (this) {
            // one that was read faster may be newer
            if (known == null || known.recalled() || log.isNewest(tip)) {
                know(now);
            }
        }
        return now;
    }

    private void know(Known now) {
        announcements.begin(now.serving());
        known = now;
    }

    private void answered() {
        Failure last = failure;
        failure = null;
        if (last != null) {
            LOG.warn("{} is confirmed again, after {} polls in vain", place, last.times());
        }
        plan(1);
    }

    private void failed(RegistryException why) {
        if (isClosed.getAsBoolean()) {
            return;
        }
        Failure last = failure;
        int times = last == null ? 1 : last.times() + 1;
        failure = new Failure(why, times, host.nanoTime());
        plan(times > 2 ? MOST_REST : times);
        Known now = known;
        if (last == null && now != null) {
            Optional<Duration> limit = options.stalenessLimit();
            LOG.warn(
                    "{} can't be asked for; serving what was confirmed {} s ago {}",
                    place,
                    age(now).toSeconds(),
                    limit.map(l -> "until it is " + l.toSeconds() + " s old").orElse("for any time"),
                    why);
        }
    }

    private void plan(int intervals) {
        long now = host.nanoTime();
        dueAt = now
                + interval(intervals - 1)
                + Jitter.around(options.pollInterval(), host).toNanos();
        overdueAt = now + interval(intervals + 0.5);
    }

    private long interval(double times) {
        return (long) (options.pollInterval().toNanos() * times);
    }

    private boolean isOverdue() {
        return host.nanoTime() - overdueAt >= 0;
    }

    private boolean isTooOld(Duration age) {
        Duration limit = options.maxStaleness();
        return limit != null && age.compareTo(limit) > 0;
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(host.nanoTime() - nanos);
    }
}
