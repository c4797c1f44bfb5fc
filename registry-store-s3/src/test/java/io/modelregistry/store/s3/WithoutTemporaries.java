package io.modelregistry.store.s3;

import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StoredObject;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Hides what S3Proxy's file-based stores list while a put is under way: a file {@code <key>-<UUID>} next to the key. No other S3 store lists
 * its own temporary files.
 */
record WithoutTemporaries(StorageBackend delegate) implements StorageBackend {
    private static final Pattern TEMPORARY =
            Pattern.compile(".*-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    @Override
    public Listing list(String prefix, Depth depth, String startAfter, int limit) {
        String position = startAfter;
        while (true) {
            Listing page = delegate.list(prefix, depth, position, limit);
            List<String> kept = page.keys().stream()
                    .filter(key -> !TEMPORARY.matcher(key).matches())
                    .toList();
            if (!kept.isEmpty() || !page.more()) {
                return new Listing(kept, page.more());
            }
            position = page.keys().get(page.keys().size() - 1);
        }
    }

    @Override
    public String location() {
        return delegate.location();
    }

    @Override
    public CreateOutcome create(String key, byte[] content) {
        return delegate.create(key, content);
    }

    @Override
    public Optional<StoredObject> get(String key, int limitBytes) {
        return delegate.get(key, limitBytes);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return delegate.stat(key);
    }

    @Override
    public void overwrite(String key, byte[] content) {
        delegate.overwrite(key, content);
    }

    @Override
    public CreateOutcome upload(String key, BlobSource source) {
        return delegate.upload(key, source);
    }

    @Override
    public InputStream read(String key, long offset, long length) {
        return delegate.read(key, offset, length);
    }

    @Override
    public void delete(String key, Generation generation) {
        delegate.delete(key, generation);
    }

    @Override
    public Instant storeTime() {
        return delegate.storeTime();
    }

    @Override
    public void close() {
        delegate.close();
    }
}
