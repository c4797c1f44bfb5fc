package io.modelregistry.testkit;

import io.modelregistry.Host;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;

/** Wrong ways to create, overwrite and delete. */
final class BrokenWrites {
    private BrokenWrites() {}

    static StorageBackend checksThenPuts(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public CreateOutcome create(String key, byte[] content) {
                if (right.stat(key).isPresent()) {
                    return CreateOutcome.EXISTS;
                }
                Gap.linger();
                right.overwrite(key, content);
                return CreateOutcome.CREATED;
            }
        };
    }

    static StorageBackend locksItsOwnClientOnly(MemoryStore store, Host host) {
        return new ForwardingBackend(checksThenPuts(store, host)) {
            @Override
            public synchronized CreateOutcome create(String key, byte[] content) {
                return super.create(key, content);
            }
        };
    }

    static StorageBackend overwrites(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public CreateOutcome create(String key, byte[] content) {
                right.overwrite(key, content);
                return CreateOutcome.CREATED;
            }
        };
    }

    static StorageBackend overwritesAndSaysExists(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public CreateOutcome create(String key, byte[] content) {
                CreateOutcome outcome = right.create(key, content);
                if (outcome == CreateOutcome.EXISTS) {
                    right.overwrite(key, content);
                }
                return outcome;
            }
        };
    }

    /** As an SDK does whose retries are not switched off. */
    static StorageBackend repeatsCreates(MemoryStore store, Host host) {
        return new FaultyBackend(store.open(), FaultPlan.everyTimeOn(Operation.CREATE, ".*", Fault.DUPLICATE));
    }

    static StorageBackend createsInPlace(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public CreateOutcome create(String key, byte[] content) {
                CreateOutcome outcome = right.create(key, Arrays.copyOf(content, content.length / 2));
                if (outcome == CreateOutcome.CREATED) {
                    Gap.linger();
                    right.overwrite(key, content);
                }
                return outcome;
            }
        };
    }

    static StorageBackend overwritesInPlace(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public void overwrite(String key, byte[] content) {
                right.overwrite(key, Arrays.copyOf(content, content.length / 2));
                Gap.linger();
                right.overwrite(key, content);
            }
        };
    }

    static StorageBackend lowersTheCaseOfKeys(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public CreateOutcome create(String key, byte[] content) {
                return right.create(key.toLowerCase(Locale.ROOT), content);
            }
        };
    }

    static StorageBackend deletesAnyGeneration(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public void delete(String key, Generation generation) {
                right.stat(key).ifPresent(info -> right.delete(key, info.generation()));
            }
        };
    }

    static StorageBackend checksThenDeletes(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public void delete(String key, Generation generation) {
                if (right.stat(key)
                        .filter(info -> info.generation().equals(generation))
                        .isPresent()) {
                    Gap.linger();
                    store.remove(key);
                }
            }
        };
    }

    static StorageBackend swallowsInterrupts(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public CreateOutcome create(String key, byte[] content) {
                if (Thread.interrupted()) {
                    throw new StorageException(StorageException.Kind.UNAVAILABLE, "interrupted");
                }
                return right.create(key, content);
            }
        };
    }

    static StorageBackend isSureOfAnInterruptedWrite(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public void overwrite(String key, byte[] content) {
                right.overwrite(key, content);
                if (Thread.currentThread().isInterrupted()) {
                    throw new StorageException(StorageException.Kind.UNAVAILABLE, "interrupted");
                }
            }
        };
    }

    /** As a file channel does that all threads share. */
    static StorageBackend diesOfAnInterrupt(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            private volatile boolean dead;

            @Override
            public Instant storeTime() {
                for (int i = 0; i < 1_000 && !Thread.currentThread().isInterrupted(); i++) {
                    Gap.linger();
                }
                dead |= Thread.currentThread().isInterrupted();
                return right.storeTime();
            }

            @Override
            public CreateOutcome create(String key, byte[] content) {
                if (dead) {
                    throw new StorageException(StorageException.Kind.UNAVAILABLE, "channel closed");
                }
                return right.create(key, content);
            }
        };
    }
}
