package io.modelregistry.testkit;

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
import java.util.Optional;

/** Passes every call on to another backend. A subclass changes what it must, to make a store that fails in its own way. */
public abstract class ForwardingBackend implements StorageBackend {
    final StorageBackend right;

    /** @param right is closed with this backend */
    protected ForwardingBackend(StorageBackend right) {
        this.right = right;
    }

    @Override
    public String location() {
        return right.location();
    }

    @Override
    public CreateOutcome create(String key, byte[] content) {
        return right.create(key, content);
    }

    @Override
    public Optional<StoredObject> get(String key, int limitBytes) {
        return right.get(key, limitBytes);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return right.stat(key);
    }

    @Override
    public void overwrite(String key, byte[] content) {
        right.overwrite(key, content);
    }

    @Override
    public Listing list(String prefix, Depth depth, String startAfter, int limit) {
        return right.list(prefix, depth, startAfter, limit);
    }

    @Override
    public CreateOutcome upload(String key, BlobSource source) {
        return right.upload(key, source);
    }

    @Override
    public InputStream read(String key, long offset, long length) {
        return right.read(key, offset, length);
    }

    @Override
    public void delete(String key, Generation generation) {
        right.delete(key, generation);
    }

    @Override
    public Instant storeTime() {
        return right.storeTime();
    }

    @Override
    public void close() {
        right.close();
    }
}
