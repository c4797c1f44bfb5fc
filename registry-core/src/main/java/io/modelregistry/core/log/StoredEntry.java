package io.modelregistry.core.log;

import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.storage.StoredObject;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An entry and what is known of its object.
 *
 * @param digest of the stored bytes
 * @param storedAt the store's time, never earlier than the one the entry pins for its predecessor; null when this process wrote it and hasn't asked yet
 */
public record StoredEntry(
        Entry entry, Digest digest, @Nullable Instant storedAt) {

    /** Checks and decodes an object that was read from an entry's place. */
    public static StoredEntry read(StoredObject object, String registry, StreamName stream, long sequence) {
        Entry entry = EntryCodec.decode(object.content(), registry, stream, sequence);
        return new StoredEntry(entry, Digest.of(object.content()), null).storedAt(object.storedAt());
    }

    /**
     * Interprets the entry.
     *
     * @throws IntegrityException when it is whole but doesn't say what an entry of its stream must say
     */
    public <T> T decode(Function<Entry, T> interpret) {
        try {
            return interpret.apply(entry);
        } catch (MalformedException | InvalidRequestException e) {
            String key = KeyLayout.entry(entry.stream(), entry.sequence());
            throw new IntegrityException(
                    Damage.CORRUPT_ENTRY,
                    key,
                    "The entry " + key + " is whole, but does not say what an entry of its stream must say: "
                            + e.getMessage() + ". It was written by " + entry.writer() + " for " + entry.actor(),
                    e);
        }
    }

    /** The store's time where it is known, else the writer's. */
    public Instant at() {
        return storedAt == null ? entry.time() : storedAt;
    }

    public long sequence() {
        return entry.sequence();
    }

    StoredEntry storedAt(Instant storeTime) {
        Entry.Previous previous = entry.previous();
        return previous != null && storeTime.isBefore(previous.storedAt())
                ? new StoredEntry(entry, digest, previous.storedAt())
                : new StoredEntry(entry, digest, storeTime);
    }
}
