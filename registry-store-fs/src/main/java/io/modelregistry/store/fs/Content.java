package io.modelregistry.store.fs;

import io.modelregistry.storage.BlobSource;
import io.modelregistry.store.fs.FileOperations.NewFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What goes into a new file. Can be written more than once. */
@FunctionalInterface
interface Content {

    /** An {@code IOException} is the file's failure; the source's own comes out as {@link UncheckedIOException}. */
    void writeTo(NewFile file) throws IOException;

    static Content of(byte[] bytes) {
        return file -> file.write(bytes, 0, bytes.length);
    }

    static Content of(BlobSource source) {
        return new BlobContent(source);
    }

    /** Copies a blob, flushing as it goes, so that the last flush is short however large the blob is. */
    record BlobContent(BlobSource source) implements Content {
        private static final int BUFFER = 1 << 20;
        private static final long SYNC_EVERY = 256L << 20;

        @Override
        public void writeTo(NewFile file) throws IOException {
            byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER, source.sizeBytes()))];
            InputStream in = open();
            try {
                long total = 0;
                long flushed = 0;
                for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
                    file.write(buffer, 0, n);
                    total += n;
                    if (total - flushed >= SYNC_EVERY) {
                        file.sync();
                        flushed = total;
                    }
                }
                if (total != source.sizeBytes()) {
                    throw new UncheckedIOException(new IOException(
                            "The source of " + source.sizeBytes() + " bytes ended after " + total + " bytes"));
                }
            } finally {
                close(in);
            }
        }

        private InputStream open() {
            try {
                return source.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static int read(InputStream in, byte[] buffer) {
            try {
                return in.read(buffer);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void close(InputStream in) {
            try {
                in.close();
            } catch (IOException e) {
                // Every byte was read, or the reason why not is on its way up.
            }
        }
    }
}
