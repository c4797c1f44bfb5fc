package io.modelregistry.storage;

import io.modelregistry.Host;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, which any number of {@linkplain #open clients} share as processes share a bucket. Tests may also reach
 * in and do what no client can: look, corrupt, plant and remove, by any key whether or not it is one of the grammar.
 *
 * <p>Thread-safe.
 */
public final class MemoryStore {
    private final Host clock;
    private final ConcurrentNavigableMap<String, Entry> entries = new ConcurrentSkipListMap<>();
    private final AtomicLong generations = new AtomicLong();

    /** An empty store whose clock is this host's wall clock. */
    public MemoryStore(Host clock) {
        this.clock = clock;
    }

    /** Another client. Closing it leaves the store and the other clients as they are. */
    public StorageBackend open() {
        return new MemoryBackend(this);
    }

    /** Every key, in key order. */
    public List<String> keys() {
        return List.copyOf(entries.keySet());
    }

    /** A copy of the bytes at a key. */
    public Optional<byte[]> bytes(String key) {
        return Optional.ofNullable(entries.get(key))
                .map(entry -> entry.content().clone());
    }

    /** Puts bytes in place as decay would: where an object stands, its store time and generation stay. */
    public void put(String key, byte[] content) {
        Entry planted = newEntry(content.clone());
        entries.merge(
                key,
                planted,
                (standing, replacement) ->
                        new Entry(replacement.content(), standing.storedAt(), standing.generation()));
    }

    /** Puts bytes in place as a restored backup would: as another object, with this store time. */
    public void put(String key, byte[] content, Instant storedAt) {
        entries.put(key, new Entry(content.clone(), storedAt, nextGeneration()));
    }

    /** Removes an object; whether one stood. */
    public boolean remove(String key) {
        return entries.remove(key) != null;
    }

    @Nullable
    Entry find(String key) {
        return entries.get(key);
    }

    boolean create(String key, byte[] content) {
        return entries.putIfAbsent(key, newEntry(content)) == null;
    }

    void overwrite(String key, byte[] content) {
        entries.put(key, newEntry(content));
    }

    void delete(String key, Generation generation) {
        entries.computeIfPresent(key, (k, entry) -> entry.generation().equals(generation) ? null : entry);
    }

    @Nullable
    String firstKeyAfter(String position) {
        return entries.higherKey(position);
    }

    Instant now() {
        return clock.now();
    }

    private Entry newEntry(byte[] content) {
        return new Entry(content, clock.now(), nextGeneration());
    }

    private Generation nextGeneration() {
        return new Generation(Long.toString(generations.incrementAndGet()));
    }

    /** One incarnation of an object. The array is never written to. */
    @SuppressWarnings("ArrayRecordComponent") // compared by generation only
    record Entry(byte[] content, Instant storedAt, Generation generation) {}
}
