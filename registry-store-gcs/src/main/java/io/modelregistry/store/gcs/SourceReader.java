package io.modelregistry.store.gcs;

import io.modelregistry.storage.BlobSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A blob's content, read once from its beginning to its end, which must be where it was announced. Its failures are the source's own. */
final class SourceReader implements AutoCloseable {
    private final long sizeBytes;
    private final InputStream in;
    private long position;

    SourceReader(BlobSource source) {
        sizeBytes = source.sizeBytes();
        try {
            in = source.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads exactly so many bytes. */
    void fill(byte[] buffer, int length) {
        try {
            int n = in.readNBytes(buffer, 0, length);
            position += n;
            if (n < length) {
                throw new IllegalArgumentException("The source announced " + sizeBytes + " bytes and gave " + position);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A source may throw at its very end, when it has found its content to be another. */
    void requireEnd() {
        try {
            if (in.read() >= 0) {
                throw new IllegalArgumentException("The source announced " + sizeBytes + " bytes and gives more");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            // everything that counts has been read
        }
    }
}
