package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.RegistryException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.core.log.Store;
import io.modelregistry.storage.ObjectInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads blobs from the store and believes none: what is read counts only once all of it has been hashed. A stream that
 * breaks is resumed where it broke; the hash of the whole then tells whether the parts belong together. What is wrong
 * is read once more from its beginning before it is called damaged. Thread-safe.
 */
final class BlobReader {
    private static final Logger LOG = LoggerFactory.getLogger(BlobReader.class);
    private static final int MOST_WRONG_READS = 2;

    /** Takes the bytes of a blob, maybe from the beginning again. */
    interface Sink {
        void write(byte[] bytes, int length) throws IOException;

        /** What was written is void. */
        void restart() throws IOException;
    }

    private static final Sink NOWHERE = new Sink() {
        @Override
        public void write(byte[] bytes, int length) {}

        @Override
        public void restart() {}
    };

    private final Store store;

    BlobReader(Store store) {
        this.store = store;
    }

    /**
     * Copies a blob. When this returns, the sink has had exactly the right bytes since it was last restarted.
     *
     * @param file for the listener
     * @throws IOException from the sink only
     * @throws IntegrityException when the blob is missing or is another
     */
    void copy(String key, Digest digest, long sizeBytes, Sink sink, String file, ProgressMeter meter)
            throws IOException {
        Digest first = new BlobPass(store, key, sizeBytes, sink, bytes -> meter.add(file, bytes)).run();
        if (first.equals(digest)) {
            return;
        }
        sink.restart();
        Digest second = new BlobPass(store, key, sizeBytes, sink, bytes -> {}).run();
        if (!second.equals(digest)) {
            throw corrupt(key, second.toString(), digest.toString());
        }
        LOG.warn("The blob {} was read as {} first, and rightly when it was read again", key, first);
    }

    /**
     * Reads a blob to its end and returns its length.
     *
     * @param sizeBytes the length it must have, or -1
     */
    long verify(String key, Digest digest, long sizeBytes) {
        long standing = standingBytes(key);
        if (sizeBytes >= 0 && standing != sizeBytes) {
            throw corrupt(key, standing + " bytes", sizeBytes + " bytes");
        }
        try {
            copy(key, digest, standing, NOWHERE, key, ProgressMeter.silent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return standing;
    }

    /** The content of a blob whose length isn't known: one request if all goes well. */
    byte[] whole(String key, Digest digest, int limitBytes) {
        Attempts attempts = new Attempts(store.host(), "reading " + key);
        int wrong = 0;
        while (true) {
            Memory memory = new Memory();
            RegistryException failure = read(key, limitBytes, memory);
            if (failure == null) {
                byte[] content = memory.bytes.toByteArray();
                Digest found = Digest.of(content);
                if (found.equals(digest)) {
                    return content;
                }
                long standing = standingBytes(key);
                if (standing > limitBytes) {
                    throw corrupt(key, standing + " bytes", "at most " + limitBytes);
                }
                wrong += standing == content.length ? 1 : 0;
                if (wrong == MOST_WRONG_READS) {
                    throw corrupt(key, found.toString(), digest.toString());
                }
                failure = new StoreUnavailableException(
                        "Reading " + key + " gave " + content.length + " bytes of " + standing + ". Try again", null);
            }
            if (!attempts.again()) {
                throw failure;
            }
        }
    }

    private @Nullable RegistryException read(String key, int limitBytes, Memory memory) {
        try {
            return new BlobPass(store, key, limitBytes, memory, bytes -> {}).read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long standingBytes(String key) {
        return store.stat(key, store.deadline())
                .map(ObjectInfo::sizeBytes)
                .orElseThrow(() -> BlobDamage.missing(key, store.backend().location(), null));
    }

    private IntegrityException corrupt(String key, String found, String expected) {
        return BlobDamage.corrupt(key, store.backend().location(), found, expected);
    }

    private static final class Memory implements Sink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(byte[] more, int length) {
            bytes.write(more, 0, length);
        }

        @Override
        public void restart() {
            bytes.reset();
        }
    }
}
