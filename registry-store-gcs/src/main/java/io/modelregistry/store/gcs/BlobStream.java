package io.modelregistry.store.gcs;

import io.modelregistry.Host;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * The bytes of a download as they come, no more than were asked for and, of a range, no fewer. Waiting for them is bounded, not only for each by its socket:
 * a server that sends one byte a second is given up.
 */
final class BlobStream extends InputStream {
    private static final long LEAST_PROGRESS = 64 << 10;

    private final Answer answer;
    private final InputStream in;
    private final Host host;
    private final Duration timeout;
    private long remaining;
    private long waitedNanos;
    private long progress;
    private final boolean isRange;
    private boolean closed;

    /** @param length of the range, or the most that is wanted of a whole object */
    BlobStream(Answer answer, long length, Host host, Duration timeout) throws IOException {
        this.answer = answer;
        this.in = answer.stream();
        this.remaining = length;
        this.host = host;
        this.timeout = timeout;
        this.isRange = answer.status() == 206;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("The stream is closed");
        }
        if (length == 0) {
            return 0;
        }
        if (remaining == 0) {
            return -1;
        }
        long before = host.nanoTime();
        int n = in.read(bytes, offset, (int) Math.min(length, remaining));
        if (n < 0) {
            answer.finished();
            if (isRange) {
                throw new EOFException("Premature end of the answer: " + remaining + " bytes of the range are missing");
            }
            return -1;
        }
        remaining -= n;
        if (remaining == 0 && isRange && in.read() < 0) {
            answer.finished(); // only then can the connection be used again
        }
        requireProgress(n, host.nanoTime() - before);
        return n;
    }

    private void requireProgress(int bytes, long nanos) throws IOException {
        progress += bytes;
        waitedNanos += nanos;
        if (progress >= LEAST_PROGRESS) {
            progress = 0;
            waitedNanos = 0;
        } else if (remaining > 0 && waitedNanos > timeout.toNanos()) {
            throw new SocketTimeoutException("Only " + progress + " bytes came in " + timeout.toSeconds() + " s");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            answer.close();
        }
    }
}
