package io.modelregistry.testkit;

import io.modelregistry.Host;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StoredObject;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Wrong ways to read, tell the time and close. */
final class BrokenReads {
    private BrokenReads() {}

    static StorageBackend ignoresTheLimit(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public Optional<StoredObject> get(String key, int limitBytes) {
                return right.get(key, ContractFixture.WHOLE);
            }
        };
    }

    static StorageBackend leavesARangeToTheHost(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public InputStream read(String key, long offset, long length) {
                long half = length / 2;
                InputStream first = right.read(key, offset, half);
                CompletableFuture<InputStream> rest = CompletableFuture.completedFuture(InputStream.nullInputStream());
                try {
                    rest = CompletableFuture.supplyAsync(
                            () -> right.read(key, offset + half, length - half), host.executor());
                } catch (RejectedExecutionException e) {
                    // nobody fetches it
                }
                return new SequenceInputStream(first, rest.getNow(InputStream.nullInputStream()));
            }
        };
    }

    static StorageBackend forgetsTheWholeSize(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public Optional<StoredObject> get(String key, int limitBytes) {
                return right.get(key, limitBytes)
                        .map(found -> new StoredObject(found.content(), found.content().length, found.storedAt()));
            }
        };
    }

    static StorageBackend cachesWhatItGot(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            private final Map<String, Optional<StoredObject>> cache = new ConcurrentHashMap<>();

            @Override
            public Optional<StoredObject> get(String key, int limitBytes) {
                return cache.computeIfAbsent(key, k -> right.get(k, limitBytes));
            }
        };
    }

    /** As NFS does. */
    static StorageBackend cachesWhatIsMissing(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            private final Map<String, Boolean> missing = new ConcurrentHashMap<>();

            @Override
            public Optional<StoredObject> get(String key, int limitBytes) {
                Optional<StoredObject> found = missing.containsKey(key) ? Optional.empty() : right.get(key, limitBytes);
                if (found.isEmpty()) {
                    missing.put(key, Boolean.TRUE);
                }
                return found;
            }
        };
    }

    static StorageBackend tellsTheTimeOfTheRead(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            private final AtomicInteger reads = new AtomicInteger();

            @Override
            public Optional<StoredObject> get(String key, int limitBytes) {
                Instant now = right.storeTime().minusSeconds(reads.incrementAndGet());
                return right.get(key, limitBytes)
                        .map(found -> new StoredObject(found.content(), found.sizeBytes(), now));
            }
        };
    }

    static StorageBackend tellsTheTimeOfTheMachine(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public Instant storeTime() {
                return host.now();
            }
        };
    }

    static StorageBackend extrapolatesForEver(MemoryStore store, Host host) {
        Instant answer = store.open().storeTime();
        long answeredAt = host.nanoTime();
        return new ForwardingBackend(store.open()) {
            @Override
            public Instant storeTime() {
                return answer.plusNanos(host.nanoTime() - answeredAt);
            }
        };
    }

    /** As HTTP does. */
    static StorageBackend failsBeyondTheEnd(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public InputStream read(String key, long offset, long length) {
                if (right.stat(key).filter(info -> offset > info.sizeBytes()).isPresent()) {
                    throw new StorageException(StorageException.Kind.UNAVAILABLE, "416 range not satisfiable");
                }
                return right.read(key, offset, length);
            }
        };
    }

    static StorageBackend overflows(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public InputStream read(String key, long offset, long length) {
                return right.read(key, offset, Math.max(0, (int) length));
            }
        };
    }

    static StorageBackend readsNothingOfWhatIsMissing(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public InputStream read(String key, long offset, long length) {
                return right.stat(key).isEmpty() ? InputStream.nullInputStream() : right.read(key, offset, length);
            }
        };
    }

    static StorageBackend worksWhenClosed(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public void close() {}
        };
    }
}
