package io.modelregistry.core.audit;

import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.Chain;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads one stream from beginning to end and checks every entry, alone and against its neighbours. */
final class StreamCheck {
    private static final int BATCH = 64;

    private final Streams streams;
    private final Findings findings;

    StreamCheck(Streams streams, Findings findings) {
        this.streams = streams;
        this.findings = findings;
    }

    /**
     * @param sequences of the entries that stand
     * @param visitor is given every whole entry, in order
     * @return how many entries stand
     */
    long run(StreamName name, SortedSet<Long> sequences, Consumer<StoredEntry> visitor) {
        long newest = sequences.last();
        StoredEntry before = null;
        for (long from = 1; from <= newest; from += BATCH) {
            long to = Math.min(newest, from + BATCH - 1);
            for (Optional<StoredEntry> read : read(name, from, to)) {
                if (read.isEmpty()) {
                    before = null;
                    continue;
                }
                StoredEntry entry = read.get();
                check(before, entry);
                visitor.accept(entry);
                before = entry;
            }
        }
        return sequences.size();
    }

    private List<Optional<StoredEntry>> read(StreamName name, long from, long to) {
        EventLog log = streams.log(name);
        List<Callable<Object>> reads = new ArrayList<>();
        for (long sequence = from; sequence <= to; sequence++) {
            long wanted = sequence;
            reads.add(() -> tryRead(log, wanted));
        }
        List<Optional<StoredEntry>> entries = new ArrayList<>();
        List<Object> results = streams.parallel().call(reads);
        for (int i = 0; i < results.size(); i++) {
            String key = KeyLayout.entry(name, from + i);
            if (results.get(i) instanceof StoredEntry entry) {
                entries.add(Optional.of(entry));
                continue;
            }
            entries.add(Optional.empty());
            if (results.get(i) instanceof IntegrityException damage) {
                findings.error(key, damage);
            } else if (results.get(i) instanceof UpgradeRequiredException newer) {
                findings.warning(key, "not checked: " + newer.getMessage());
            } else {
                findings.error(
                        key,
                        "The entry is missing, though later ones of " + name
                                + " stand. Restore it from a backup or replica, byte for byte");
            }
        }
        return entries;
    }

    private static Object tryRead(EventLog log, long sequence) {
        try {
            return log.entry(sequence).<Object>map(entry -> entry).orElse(Optional.empty());
        } catch (IntegrityException | UpgradeRequiredException e) {
            return e;
        }
    }

    private void check(@Nullable StoredEntry before, StoredEntry entry) {
        String key = KeyLayout.entry(entry.entry().stream(), entry.sequence());
        Entry previous = before == null ? null : before.entry();
        if (before != null) {
            try {
                Chain.check(before, entry);
            } catch (IntegrityException e) {
                findings.error(key, e);
            }
            checkPin(before, entry.entry().previous());
        }
        if (entry.sequence() == 1 || previous != null) {
            try {
                Replay.check(entry.entry(), previous);
            } catch (MalformedException | InvalidRequestException e) {
                findings.error(key, "The state does not follow from the change: " + e.getMessage());
            }
        }
    }

    private void checkPin(StoredEntry entry, Entry.@Nullable Previous pin) {
        Instant stored = entry.storedAt();
        if (pin != null && stored != null && !pin.storedAt().equals(stored)) {
            findings.warning(
                    KeyLayout.entry(entry.entry().stream(), entry.sequence()),
                    "the store dates it " + stored + ", and the entry after it says " + pin.storedAt()
                            + ": it was copied or restored. Questions about the past are answered by the latter");
        }
    }
}
