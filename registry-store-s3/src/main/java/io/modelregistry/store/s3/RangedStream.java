package io.modelregistry.store.s3;

import io.modelregistry.Host;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of an object that are read in several ranges. The first is passed on as it comes; once some of it has been used, the next ones are
 * fetched ahead, as many at once as the settings say, each into memory. All must be of the object that the first was of.
 */
final class RangedStream extends InputStream {
    /** Who closes the stream before this much was used costs one request. */
    private static final int FETCH_AHEAD_FROM = 64 << 10;

    /** Fetches one range. */
    interface Fetch {
        byte[] bytes(long offset, int length) throws IOException;
    }

    private final Host host;
    private final S3Settings settings;
    private final Fetch fetch;
    private final long end;
    private final Deque<FutureTask<byte[]>> ahead = new ArrayDeque<>();
    private InputStream current;
    private long next;
    private long used;
    private boolean closed;

    /**
     * @param next where the first range ends
     * @param end where the last one ends
     */
    RangedStream(InputStream first, long next, long end, Host host, S3Settings settings, Fetch fetch) {
        this.current = first;
        this.next = next;
        this.end = end;
        this.host = host;
        this.settings = settings;
        this.fetch = fetch;
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
        int n = current.read(buffer, offset, length);
        while (n < 0) {
            fetchAhead();
            FutureTask<byte[]> range = ahead.poll();
            if (range == null) {
                return -1;
            }
            current.close();
            current = new ByteArrayInputStream(result(range));
            n = current.read(buffer, offset, length);
        }
        used += n;
        if (used >= FETCH_AHEAD_FROM) {
            fetchAhead();
        }
        return n;
    }

    private void fetchAhead() {
        while (next < end && ahead.size() < settings.parallelism()) {
            long offset = next;
            int length = (int) Math.min(settings.partBytes(), end - next);
            FutureTask<byte[]> range = new FutureTask<>(() -> fetch.bytes(offset, length));
            next += length;
            ahead.add(range);
            submit(range);
        }
    }

    private void submit(FutureTask<byte[]> range) {
        try {
            host.executor().execute(range);
        } catch (RejectedExecutionException e) {
            // the reader fetches it when it comes to it
        }
    }

    private static byte[] result(FutureTask<byte[]> range) throws IOException {
        range.run(); // unless another thread has begun
        try {
            return range.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw broken(new InterruptedIOException("Interrupted while it waited for a range"), e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof Error error) {
                throw error;
            }
            throw broken(new IOException(cause.getMessage()), cause);
        }
    }

    private static IOException broken(IOException failure, @Nullable Throwable cause) {
        failure.initCause(cause);
        return failure;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        ahead.forEach(range -> range.cancel(false));
        ahead.clear();
        current.close();
    }
}
