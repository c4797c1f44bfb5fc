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
    private final AtomicBoolean asking = new AtomicBoolean();
    private final Announcements announcements;

    private volatile @Nullable Serving serving;
    /** A newer entry than that of {@link #serving}, of which nothing can be served because a record can't be read. */
    private volatile @Nullable Tip unreadable;
    /** When the store last confirmed {@link #serving} to this watch, on the monotonic clock. */
    private volatile long confirmedAt;

    /** Whether {@link #serving} is what this machine knew before the process started. */
    private volatile boolean recalled;
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

    /** @param reader makes of an entry what it serves, and keeps that on the disk */
    Watch(
            Place place,
            EventLog log,
            EnvironmentReader reader,
            RegistryOptions options,
            Host host,
            Listeners listeners) {
        this.place = place;
        this.log = log;
        this.reader = reader;
        this.options = options;
        this.host = host;
        this.announcements = new Announcements(place, listeners);
        long now = host.nanoTime();
        long sinceConfirmed = log.cached().isPresent() ? log.sinceConfirmed().toNanos() : 0;
        dueAt = now + Math.max(0, Jitter.least(options.pollInterval()).toNanos() - sinceConfirmed);
        overdueAt = now + interval(1) - sinceConfirmed;
    }

    /** Why the store didn't answer. */
    private record Failure(RegistryException why, int times, long at) {}

    // ---- for callers

    Resolution resolve(Routing routing) {
        if (!used) {
            used = true;
        }
        Serving known = serving;
        Duration age = log.sinceConfirmed(); // before the comparison: it must not be that of a newer entry
        if (known != null && log.isNewest(known.tip()) && !isOverdue() && !isTooOld(age)) {
            return known.resolution(routing, age);
        }
        return resolveSlowly(routing);
    }

    private Resolution resolveSlowly(Routing routing) {
        if (serving == null && log.cached().isEmpty()) {
            try {
                return ask().resolution(routing, Duration.ZERO);
            } catch (StoreUnavailableException e) {
                if (serving == null) {
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
        Serving now = newest();
        return resolution(routing, now, age(now));
    }

    private Duration age(Serving known) {
        Duration age = log.sinceConfirmed();
        return log.isNewest(known.tip()) ? age : since(confirmedAt);
    }

    private Resolution resolution(Routing routing, Serving now, Duration age) {
        if (!isTooOld(age)) {
            return now.resolution(routing, age);
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

    /** The newest that this process knows; the one before, if that serves anything, as long as the version of the newest can't be read. */
    private Serving newest() {
        Serving before = serving;
        Tip tip = log.cached().orElse(null);
        if (tip == null) {
            return Objects.requireNonNull(before); // from the disk
        }
        if (before == null) {
            return at(tip);
        }
        // nobody can go on with nothing, and that nothing is served is no longer true
        boolean canGoOn = !before.versions().isEmpty();
        if (before.tip().equals(tip) || (canGoOn && tip.equals(unreadable) && !isOverdue())) {
            return before;
        }
        try {
            return at(tip);
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
        Serving known = serving;
        if (known != null || failure != null) {
            announcements.announce(known, this::status);
        }
    }

    ServingStatus status() {
        Serving known = serving;
        Failure last = failure;
        Duration age = known == null ? null : age(known);
        Freshness freshness = age != null && isTooOld(age) && last != null
                ? Freshness.STALE
                : last == null ? Freshness.CONFIRMED : Freshness.UNCONFIRMED;
        return new ServingStatus(
                place.model(),
                place.environment(),
                known == null ? null : known.deployment(),
                age,
                freshness,
                last == null ? null : last.why().getMessage());
    }

    // ---- the store

    private Serving ask() {
        long asked = host.nanoTime();
        try {
            Serving now = at(log.poll());
            if (now.equals(serving)) { // not when a newer one came meanwhile
                confirmedAt = asked;
                keep(now);
            }
            answered();
            announcements.polled(this::status);
            return now;
        } catch (RegistryException e) {
            // an interrupt says nothing about the store
            if (!Thread.currentThread().isInterrupted()) {
                if (e instanceof StoreUnavailableException && serving == null) {
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
        announcements.polled(this::status);
    }

    /** Goes by what this machine knew before the process started; until the store answers for the first time. */
    private void recall() {
        LastKnown.Newest known = reader.lastKnown(place).orElse(null);
        if (known == null || log.cached().isPresent()) {
            return;
        }
        // before the store is asked for versions, in vain and at length
        long confirmed = host.nanoTime() - known.age().toNanos();
        try {
            Serving now = reader.serving(place, new Tip(log.name(), known.entry()));
            synchronized (this) {
                if (serving == null && log.cached().isEmpty()) {
                    confirmedAt = confirmed;
                    recalled = true;
                    know(now);
                }
            }
        } catch (RegistryException e) {
            LOG.debug("{} can't be served as it was kept in the cache", place, e);
        }
    }

    /** For processes that start while the store is away. */
    private void keep(Serving now) {
        if (!now.equals(kept) || since(keptAt).compareTo(KEPT_FOR) >= 0) {
            kept = now;
            keptAt = host.nanoTime();
            reader.keep(now, since(confirmedAt));
        }
    }

    /** What an entry comes to; reads the records of versions that this process doesn't know. */
    Serving at(Tip tip) {
        Serving known = serving;
        if (known != null && !recalled && known.tip().equals(tip)) {
            return known;
        }
        if (known != null && recalled && tip.sequence() < known.tip().sequence()) {
            LOG.warn(
                    "The store's newest entry of {} is {}, though this machine's cache has {}. The store is believed; find"
                            + " out whether entries were removed from it or the cache was tampered with",
                    log.name(),
                    tip.sequence(),
                    known.tip().sequence());
        }
        Serving now;
        try {
            now = reader.serving(place, tip);
        } catch (RegistryException e) {
            unreadable = tip;
            throw e;
        }
        synchronized (this) {
            // one that was read faster may be newer
            if (serving == null || recalled || log.isNewest(tip)) {
                know(now);
                recalled = false;
            }
        }
        return now;
    }

    private void know(Serving now) {
        announcements.begin(now);
        serving = now;
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
        Failure last = failure;
        int times = last == null ? 1 : last.times() + 1;
        failure = new Failure(why, times, host.nanoTime());
        plan(times > 2 ? MOST_REST : times);
        if (last == null && serving != null) {
            Optional<Duration> limit = options.stalenessLimit();
            LOG.warn(
                    "{} can't be asked for; serving what was confirmed {} s ago {}",
                    place,
                    since(confirmedAt).toSeconds(),
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
