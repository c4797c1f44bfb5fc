package io.modelregistry.store.s3;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls of the first SDK on threads that nobody interrupts, because that SDK takes an interrupt for its own and loses it. The caller waits for the end,
 * and has its flag back then. There are as many threads as calls under way, which are the host's or the application's; they end when idle. The host's own
 * threads won't do: each of them may be waiting here for another one.
 */
final class Uninterrupted {
    private static final int IDLE_SECONDS = 10;
    private static final int PIECE = 128 << 10;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "model-registry-s3");
                thread.setDaemon(true);
                return thread;
            });

    <T extends @Nullable Object> T call(Supplier<T> request) {
        Future<T> future = threads.submit(request::get);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true; // the request ends within its timeout
                } catch (ExecutionException e) {
                    throw unchecked(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The same bytes, read on those threads, in pieces that are worth it. */
    InputStream stream(InputStream in) {
        return new BufferedInputStream(
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        byte[] one = new byte[1];
                        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        return io(() -> in.read(buffer, offset, length));
                    }

                    @Override
                    public void close() throws IOException {
                        io(() -> {
                            in.close();
                            return 0;
                        });
                    }
                },
                PIECE);
    }

    private interface Io {
        int run() throws IOException;
    }

    private int io(Io operation) throws IOException {
        try {
            return call(() -> {
                try {
                    return operation.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static RuntimeException unchecked(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
    }
}
