package io.modelregistry.store.s3;

import io.modelregistry.Host;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * The body of one answer, believed neither to be whole nor to come in time: it throws when the connection ended before the length that was
 * announced, and when waiting for bytes took longer in all than was granted. What the caller does between two reads takes no time here.
 */
final class BodyStream extends InputStream {
    /** What may be left of a body for reading it to be cheaper than another connection. */
    private static final int WORTH_READING = 16 << 10;

    private final S3Port.Body body;
    private final Host host;
    private final long mostNanos;
    private final String what;
    private final long wanted;
    private long left;
    private long waited;
    private boolean closed;

    /**
     * @param wanted how much of the body; some stores answer with more than the range that was asked for
     * @param what for messages: {@code read blobs/… in s3://bucket}
     */
    BodyStream(S3Port.Body body, long wanted, Host host, Duration most, String what) {
        this.body = body;
        this.host = host;
        this.mostNanos = most.toNanos();
        this.what = what;
        this.wanted = wanted;
        this.left = wanted;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("The stream is closed");
        }
        if (left == 0) {
            return -1;
        }
        if (length == 0) {
            return 0;
        }
        long begun = host.nanoTime();
        int n = readSome(buffer, offset, (int) Math.min(length, left));
        waited += host.nanoTime() - begun;
        if (n < 0) {
            throw new EOFException(
                    "Could not " + what + ": the connection ended " + left + " bytes of " + wanted + " too early");
        }
        left -= n;
        if (waited > mostNanos && left > 0) {
            throw new InterruptedIOException("Could not " + what + ": " + (wanted - left) + " bytes of " + wanted
                    + " came within " + Duration.ofNanos(waited).toSeconds() + " s");
        }
        return n;
    }

    private int readSome(byte[] buffer, int offset, int length) throws IOException {
        try {
            return body.in().read(buffer, offset, length);
        } catch (RuntimeException e) {
            // the SDKs break a stream off so when the thread is interrupted
            IOException failure = Thread.currentThread().isInterrupted()
                    ? new InterruptedIOException("Interrupted while it tried to " + what)
                    : new IOException("Could not " + what + ": " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (body.length() - (wanted - left) > WORTH_READING) {
            body.abort().run();
        }
        S3Port.closeQuietly(body.in());
    }
}
