package io.modelregistry.core;

import io.modelregistry.core.log.KeyLayout;
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

/**
 * The backend of a registry that was opened while its store was away: before anything is read or written there, it looks that the registry is the one that
 * this machine knew. Thread-safe.
 */
final class UnconfirmedBackend implements StorageBackend {
    private final StorageBackend backend;
    private final String registry;
    private volatile boolean isConfirmed;

    UnconfirmedBackend(StorageBackend backend, String registry) {
        this.backend = backend;
        this.registry = registry;
    }

    private StorageBackend confirmed() {
        if (!isConfirmed) {
            Optional<StoredObject> standing = backend.get(KeyLayout.REGISTRY, RegistryIdentity.MAX_BYTES);
            RegistryIdentity.requireSame(standing, registry, location());
            isConfirmed = true;
        }
        return backend;
    }

    @Override
    public String location() {
        return backend.location();
    }

    @Override
    public CreateOutcome create(String key, byte[] content) {
        return confirmed().create(key, content);
    }

    @Override
    public Optional<StoredObject> get(String key, int limitBytes) {
        return confirmed().get(key, limitBytes);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return confirmed().stat(key);
    }

    @Override
    public void overwrite(String key, byte[] content) {
        confirmed().overwrite(key, content);
    }

    @Override
    public Listing list(String prefix, Depth depth, String startAfter, int limit) {
        return confirmed().list(prefix, depth, startAfter, limit);
    }

    @Override
    public CreateOutcome upload(String key, BlobSource source) {
        return confirmed().upload(key, source);
    }

    @Override
    public InputStream read(String key, long offset, long length) {
        return confirmed().read(key, offset, length);
    }

    @Override
    public void delete(String key, Generation generation) {
        confirmed().delete(key, generation);
    }

    @Override
    public Instant storeTime() {
        return confirmed().storeTime();
    }

    @Override
    public void close() {
        backend.close();
    }
}
