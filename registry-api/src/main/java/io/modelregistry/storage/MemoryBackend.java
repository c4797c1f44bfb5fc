package io.modelregistry.storage;

import io.modelregistry.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client of a {@link MemoryStore}. Asking the store costs nothing here, so its time is asked for every time. Thread-safe. */
final class MemoryBackend implements StorageBackend {
    private static final int MAX_SMALL_OBJECT = 2 << 20;
    private static final int MAX_GET = 16 << 20;
    private static final int MAX_PAGE = 1_000;

    private final MemoryStore store;
    private volatile boolean closed;

    MemoryBackend(MemoryStore store) {
        this.store = store;
    }

    @Override
    public String location() {
        return "mem:";
    }

    @Override
    public CreateOutcome create(String key, byte[] content) {
        requireOpenAndKey(key);
        requireWithin("content length", content.length, 0, MAX_SMALL_OBJECT);
        return store.create(key, content.clone()) ? CreateOutcome.CREATED : CreateOutcome.EXISTS;
    }

    @Override
    public Optional<StoredObject> get(String key, int limitBytes) {
        requireOpenAndKey(key);
        requireWithin("limit", limitBytes, 1, MAX_GET);
        return Optional.ofNullable(store.find(key)).map(entry -> {
            int length = Math.min(limitBytes, entry.content().length);
            return new StoredObject(Arrays.copyOf(entry.content(), length), entry.content().length, entry.storedAt());
        });
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        requireOpenAndKey(key);
        return Optional.ofNullable(store.find(key)).map(entry -> {
            Checksum checksum = new Checksum(
                    Checksum.Algorithm.SHA256, Digest.of(entry.content()).hex());
            return new ObjectInfo(entry.content().length, checksum, entry.storedAt(), entry.generation());
        });
    }

    @Override
    public void overwrite(String key, byte[] content) {
        requireOpenAndKey(key);
        requireWithin("content length", content.length, 0, MAX_SMALL_OBJECT);
        store.overwrite(key, content.clone());
    }

    @Override
    public Listing list(String prefix, Depth depth, String startAfter, int limit) {
        requireOpen();
        KeyGrammar.requirePrefix(prefix);
        requireWithin("limit", limit, 1, MAX_PAGE);
        List<String> found = new ArrayList<>();
        String next = nextEntry(prefix, depth, startAfter);
        while (next != null && found.size() < limit) {
            found.add(next);
            next = nextEntry(prefix, depth, next);
        }
        return new Listing(found, next != null);
    }

    private @Nullable String nextEntry(String prefix, Depth depth, String after) {
        String position = after.compareTo(prefix) < 0 ? prefix : after;
        while (true) {
            String key = store.firstKeyAfter(position);
            if (key == null || !key.startsWith(prefix)) {
                return null;
            }
            if (depth == Depth.ALL) {
                return key;
            }
            int slash = key.indexOf('/', prefix.length());
            String child = slash < 0 ? key : key.substring(0, slash + 1);
            if (child.compareTo(after) > 0 && KeyGrammar.isKey(slash < 0 ? key : key.substring(0, slash))) {
                return child;
            }
            position = slash < 0 ? key : child + Character.MAX_VALUE;
        }
    }

    @Override
    public CreateOutcome upload(String key, BlobSource source) {
        requireOpenAndKey(key);
        if (store.find(key) != null) {
            return CreateOutcome.EXISTS;
        }
        byte[] content = readAll(source);
        return store.create(key, content) ? CreateOutcome.CREATED : CreateOutcome.EXISTS;
    }

    private static byte[] readAll(BlobSource source) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (InputStream in = source.open()) {
            in.transferTo(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (content.size() != source.sizeBytes()) {
            throw new IllegalArgumentException(
                    "The source announced " + source.sizeBytes() + " bytes and gave " + content.size());
        }
        return content.toByteArray();
    }

    @Override
    public InputStream read(String key, long offset, long length) {
        requireOpenAndKey(key);
        requireWithin("offset", offset, 0, Long.MAX_VALUE);
        requireWithin("length", length, 0, Long.MAX_VALUE);
        MemoryStore.Entry entry = store.find(key);
        if (entry == null) {
            throw new StorageException(StorageException.Kind.MISSING, "No object " + key + " in " + location());
        }
        int size = entry.content().length;
        int from = (int) Math.min(offset, size);
        return new ByteArrayInputStream(entry.content(), from, (int) Math.min(length, size - from));
    }

    @Override
    public void delete(String key, Generation generation) {
        requireOpenAndKey(key);
        store.delete(key, generation);
    }

    @Override
    public Instant storeTime() {
        requireOpen();
        return store.now();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpenAndKey(String key) {
        requireOpen();
        KeyGrammar.requireKey(key);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("This client of " + location() + " is closed");
        }
    }

    private static void requireWithin(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("The " + what + " is " + value + "; it may be " + least + " to " + most);
        }
    }
}
