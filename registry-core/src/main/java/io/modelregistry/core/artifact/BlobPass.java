package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.RegistryException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.core.log.Store;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a blob from its first byte to its last, in as many requests as that takes. Used once, by one thread.
 */
final class BlobPass {
    private static final int BUFFER_BYTES = 128 * 1024;

    /**
     * Attempts that bring at least this much don't count as failed: a large blob may meet any number of broken
     * connections.
     */
    private static final long HEADWAY_BYTES = 1 << 20;

    private final Store store;
    private final String key;
    private final long sizeBytes;
    private final BlobReader.Sink sink;
    private final LongConsumer count;
    private final MessageDigest sha256 = Digest.newSha256();
    private long position;

    /** @param count is told how many bytes have come */
    BlobPass(Store store, String key, long sizeBytes, BlobReader.Sink sink, LongConsumer count) {
        this.store = store;
        this.key = key;
        this.sizeBytes = sizeBytes;
        this.sink = sink;
        this.count = count;
    }

    /** Reads so many bytes and returns their digest. Of no bytes nothing needs to be read. */
    Digest run() throws IOException {
        Attempts attempts = new Attempts(store.host(), "reading " + key);
        while (position < sizeBytes) {
            long before = position;
            RegistryException failure = read();
            if (position < sizeBytes) {
                failure = failure == null ? endedEarly() : failure;
                if (position - before >= HEADWAY_BYTES) {
                    attempts.reset();
                }
                if (!attempts.again()) {
                    throw failure;
                }
            }
        }
        return Digest.ofHash(sha256.digest());
    }

    /**
     * One request for what is left. Returns null when the stream came to an end, else why it is worth another attempt.
     */
    @Nullable
    RegistryException read() throws IOException {
        Batch.checkNotInterrupted("reading " + key);
        try (InputStream in = open()) {
            return drain(in);
        } catch (StorageException e) {
            if (e.kind() == StorageException.Kind.MISSING) {
                throw BlobDamage.missing(key, store.backend().location(), e);
            }
            RegistryException failure = store.translate("read", key, e);
            if (e.kind() != StorageException.Kind.UNAVAILABLE) {
                throw failure;
            }
            return failure;
        }
    }

    /** What closing throws is of no interest: the bytes have been counted and are hashed. */
    private InputStream open() {
        return new QuietlyClosed(store.backend().read(key, position, sizeBytes - position));
    }

    private @Nullable RegistryException drain(InputStream in) throws IOException {
        byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER_BYTES, sizeBytes - position))];
        while (position < sizeBytes) {
            Batch.checkNotInterrupted("reading " + key);
            int n;
            try {
                n = in.read(buffer, 0, (int) Math.min(buffer.length, sizeBytes - position));
            } catch (IOException e) {
                return new StoreUnavailableException(
                        "Reading " + key + " from " + store.backend().location() + " broke after " + position
                                + " bytes: " + e + ". Try again",
                        e);
            }
            if (n < 0) {
                return null;
            }
            sha256.update(buffer, 0, n);
            sink.write(buffer, n);
            position += n;
            count.accept(n);
        }
        return null;
    }

    /** The stream ended too early: was it cut, or is the blob too short? */
    private RegistryException endedEarly() {
        String location = store.backend().location();
        ObjectInfo standing =
                store.stat(key, store.deadline()).orElseThrow(() -> BlobDamage.missing(key, location, null));
        if (standing.sizeBytes() != sizeBytes) {
            throw BlobDamage.corrupt(key, location, standing.sizeBytes() + " bytes", sizeBytes + " bytes");
        }
        return new StoreUnavailableException(
                "Reading " + key + " from " + location + " ended after " + position + " of " + sizeBytes
                        + " bytes. Try again",
                null);
    }

    private static final class QuietlyClosed extends FilterInputStream {
        QuietlyClosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            try {
                in.close();
            } catch (IOException e) {
                // see open()
            }
        }
    }
}
