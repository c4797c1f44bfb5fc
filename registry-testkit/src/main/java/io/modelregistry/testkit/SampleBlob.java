package io.modelregistry.testkit;

import io.modelregistry.storage.BlobSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A blob of any size that occupies no memory, may break at any byte, and notes who reads it. Thread-safe. */
final class SampleBlob implements BlobSource {
    private static final int LARGEST_CHUNK = 7_919; // sources hand out what they like

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final Set<Thread> readers = ConcurrentHashMap.newKeySet();

    private final long seed;
    private final long sizeBytes;
    private final String sha256;
    private final long breaksAt;
    private final @Nullable Exception breaksWith;
    private final Runnable halfWay;

    private SampleBlob(
            long seed, long sizeBytes, long breaksAt, @Nullable Exception breaksWith, Runnable halfWay, String sha256) {
        this.seed = seed;
        this.sizeBytes = sizeBytes;
        this.breaksAt = breaksAt;
        this.breaksWith = breaksWith;
        this.halfWay = halfWay;
        this.sha256 = sha256;
    }

    static SampleBlob of(long seed, long sizeBytes) {
        return new SampleBlob(seed, sizeBytes, Long.MAX_VALUE, null, () -> {}, digest(seed, sizeBytes));
    }

    /** The same content, but the stream throws after so many bytes; at the size, when it would have ended. */
    SampleBlob failingAt(long bytes, Exception failure) {
        return new SampleBlob(seed, sizeBytes, bytes, failure, halfWay, sha256);
    }

    /** The same content, but the stream ends after so many bytes. */
    SampleBlob endingAt(long bytes) {
        return new SampleBlob(seed, sizeBytes, bytes, null, halfWay, sha256);
    }

    /** The same content; the action runs on the reading thread each time half of it has been read. */
    SampleBlob halfWay(Runnable action) {
        return new SampleBlob(seed, sizeBytes, breaksAt, breaksWith, action, sha256);
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public InputStream open() {
        opened.incrementAndGet();
        return new Content();
    }

    /** The bytes of a range that lies within the content. */
    byte[] range(long offset, int length) {
        byte[] range = new byte[length];
        for (int i = 0; i < length; i++) {
            range[i] = byteAt(seed, offset + i);
        }
        return range;
    }

    /** What a stream of this blob breaks with. */
    Exception failure() {
        return Objects.requireNonNull(breaksWith);
    }

    @Override
    public String toString() {
        return sizeBytes + " bytes" + (breaksWith == null ? "" : ", breaking with " + breaksWith);
    }

    /** Throws an unchecked exception, gives a checked one to be thrown. */
    static IOException thrown(Exception failure) {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return (IOException) failure;
    }

    private static byte byteAt(long seed, long index) {
        long word = (seed + (index >>> 3)) * 0x9E3779B97F4A7C15L;
        word = (word ^ (word >>> 32)) * 0xD6E8FEB86659FD93L;
        return (byte) (word >>> ((index & 7) << 3));
    }

    private static String digest(long seed, long sizeBytes) {
        MessageDigest digest = SampleContent.sha256Digest();
        SampleBlob undigested = new SampleBlob(seed, sizeBytes, Long.MAX_VALUE, null, () -> {}, "");
        try (InputStream in = new DigestInputStream(undigested.open(), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private final class Content extends InputStream {
        private long position;
        private boolean isClosed;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            readers.add(Thread.currentThread());
            if (length == 0) {
                return 0;
            }
            if (position >= breaksAt) {
                return breakOff();
            }
            if (position == sizeBytes) {
                return -1;
            }
            long end = Math.min(sizeBytes, breaksAt);
            int count = (int) Math.min(Math.min(length, LARGEST_CHUNK), end - position);
            for (int i = 0; i < count; i++) {
                bytes[offset + i] = byteAt(seed, position + i);
            }
            boolean wasBeforeHalf = position <= sizeBytes / 2;
            position += count;
            if (wasBeforeHalf && position > sizeBytes / 2) {
                halfWay.run();
            }
            return count;
        }

        private int breakOff() throws IOException {
            if (breaksWith != null) {
                throw thrown(breaksWith);
            }
            return -1;
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                closed.incrementAndGet();
            }
        }
    }
}
