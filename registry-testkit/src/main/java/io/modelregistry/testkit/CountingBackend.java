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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts the requests of one client, failed ones included. {@code storeTime} is not counted, because it is answered from memory
 * nearly always; reading a stream belongs to the request that opened it.
 *
 * <p>Thread-safe.
 */
public final class CountingBackend implements StorageBackend {
    private final StorageBackend delegate;
    private final RequestLog log = new RequestLog();

    /** @param delegate is closed with this client */
    public CountingBackend(StorageBackend delegate) {
        this.delegate = delegate;
    }

    /** Requests since the last reset by operation; an operation without any is not in the map. */
    public Map<Operation, Integer> counts() {
        return log.counts();
    }

    /** Requests since the last reset, in the order they began. */
    public List<Call> calls() {
        return log.calls();
    }

    /**
     * The largest number of requests since the last reset that waited for each other, each beginning after the one before had
     * ended. With requests that may overlap it depends on luck unless {@link #nextTogether} makes them.
     */
    public int roundTrips() {
        return log.roundTrips();
    }

    /**
     * Holds each of the next {@code count} requests until all of them have begun, and so proves that none waits for another. When
     * one doesn't come for 30 seconds, those that wait throw an {@link AssertionError}.
     */
    public void nextTogether(int count) {
        log.nextTogether(count);
    }

    /** Forgets all requests. */
    public void reset() {
        log.reset();
    }

    /** {@code 1 create, 3 get}; {@code no requests} for none. */
    @Override
    public String toString() {
        return log.toString();
    }

    @Override
    public String location() {
        return delegate.location();
    }

    @Override
    public CreateOutcome create(String key, byte[] content) {
        return count(Operation.CREATE, key, () -> delegate.create(key, content));
    }

    @Override
    public Optional<StoredObject> get(String key, int limitBytes) {
        return count(Operation.GET, key, () -> delegate.get(key, limitBytes));
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return count(Operation.STAT, key, () -> delegate.stat(key));
    }

    @Override
    public void overwrite(String key, byte[] content) {
        count(Operation.OVERWRITE, key, () -> {
            delegate.overwrite(key, content);
            return Boolean.TRUE;
        });
    }

    @Override
    public Listing list(String prefix, Depth depth, String startAfter, int limit) {
        return count(Operation.LIST, prefix, () -> delegate.list(prefix, depth, startAfter, limit));
    }

    @Override
    public CreateOutcome upload(String key, BlobSource source) {
        return count(Operation.UPLOAD, key, () -> delegate.upload(key, source));
    }

    @Override
    public InputStream read(String key, long offset, long length) {
        return count(Operation.READ, key, () -> delegate.read(key, offset, length));
    }

    @Override
    public void delete(String key, Generation generation) {
        count(Operation.DELETE, key, () -> {
            delegate.delete(key, generation);
            return Boolean.TRUE;
        });
    }

    @Override
    public Instant storeTime() {
        return delegate.storeTime();
    }

    @Override
    public void close() {
        delegate.close();
    }

    private <T> T count(Operation operation, String key, Request<T> request) {
        RequestLog.Timed begun = log.begin(operation, key);
        try {
            begun.awaitTheOthers();
            return request.send();
        } finally {
            log.end(begun);
        }
    }
}
