package io.modelregistry.store.s3;

import io.modelregistry.Host;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.store.s3.S3Failure.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.zip.CRC32C;

/**
 * Brings blobs into the bucket: one request up to the part size, an upload in parts above. The source is read on the calling thread, parts are sent
 * side by side, and no more of them are in memory than may be under way.
 *
 * <p>Completing an upload asks for put-if-absent, but nothing rests on it: some stores ignore the condition there, and whoever completes an upload
 * to the same key has the same bytes.
 */
final class BlobWriter {
    private static final int MOST_PARTS = 10_000;
    private static final int MEBIBYTE = 1 << 20;

    private final S3Port port;
    private final S3Settings settings;
    private final Patience patience;
    private final Host host;

    BlobWriter(S3Port port, S3Settings settings, Patience patience, Host host) {
        this.port = port;
        this.settings = settings;
        this.patience = patience;
        this.host = host;
    }

    CreateOutcome write(String key, BlobSource source) throws S3Failure {
        return source.sizeBytes() <= settings.partBytes() ? writeWhole(key, source) : writeInParts(key, source);
    }

    private CreateOutcome writeWhole(String key, BlobSource source) throws S3Failure {
        byte[] bytes = new byte[(int) source.sizeBytes()];
        try (InputStream in = source.open()) {
            requireRead(source, in.readNBytes(bytes, 0, bytes.length));
            requireEnd(source, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            port.putIfAbsent(
                    key,
                    new S3Port.Content(bytes, source.sha256()),
                    S3Port.Usage.BLOB,
                    patience.forBytes(source.sizeBytes()));
            return CreateOutcome.CREATED;
        } catch (S3Failure e) {
            if (e.isPreconditionFailed()) {
                return CreateOutcome.EXISTS;
            }
            throw e;
        }
    }

    private CreateOutcome writeInParts(String key, BlobSource source) throws S3Failure {
        try {
            port.head(key, patience.timeout());
            return CreateOutcome.EXISTS;
        } catch (S3Failure e) {
            if (!e.isMissingKey()) {
                throw e;
            }
        }
        Upload upload = new Upload(key, source);
        boolean completed = false;
        try (InputStream in = source.open()) {
            upload.sendAll(in);
            completed = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!completed) {
                upload.abort();
            }
        }
        return upload.complete();
    }

    /** So that no blob has more parts than a store takes. */
    static int partBytes(long sizeBytes, int wanted) {
        long least = (sizeBytes + MOST_PARTS - 1) / MOST_PARTS;
        long whole = (least + MEBIBYTE - 1) / MEBIBYTE * MEBIBYTE;
        return Math.toIntExact(Math.max(wanted, whole));
    }

    private static void requireRead(BlobSource source, long bytes) {
        if (bytes < source.sizeBytes()) {
            throw new IllegalArgumentException(
                    "The source announced " + source.sizeBytes() + " bytes and gave " + bytes);
        }
    }

    private static void requireEnd(BlobSource source, InputStream in) throws IOException {
        if (in.read() >= 0) {
            throw new IllegalArgumentException("The source announced " + source.sizeBytes() + " bytes and gave more");
        }
    }

    /** One upload in parts. */
    private final class Upload {
        private final String key;
        private final BlobSource source;
        private final String id;
        private final CRC32C checksum = new CRC32C();
        private final Deque<FutureTask<S3Port.Part>> underWay = new ArrayDeque<>();
        private final BlockingQueue<FutureTask<S3Port.Part>> ended = new LinkedBlockingQueue<>();
        private final List<S3Port.Part> sent = new ArrayList<>();

        Upload(String key, BlobSource source) throws S3Failure {
            this.key = key;
            this.source = source;
            this.id = port.begin(key, patience.timeout());
        }

        void sendAll(InputStream in) throws IOException, S3Failure {
            int size = partBytes(source.sizeBytes(), settings.partBytes());
            long read = 0;
            for (int number = 1; read < source.sizeBytes(); number++) {
                if (underWay.size() == settings.parallelism()) {
                    awaitOne();
                }
                byte[] bytes = new byte[(int) Math.min(size, source.sizeBytes() - read)];
                int length = in.readNBytes(bytes, 0, bytes.length);
                read += length;
                if (length < bytes.length) {
                    requireRead(source, read);
                }
                checksum.update(bytes);
                send(number, bytes);
            }
            requireEnd(source, in);
            while (!underWay.isEmpty()) {
                awaitOne();
            }
            sent.sort(Comparator.comparingInt(S3Port.Part::number));
        }

        private void send(int number, byte[] bytes) {
            FutureTask<S3Port.Part> part =
                    new FutureTask<>(() ->
                            port.sendPart(key, id, number, bytes, bytes.length, patience.forBytes(bytes.length))) {
                        @Override
                        protected void done() {
                            ended.add(this);
                        }
                    };
            underWay.add(part);
            try {
                host.executor().execute(part);
            } catch (RejectedExecutionException e) {
                // this thread sends it when it comes to wait for it
            }
        }

        /** Waits for any part to end, so that a slow one doesn't hold up those behind it. */
        private void awaitOne() throws S3Failure {
            // unless another thread has begun; the oldest may be a slow one, and this thread has the next ones to send
            underWay.getLast().run();
            try {
                FutureTask<S3Port.Part> part = ended.take();
                sent.add(part.get());
                underWay.remove(part);
            } catch (InterruptedException e) {
                throw S3Failure.unanswered(Stage.INTERRUPTED, "interrupted while it waited for a part", e);
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                if (cause instanceof S3Failure failure) {
                    throw failure;
                }
                throw new IllegalStateException(cause);
            }
        }

        CreateOutcome complete() throws S3Failure {
            boolean settled = false;
            try {
                port.complete(key, id, sent, source.sizeBytes(), Ranges.base64(checksum), patience.forCompletion());
                settled = true;
                return CreateOutcome.CREATED;
            } catch (S3Failure e) {
                if (e.isPreconditionFailed()) {
                    return CreateOutcome.EXISTS;
                }
                if (stands()) {
                    settled = true;
                    return CreateOutcome.CREATED; // by this request or by another one with the same bytes
                }
                throw e;
            } finally {
                if (!settled) {
                    abort();
                }
            }
        }

        private boolean stands() {
            try {
                return port.head(key, patience.timeout()).sizeBytes() == source.sizeBytes();
            } catch (S3Failure e) {
                return false;
            }
        }

        /** Leaves nothing behind that costs money, as far as the store can be reached; a lifecycle rule takes the rest. */
        void abort() {
            boolean interrupted = Thread.interrupted();
            try {
                for (FutureTask<S3Port.Part> part : underWay) {
                    // one that lands after the abort would stay
                    interrupted |= !part.cancel(false) && awaitEnd(part);
                }
                port.abort(key, id, patience.timeout());
            } catch (S3Failure e) {
                // the reason why the upload is given up is on its way up
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private boolean awaitEnd(FutureTask<S3Port.Part> part) {
            try {
                part.get();
                return false;
            } catch (InterruptedException e) {
                return true;
            } catch (ExecutionException e) {
                return false;
            }
        }
    }
}
