package io.modelregistry.storage;

import io.modelregistry.Host;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An object's bytes that are read in several ranges, for backends whose store gives more of them side by side than one after the other. The first range is
 * passed on as it comes; once some of it has been used, the next ones are fetched ahead, each into memory, on the host's threads or on the reader's where
 * those have not begun.
 *
 * <p>Twice as many ranges may be in memory as are fetched at once: while the reader waits for one that is late, the others go on. That they are all of the
 * same object is what {@link Fetch} sees to.
 *
 * <p>A range that fails breaks the stream where it would begin; nothing can be read beyond. To be used by one thread.
 */
public final class RangedStream extends InputStream {
    /** Who closes the stream before this much was used costs one request. */
    private static final int FETCH_AHEAD_FROM = 64 << 10;

    /** Fetches one range, and no other bytes than those: all of them, or it throws. Called on several threads at once. */
    @FunctionalInterface
    public interface Fetch {
        byte[] bytes(long offset, int length) throws IOException;
    }

    /**
     * How much is fetched ahead.
     *
     * @param rangeBytes of each range but the last
     * @param parallelism how many ranges are fetched at once; up to twice as many are in memory
     */
    public record Limits(int rangeBytes, int parallelism) {
        public Limits {
            if (rangeBytes < 1 || parallelism < 1) {
                throw new IllegalArgumentException("No limits: " + rangeBytes + " bytes, " + parallelism + " at once");
            }
        }

        /** Besides the one that is being read. */
        private int mostAhead() {
            return 2 * parallelism - 1;
        }
    }

    private final Host host;
    private final Limits limits;
    private final Fetch fetch;
    private final long end;
    private InputStream current;
    private long used;
    private boolean closed;
    private @Nullable IOException failure;

    /** Guards what follows; never held while a range is fetched. */
    private final Object lock = new Object();

    private final Deque<Range> ahead = new ArrayDeque<>();
    private long next;
    private int underWay;
    /** Closed, or broken: nothing more is fetched. */
    private boolean over;

    /**
     * @param first the bytes up to {@code next}; closed with this stream
     * @param next where the first fetched range begins
     * @param end where the last one ends
     */
    public RangedStream(InputStream first, long next, long end, Limits limits, Host host, Fetch fetch) {
        this.current = first;
        this.next = next;
        this.end = end;
        this.limits = limits;
        this.host = host;
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
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        if (length == 0) {
            return 0; // no reason to fetch a range
        }
        int n = current.read(buffer, offset, length);
        while (n < 0) {
            fetchAhead();
            Range range = first();
            if (range == null) {
                return -1;
            }
            current.close();
            current = InputStream.nullInputStream(); // what was read makes room for what is waited for
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
        for (Range range = begin(); range != null; range = begin()) {
            try {
                host.executor().execute(range);
            } catch (RejectedExecutionException e) {
                // the reader fetches it when it comes to it
            }
        }
    }

    private @Nullable Range begin() {
        synchronized (lock) {
            if (over || next >= end || underWay >= limits.parallelism() || ahead.size() >= limits.mostAhead()) {
                return null;
            }
            Range range = new Range(next, (int) Math.min(limits.rangeBytes(), end - next));
            next += range.length;
            underWay++;
            ahead.add(range);
            return range;
        }
    }

    private @Nullable Range first() {
        synchronized (lock) {
            return ahead.poll();
        }
    }

    private byte[] result(Range range) throws IOException {
        FutureTask<byte[]> bytes = range.taken();
        fetchAhead(); // in its place
        bytes.run(); // unless another thread has begun
        try {
            return bytes.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw broken(new InterruptedIOException("Interrupted while it waited for a range"), e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            IOException broken = broken(new IOException(cause.getMessage()), cause);
            if (cause instanceof Error error) {
                throw error;
            }
            throw broken;
        }
    }

    private IOException broken(IOException broken, Throwable cause) {
        broken.initCause(cause);
        failure = broken;
        stop();
        return broken;
    }

    private void stop() {
        synchronized (lock) {
            over = true;
            ahead.forEach(Range::cancel);
            ahead.clear();
        }
    }

    private void failed() {
        synchronized (lock) {
            over = true;
        }
    }

    private void ended() {
        synchronized (lock) {
            underWay--;
        }
        fetchAhead();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        stop();
        InputStream last = current;
        current = InputStream.nullInputStream();
        last.close();
    }

    /** A range that is fetched by whoever comes first, a thread of the host or the reader. */
    private final class Range implements Runnable {
        private final int length;

        /** Null once the reader has taken it: a busy executor keeps this in its queue for long, and must not keep the bytes. */
        private volatile @Nullable FutureTask<byte[]> task;

        Range(long offset, int length) {
            this.length = length;
            this.task = new FutureTask<>(() -> fetch.bytes(offset, length)) {
                @Override
                protected void setException(Throwable cause) {
                    failed();
                    super.setException(cause);
                }

                @Override
                protected void done() {
                    ended();
                }
            };
        }

        FutureTask<byte[]> taken() {
            FutureTask<byte[]> taken = Objects.requireNonNull(task);
            task = null;
            return taken;
        }

        void cancel() {
            FutureTask<byte[]> unread = task;
            task = null;
            if (unread != null) {
                unread.cancel(false);
            }
        }

        @Override
        public void run() {
            FutureTask<byte[]> toFetch = task;
            if (toFetch != null) {
                toFetch.run();
            }
        }
    }
}
