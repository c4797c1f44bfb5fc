package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.storage.BlobSource;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The content of a blob on its way to the store. Its stream gives the last bytes out of hand only once it has seen that
 * they are the announced ones and that nothing follows; otherwise it throws a {@link SourceException}. Used by one
 * thread at a time.
 */
final class CheckedSource implements BlobSource {

    /** Opens the content. */
    @FunctionalInterface
    interface Opener {
        InputStream open() throws IOException;
    }

    private final String place;
    private final String path;
    private final Opener opener;
    private final long sizeBytes;
    private final Digest digest;
    private final String crc32c;
    private final ProgressMeter meter;
    private long countedBytes;
    private @Nullable SourceException failure;

    /**
     * @param place for messages
     * @param path for the listener
     */
    CheckedSource(
            String place,
            String path,
            Opener opener,
            long sizeBytes,
            Digest digest,
            String crc32c,
            ProgressMeter meter) {
        this.place = place;
        this.path = path;
        this.opener = opener;
        this.sizeBytes = sizeBytes;
        this.digest = digest;
        this.crc32c = crc32c;
        this.meter = meter;
    }

    String place() {
        return place;
    }

    Digest digest() {
        return digest;
    }

    String crc32c() {
        return crc32c;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public String sha256() {
        return digest.hex();
    }

    /** What a stream failed with since this was last asked, whatever the backend made of it; null when none did. */
    @Nullable
    SourceException takeFailure() {
        SourceException taken = failure;
        failure = null;
        return taken;
    }

    /** The blob is in the store, whether or not it was read for that. */
    void finish() {
        count(sizeBytes);
    }

    @Override
    public InputStream open() {
        try {
            return new Checked(opener.open());
        } catch (IOException e) {
            throw failed("can't be read any more: " + e, e);
        }
    }

    /** A repetition doesn't count again what was counted. */
    private void count(long position) {
        if (position > countedBytes) {
            meter.add(path, position - countedBytes);
            countedBytes = position;
        }
    }

    private SourceException failed(String what, @Nullable Throwable cause) {
        failure = new SourceException("The file " + place + " " + what, cause);
        return failure;
    }

    private final class Checked extends InputStream {
        private final InputStream in;
        private final MessageDigest sha256 = Digest.newSha256();
        private long position;
        private boolean proven;

        Checked(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            Batch.checkNotInterrupted("uploading " + place);
            if (length == 0) {
                return 0;
            }
            try {
                return checked(bytes, offset, length);
            } catch (IOException e) {
                throw failed("can't be read any more: " + e, e);
            }
        }

        private int checked(byte[] bytes, int offset, int length) throws IOException {
            int n = 0;
            if (position < sizeBytes) {
                n = in.read(bytes, offset, (int) Math.min(length, sizeBytes - position));
                if (n < 0) {
                    throw failed("changed while it was being registered: it has become shorter", null);
                }
                sha256.update(bytes, offset, n);
                position += n;
            }
            if (position == sizeBytes && !proven) {
                prove();
            }
            count(position);
            return n == 0 ? -1 : n;
        }

        private void prove() throws IOException {
            if (in.read() >= 0) {
                throw failed("changed while it was being registered: it has become longer", null);
            }
            if (!Digest.ofHash(sha256.digest()).equals(digest)) {
                throw failed("changed while it was being registered: its content is another", null);
            }
            proven = true;
        }

        @Override
        public void close() {
            try {
                in.close();
            } catch (IOException e) {
                // what was read has been proven, or refused
            }
        }
    }
}
