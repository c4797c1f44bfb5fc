package io.modelregistry.testkit;

import io.modelregistry.Host;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

/** Wrong ways to upload. */
final class BrokenUploads {
    private BrokenUploads() {}

    /** An upload that reads the source its own way and then writes what it has. */
    @FunctionalInterface
    private interface Reading {
        byte[] read(InputStream in, BlobSource source) throws IOException;
    }

    private static StorageBackend reading(StorageBackend right, Reading reading) {
        return new ForwardingBackend(right) {
            @Override
            public CreateOutcome upload(String key, BlobSource source) {
                if (right.stat(key).isPresent()) {
                    return CreateOutcome.EXISTS;
                }
                try (InputStream in = source.open()) {
                    byte[] content = reading.read(in, source);
                    return right.upload(key, new SentBlob(content, content.length, SampleContent.sha256(content)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** And so never hears what the source has to say at the end. */
    static StorageBackend uploadsWhatWasAnnounced(MemoryStore store, Host host) {
        return reading(store.open(), (in, source) -> in.readNBytes((int) source.sizeBytes()));
    }

    static StorageBackend believesAShortSource(MemoryStore store, Host host) {
        return reading(store.open(), (in, source) -> in.readAllBytes());
    }

    static StorageBackend keepsWhatHadArrived(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public CreateOutcome upload(String key, BlobSource source) {
                try {
                    return right.upload(key, source);
                } catch (UncheckedIOException | IllegalArgumentException e) {
                    store.put(key, new byte[(int) source.sizeBytes() / 2]);
                    throw e;
                }
            }
        };
    }

    static StorageBackend explainsTheSource(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public CreateOutcome upload(String key, BlobSource source) {
                try {
                    return right.upload(key, source);
                } catch (UncheckedIOException | IllegalArgumentException e) {
                    throw new StorageException(StorageException.Kind.UNAVAILABLE, "source of " + key, e);
                }
            }
        };
    }

    static StorageBackend leaksTheSource(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public CreateOutcome upload(String key, BlobSource source) {
                try {
                    source.open();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return right.upload(key, source);
            }
        };
    }

    static StorageBackend uploadsInPlace(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public CreateOutcome upload(String key, BlobSource source) {
                if (right.create(key, new byte[0]) == CreateOutcome.EXISTS) {
                    return CreateOutcome.EXISTS;
                }
                ByteArrayOutputStream content = new ByteArrayOutputStream();
                try (InputStream in = source.open()) {
                    byte[] buffer = new byte[1 << 20];
                    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                        content.write(buffer, 0, count);
                        store.put(key, content.toByteArray());
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return CreateOutcome.CREATED;
            }
        };
    }

    static StorageBackend readsBeforeItLooks(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public CreateOutcome upload(String key, BlobSource source) {
                return right.upload(key, SentBlob.copyOf(source));
            }
        };
    }

    static StorageBackend uploadsOnAnotherThread(MemoryStore store, Host host) {
        return new ForwardingBackend(store.open()) {
            @Override
            public CreateOutcome upload(String key, BlobSource source) {
                return CompletableFuture.supplyAsync(() -> right.upload(key, source))
                        .join();
            }
        };
    }
}
