package io.modelregistry.core.environment;

import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import io.modelregistry.environment.ServedAt;
import io.modelregistry.environment.ServedAt.Certainty;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Answers what a place served at an instant of the store's clock. The store's time of entry k is the one that entry k + 1 pins; these never decrease along a
 * stream, so the answer is found by halving: among k entries, at most ⌈log2 k⌉ + 1 reads after the tip.
 */
public final class TimeTravel {
    /** An entry that isn't followed by another may still turn out to be preceded in time by one that landed late; after this it won't. */
    private static final Duration SETTLING = Duration.ofHours(1);

    private final Streams streams;

    public TimeTravel(Streams streams) {
        this.streams = streams;
    }

    public ServedAt asOf(Place place, Instant instant) {
        EventLog log = streams.log(place.stream());
        Instant readAt = streams.store().storeTime(streams.store().deadline());
        Tip tip = log.readPinned();
        Certainty unpinned = readAt.minus(SETTLING).isAfter(instant) ? Certainty.SETTLED : Certainty.PROVISIONAL;
        StoredEntry newest = tip.newest();
        if (newest == null) {
            return new ServedAt(instant, null, unpinned);
        }
        if (!Objects.requireNonNull(newest.storedAt()).isAfter(instant)) {
            return new ServedAt(instant, Deployments.of(newest), unpinned);
        }
        return before(log, newest, instant, unpinned);
    }

    /** The last entry stored at or before the instant, among those before the newest. */
    private static ServedAt before(EventLog log, StoredEntry newest, Instant instant, Certainty unpinned) {
        long low = 0; // entry 0, before everything, was stored in time
        long high = newest.sequence(); // stored after the instant
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            StoredEntry next = middle + 1 == newest.sequence() ? newest : entry(log, middle + 1);
            if (pinnedBy(next).isAfter(instant)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        // the entry after the answer was stored too late; that is pinned unless it is the newest
        Certainty certainty = high < newest.sequence() ? Certainty.PINNED : unpinned;
        if (low == 0) {
            return new ServedAt(instant, null, certainty);
        }
        return new ServedAt(instant, Deployments.of(entry(log, low)), certainty);
    }

    /** The store's time of the entry before this one, which is not entry 1. */
    private static Instant pinnedBy(StoredEntry entry) {
        return Objects.requireNonNull(entry.entry().previous()).storedAt();
    }

    private static StoredEntry entry(EventLog log, long sequence) {
        return log.entry(sequence).orElseThrow(() -> {
            String key = KeyLayout.entry(log.name(), sequence);
            return new IntegrityException(
                    Damage.MISSING_ENTRY,
                    key,
                    "The entry " + key + " is missing, though later ones stand. Restore it from a backup or replica",
                    null);
        });
    }
}
