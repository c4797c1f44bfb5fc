package io.modelregistry.core.log;

import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Reads entries of one stream and finds the newest with few requests. Keeps nothing; thread-safe. */
final class TipFinder {
    /** How far back a stream is looked over before this process first appends to it. */
    private static final int END_ENTRIES = 900;
    /** One page: those entries, and room for what lies beyond and for a few stray files. */
    private static final int END_KEYS = 1_000;

    private final Streams streams;
    private final StreamName name;
    private final Store store;

    TipFinder(Streams streams, StreamName name) {
        this.streams = streams;
        this.name = name;
        this.store = streams.store();
    }

    /** The newest entry when nothing is known: the hint, then the entry it names and the one after at once. */
    Tip cold(Deadline deadline) {
        if (name.hasOneEntry()) {
            return new Tip(name, entry(1, deadline).orElse(null));
        }
        long hinted = streams.hints().read(name, deadline);
        if (hinted == 0 || hinted == KeyLayout.MAX_SEQUENCE) {
            return after(Tip.empty(name), deadline);
        }
        List<Optional<StoredEntry>> both =
                streams.parallel().call(List.of(() -> entry(hinted, deadline), () -> entry(hinted + 1, deadline)));
        if (both.get(0).isEmpty()) {
            return after(Tip.empty(name), deadline);
        }
        StoredEntry at = both.get(0).get();
        if (both.get(1).isEmpty()) {
            return new Tip(name, at);
        }
        Chain.check(at, both.get(1).get());
        return after(new Tip(name, both.get(1).get()), deadline);
    }

    /** The newest entry, starting from one that stands: looks 1, 2, 4 … further, then halves the gap. One request when it is the newest. */
    Tip after(Tip start, Deadline deadline) {
        if (name.hasOneEntry()) {
            return start.sequence() == 1 ? start : cold(deadline);
        }
        Tip low = start;
        long missing = KeyLayout.MAX_SEQUENCE + 1;
        for (long step = 1; low.sequence() + step < missing; step *= 2) {
            Optional<StoredEntry> probed = entry(low.sequence() + step, deadline);
            if (probed.isEmpty()) {
                missing = low.sequence() + step;
                break;
            }
            low = advance(low, probed.get());
        }
        while (missing - low.sequence() > 1) {
            long middle = low.sequence() + (missing - low.sequence()) / 2;
            Optional<StoredEntry> probed = entry(middle, deadline);
            if (probed.isPresent()) {
                low = advance(low, probed.get());
            } else {
                missing = middle;
            }
        }
        return low;
    }

    Optional<StoredEntry> entry(long sequence, Deadline deadline) {
        String key = KeyLayout.entry(name, sequence);
        return store.get(key, EntryCodec.MAX_BYTES + 1, deadline).map(object -> decode(object, sequence));
    }

    /**
     * Refuses a stream with a gap, or one that lacks this tip. Looks at the last {@value #END_ENTRIES} entries and at whatever lies beyond, in one request; a gap
     * that it seems to see is looked at again, because entries that come while a listing runs may be listed in any order.
     *
     * @return whether there are newer entries than this tip
     */
    boolean checkEnd(Tip tip, Deadline deadline) {
        long from = Math.max(0, tip.sequence() - END_ENTRIES);
        String after = from == 0 ? "" : KeyLayout.entry(name, from);
        TreeSet<Long> standing = new TreeSet<>();
        for (String key :
                store.list(name.prefix(), Depth.ALL, after, END_KEYS, deadline).keys()) {
            OptionalLong sequence = KeyLayout.sequence(name, key);
            sequence.ifPresent(standing::add);
        }
        long last = Math.max(tip.sequence(), standing.isEmpty() ? 0 : standing.last());
        for (long sequence = from + 1; sequence <= last; sequence++) {
            if (!standing.contains(sequence)
                    && store.stat(KeyLayout.entry(name, sequence), deadline).isEmpty()) {
                throw sequence == tip.sequence() ? gone(sequence) : missing(sequence, last);
            }
        }
        return last > tip.sequence();
    }

    IntegrityException missing(long sequence, long standing) {
        String key = KeyLayout.entry(name, sequence);
        return new IntegrityException(
                Damage.MISSING_ENTRY,
                key,
                "The entry " + key + " is missing, though entry " + standing + " of " + name
                        + " stands. Restore it from a backup or replica; nothing is written on top of the gap",
                null);
    }

    private IntegrityException gone(long sequence) {
        String key = KeyLayout.entry(name, sequence);
        return new IntegrityException(
                Damage.TAMPERED,
                key,
                "The entry " + key + ", which this process has read, is gone. Restore it from a backup or replica;"
                        + " nothing is written on top of it",
                null);
    }

    private static Tip advance(Tip low, StoredEntry next) {
        if (low.newest() != null) {
            Chain.check(low.newest(), next);
        }
        return new Tip(low.stream(), next);
    }

    private StoredEntry decode(StoredObject object, long sequence) {
        return StoredEntry.read(object, streams.registry(), name, sequence);
    }
}
