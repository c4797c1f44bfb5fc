package io.modelregistry.core.log;

import io.modelregistry.ConflictException;
import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.RegistryException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.storage.ObjectInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stream: an ordered, append-only sequence of entries, each under a key of its own. This class is used for every stream, and {@link #append} is
 * the only place where the registry changes.
 *
 * <p>Thread-safe. Writers of this process take turns; no monitor is held while the store is asked.
 */
public final class EventLog {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final int MOST_LOST_SLOTS = 1_000;
    private static final int POLLS_BETWEEN_CHECKS = 20;

    private final Streams streams;
    private final StreamName name;
    private final Store store;
    private final TipFinder finder;
    private final Semaphore turn = new Semaphore(1, true);

    /** The newest entry this process verified; null before the first look. */
    private volatile @Nullable Tip known;
    /** When the store last confirmed {@link #known}, on the monotonic clock. */
    private volatile long confirmedAt;

    private volatile boolean endChecked;
    private int pollsSinceCheck;

    EventLog(Streams streams, StreamName name) {
        this.streams = streams;
        this.name = name;
        this.store = streams.store();
        this.finder = new TipFinder(streams, name);
    }

    public StreamName name() {
        return name;
    }

    // ---- reading

    /** The newest entry that this process knows, without asking the store; empty before the first look. */
    public Optional<Tip> cached() {
        return Optional.ofNullable(known);
    }

    /** Whether this process knows of no newer entry than this one, which it read from here. */
    @SuppressWarnings("ReferenceEquality") // a tip whose time has been learned since is another
    public boolean isNewest(Tip tip) {
        return known == tip;
    }

    /** How long ago the store confirmed the cached tip. */
    public Duration sinceConfirmed() {
        return Duration.ofNanos(store.host().nanoTime() - confirmedAt);
    }

    /** The newest entry: every change acknowledged before the call is seen. One request when the tip is cached and still the newest. */
    public Tip read() {
        return read(store.deadline());
    }

    Tip read(Deadline deadline) {
        Tip before = known;
        long reached = streams.reached(name);
        long asked = store.host().nanoTime();
        Tip now = before == null ? finder.cold(deadline) : finder.after(before, deadline);
        streams.checkReaches(name, now.sequence(), reached);
        return remember(now, asked);
    }

    /** {@link #read}, with the store's time of the tip. One request more if this process wrote the tip and hasn't asked for its time. */
    public Tip readPinned() {
        Deadline deadline = store.deadline();
        return pin(read(deadline), deadline);
    }

    /** {@link #read}, and now and then a look at what lies around the tip, so that holes and streams made anew are noticed. */
    public Tip poll() {
        boolean check;
        synchronized (this) {
            pollsSinceCheck++;
            check = pollsSinceCheck >= POLLS_BETWEEN_CHECKS;
            pollsSinceCheck = check ? 0 : pollsSinceCheck;
        }
        Deadline deadline = store.deadline();
        Tip tip = read(deadline);
        if (check) {
            finder.checkEnd(tip, deadline);
        }
        return tip;
    }

    /** One entry, if it stands. */
    public Optional<StoredEntry> entry(long sequence) {
        return finder.entry(sequence, store.deadline());
    }

    /** One entry that must stand because a later one does; a missing one is an {@link IntegrityException}. */
    public StoredEntry require(long sequence, long later) {
        return entry(sequence).orElseThrow(() -> finder.missing(sequence, later));
    }

    /** Entries {@code from} to {@code to}, both included, with their chain checked. A missing one is an {@link IntegrityException}. */
    public List<StoredEntry> entries(long from, long to) {
        List<Callable<StoredEntry>> reads = new ArrayList<>();
        for (long sequence = from; sequence <= to; sequence++) {
            long wanted = sequence;
            reads.add(() -> require(wanted, to));
        }
        List<StoredEntry> entries = streams.parallel().call(reads);
        for (int i = 1; i < entries.size(); i++) {
            Chain.check(entries.get(i - 1), entries.get(i));
        }
        return entries;
    }

    /**
     * Learns the store's time of the cached tip if this process wrote that entry itself. Worth calling beside other requests before an append,
     * which otherwise does it first.
     */
    public void pinTip() {
        cached().ifPresent(tip -> pin(tip, store.deadline()));
    }

    // ---- appending

    /**
     * Appends an operation's entry, exactly once, wherever its place turns out to be. The order is that of {@code docs/specs/RegLog.tla}, whose actions
     * are named at each step, here and in {@link Slot}. To go on from a tip that was read a while ago is a Probe that looked early.
     *
     * @param checks reads that the decision rests on; run in parallel before each decision
     * @return the tip that holds the operation's entry, or the one that made it unnecessary. For a request that was carried out before: the entry of then
     */
    public Tip append(Operation operation, List<Runnable> checks, Decision decision) {
        streams.guard().check(operation);
        Deadline deadline = store.deadline();
        takeTurn(deadline);
        try {
            return appendInTurn(operation, checks, decision, deadline);
        } finally {
            turn.release();
        }
    }

    /** The entry that an earlier use of a request id left, among the last {@value Entry#RECENT_REQUESTS} requests of the cached stream. */
    public Optional<StoredEntry> earlier(Operation operation) {
        return cached().flatMap(tip -> earlier(operation, tip));
    }

    private Tip appendInTurn(Operation operation, List<Runnable> checks, Decision decision, Deadline deadline) {
        Tip cached = known;
        Tip tip = startingPoint(deadline); // RegLog: Start, Probe
        boolean fresh = !tip.equals(cached);
        String commit = store.host().newId();
        Backoff backoff = new Backoff(store.host(), FIRST_PAUSE);
        int lost = 0;
        for (; lost < MOST_LOST_SLOTS && !deadline.isOver(); lost++) {
            Optional<StoredEntry> earlier = earlier(operation, tip); // RegLog: Probe, which then is done
            if (earlier.isPresent()) {
                return new Tip(name, earlier.get());
            }
            tip = runChecks(checks, tip, deadline);
            Optional<Draft> draft;
            try {
                draft = decision.on(tip);
            } catch (InvalidRequestException | ConflictException e) {
                tip = after(e, tip, fresh, deadline);
                fresh = true;
                continue;
            }
            if (draft.isEmpty()) {
                return tip;
            }
            Entry entry = next(tip, operation, draft.get(), commit, deadline);
            Slot slot = new Slot(store, streams.registry(), entry);
            Optional<StoredEntry> winner = slot.settle(deadline); // RegLog: Put and all that may come of it
            if (winner.isEmpty()) {
                return committed(slot.written()); // RegLog: Done
            }
            tip = lostTo(winner.get(), tip, lost, backoff, deadline); // RegLog: Conflict, Probe
            fresh = lost > 0; // the first winner is taken for the newest entry, to save a request
        }
        String why = lost == 0 ? "time ran out before it was sent" : "other writers were faster every time";
        throw new StoreUnavailableException(
                "Gave up appending to " + name + " at entry " + (tip.sequence() + 1) + ": " + why
                        + ". Nothing was written; try again",
                null);
    }

    /** A refusal holds if it rests on the present. A cached tip may be of the past: then there is a newer one to decide on. */
    private Tip after(RegistryException refusal, Tip tip, boolean fresh, Deadline deadline) {
        Tip now = fresh ? tip : read(deadline);
        if (now.sequence() == tip.sequence()) {
            throw refusal;
        }
        return now;
    }

    private Tip startingPoint(Deadline deadline) {
        Tip cached = known;
        if (cached != null && (endChecked || name.hasOneEntry())) {
            return cached;
        }
        Tip tip = cached == null ? read(deadline) : cached;
        if (!name.hasOneEntry()) {
            // a hole would be filled by put-if-absent, and history rewritten
            boolean newer = finder.checkEnd(tip, deadline);
            // what another stream cites and this one lacks was removed: reading says so
            if (cached != null && (newer || streams.reached(name) > tip.sequence())) {
                tip = read(deadline);
                finder.checkEnd(tip, deadline);
            }
            endChecked = true;
        }
        return tip;
    }

    private Optional<StoredEntry> earlier(Operation operation, Tip tip) {
        if (operation.request() == null || tip.newest() == null) {
            return Optional.empty();
        }
        Optional<Entry.RecentRequest> recent = tip.newest().entry().recent(operation.request());
        if (recent.isEmpty()) {
            return Optional.empty();
        }
        long sequence = recent.get().sequence();
        if (!recent.get().change().equals(digest(operation))) {
            throw new InvalidRequestException("The request id " + operation.request() + " was used for another change: "
                    + name + "#" + sequence + ". Use a fresh id for a fresh change; nothing was written");
        }
        return Optional.of(sequence == tip.sequence() ? tip.newest() : require(sequence, tip.sequence()));
    }

    /** Runs the checks and learns the tip's store time side by side. */
    private Tip runChecks(List<Runnable> checks, Tip tip, Deadline deadline) {
        List<Callable<Tip>> calls = new ArrayList<>();
        for (Runnable check : checks) {
            calls.add(Executors.callable(check, tip));
        }
        calls.add(() -> pin(tip, deadline));
        List<Tip> results = streams.parallel().call(calls);
        return results.get(results.size() - 1);
    }

    private Tip pin(Tip tip, Deadline deadline) {
        StoredEntry newest = tip.newest();
        if (newest == null || newest.storedAt() != null) {
            return tip;
        }
        String key = KeyLayout.entry(name, tip.sequence());
        Instant storeTime = store.stat(key, deadline)
                .map(ObjectInfo::storedAt)
                .orElseThrow(() -> new IntegrityException(
                        Damage.TAMPERED,
                        key,
                        "The entry " + key + ", which this process wrote, is gone. Restore it from a backup or replica;"
                                + " nothing is written on top of it",
                        null));
        Tip pinned = new Tip(name, newest.storedAt(storeTime));
        synchronized (this) {
            known = tip.equals(known) ? pinned : known;
        }
        return pinned;
    }

    private Entry next(Tip tip, Operation operation, Draft draft, String commit, Deadline deadline) {
        if (tip.sequence() >= KeyLayout.MAX_SEQUENCE) {
            throw new InvalidRequestException(
                    "The stream " + name + " is full: it has " + tip.sequence() + " entries. Nothing was written");
        }
        store.checkClock(deadline);
        long sequence = tip.sequence() + 1;
        StoredEntry newest = tip.newest();
        return new Entry(
                streams.registry(),
                name,
                newest == null ? commit : newest.entry().origin(),
                sequence,
                newest == null ? null : new Entry.Previous(newest.digest(), Objects.requireNonNull(newest.storedAt())),
                commit,
                operation.request(),
                store.host().now().truncatedTo(ChronoUnit.MILLIS),
                operation.actor(),
                operation.reason(),
                draft.seen(),
                operation.change(),
                draft.state(),
                recent(tip, operation, sequence),
                List.of(),
                streams.writer());
    }

    private static List<Entry.RecentRequest> recent(Tip tip, Operation operation, long sequence) {
        List<Entry.RecentRequest> recent = new ArrayList<>(
                tip.newest() == null ? List.of() : tip.newest().entry().recent());
        if (operation.request() != null) {
            recent.add(new Entry.RecentRequest(operation.request(), sequence, digest(operation)));
        }
        return recent.subList(Math.max(0, recent.size() - Entry.RECENT_REQUESTS), recent.size());
    }

    private static Digest digest(Operation operation) {
        return Digest.of(JsonFormat.write(operation.change()));
    }

    private Tip committed(StoredEntry written) {
        Tip tip = remember(new Tip(name, written), confirmedAt);
        if (!name.hasOneEntry()) {
            streams.hints().write(name, written.sequence());
        }
        return tip;
    }

    /** The slot is another's for good: its entry is the new tip, unless there are newer ones. */
    private Tip lostTo(StoredEntry winner, Tip before, int lost, Backoff backoff, Deadline deadline) {
        if (before.newest() != null) {
            Chain.check(before.newest(), winner);
        }
        Tip tip = remember(new Tip(name, winner), confirmedAt);
        try {
            backoff.pause(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("Interrupted while appending to " + name + "; nothing was written", e);
        }
        return lost == 0 ? tip : read(deadline);
    }

    /** Keeps a tip unless it, or a newer one, is known by now. */
    private Tip remember(Tip tip, long confirmed) {
        if (tip.newest() != null) {
            streams.learn(tip.newest().entry());
        }
        synchronized (this) {
            Tip before = known;
            if (before == null) {
                confirmedAt = confirmed; // there was none that readers without the monitor could ask for
            }
            if (before == null || before.sequence() < tip.sequence()) {
                known = tip;
            }
            // after the tip: readers without the monitor must not take it for that of the tip before
            if (confirmed - confirmedAt > 0) {
                confirmedAt = confirmed;
            }
            if (before == null || before.sequence() != tip.sequence()) {
                return tip;
            }
            if (tip.sequence() == 0) {
                return before;
            }
            Chain.checkSame(Objects.requireNonNull(before.newest()), Objects.requireNonNull(tip.newest()));
            return before;
        }
    }

    private void takeTurn(Deadline deadline) {
        try {
            if (turn.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("Interrupted before appending to " + name + "; nothing was written", e);
        }
        throw new StoreUnavailableException(
                "Other threads of this process kept appending to " + name + "; nothing was written, try again", null);
    }
}
