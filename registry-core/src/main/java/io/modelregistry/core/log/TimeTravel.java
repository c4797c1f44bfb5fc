package io.modelregistry.core.log;

import io.modelregistry.environment.ServedAt.Certainty;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Answers what a stream had come to at an instant of the store's clock. The store's time of entry k is the one that entry k + 1 pins; these never
 * decrease along a stream, so the answer is found by halving: among k entries, at most ⌈log2 k⌉ + 1 reads after the tip. Thread-safe.
 */
public final class TimeTravel {
    /** An entry that isn't followed by another may still turn out to be preceded in time by one that landed late; after this it won't. */
    private static final Duration SETTLING = Duration.ofHours(1);

    private final Streams streams;

    public TimeTravel(Streams streams) {
        this.streams = streams;
    }

    public Past asOf(StreamName stream, Instant instant) {
        EventLog log = streams.log(stream);
        Certainty unpinned = unpinned(instant);
        Tip tip = log.readPinned();
        StoredEntry newest = tip.newest();
        if (newest == null) {
            return new Past(tip, unpinned);
        }
        if (!Objects.requireNonNull(newest.storedAt()).isAfter(instant)) {
            return new Past(tip, unpinned);
        }
        return before(log, newest, instant, unpinned);
    }

    /**
     * Whether one entry of a stream stood at an instant: its tip is that entry, or is empty. At most three reads.
     */
    public Past asOf(StreamName stream, long sequence, Instant instant) {
        EventLog log = streams.log(stream);
        Certainty unpinned = unpinned(instant);
        StoredEntry entry = log.require(sequence, sequence);
        boolean hasNext = sequence < KeyLayout.MAX_SEQUENCE;
        StoredEntry next = hasNext ? log.entry(sequence + 1).orElse(null) : null;
        Instant stored = next == null ? entry.storedAt() : pinnedBy(next);
        boolean stood = stored != null && !stored.isAfter(instant);
        return new Past(stood ? new Tip(stream, entry) : Tip.empty(stream), next == null ? unpinned : Certainty.PINNED);
    }

    /** How sure an answer is that no later entry pins. The store's clock is asked before the stream is read. */
    private Certainty unpinned(Instant instant) {
        Instant readAt = streams.store().storeTime(streams.store().deadline());
        return readAt.minus(SETTLING).isAfter(instant) ? Certainty.SETTLED : Certainty.PROVISIONAL;
    }

    /** The last entry stored at or before the instant, among those before the newest. */
    private static Past before(EventLog log, StoredEntry newest, Instant instant, Certainty unpinned) {
        long low = 0; // entry 0, before everything, was stored in time
        long high = newest.sequence(); // stored after the instant
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            StoredEntry next = middle + 1 == newest.sequence() ? newest : log.require(middle + 1, newest.sequence());
            if (pinnedBy(next).isAfter(instant)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        // the entry after the answer was stored too late; that is pinned unless it is the newest
        Certainty certainty = high < newest.sequence() ? Certainty.PINNED : unpinned;
        return new Past(
                low == 0 ? Tip.empty(log.name()) : new Tip(log.name(), log.require(low, newest.sequence())), certainty);
    }

    /** The store's time of the entry before this one, which is not entry 1. */
    private static Instant pinnedBy(StoredEntry entry) {
        return Objects.requireNonNull(entry.entry().previous()).storedAt();
    }
}
