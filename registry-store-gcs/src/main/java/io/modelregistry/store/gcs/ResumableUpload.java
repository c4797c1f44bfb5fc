package io.modelregistry.store.gcs;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.EmptyContent;
import com.google.api.client.http.json.JsonHttpContent;
import com.google.api.services.storage.model.StorageObject;
import io.modelregistry.Host;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageException;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One upload in chunks, https://cloud.google.com/storage/docs/performing-resumable-uploads. A chunk whose answer is lost is asked for
 * and continued where the store has it, so that a large blob survives broken connections. The object comes to be with the last chunk, which
 * is sent only once the source has said that it is at its end; whether one stands already is decided then. Used once, by one thread.
 */
final class ResumableUpload {
    private static final int MOST_FAILURES = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final Call call;
    private final Wire wire;
    private final GcsErrors errors;
    private final Host host;
    private final long sizeBytes;
    private final byte[] chunk;
    private final CRC32C crc = new CRC32C();
    private @Nullable String session;
    private int failures;

    ResumableUpload(Call call, Wire wire, GcsErrors errors, Host host, int chunkBytes, long sizeBytes) {
        this.call = call;
        this.wire = wire;
        this.errors = errors;
        this.host = host;
        this.sizeBytes = sizeBytes;
        this.chunk = new byte[chunkBytes];
    }

    /** Returns false when the store says at once that an object stands. */
    boolean begin(String url, StorageObject metadata) {
        Call beginning = call.withoutEffect();
        JsonHttpContent body = new JsonHttpContent(Answer.JSON, metadata);
        try (Answer answer = wire.post(
                beginning,
                url,
                body,
                headers -> headers.set("X-Upload-Content-Type", ObjectWriter.CONTENT_TYPE)
                        .set("X-Upload-Content-Length", Long.toString(sizeBytes)))) {
            if (answer.status() == 412) {
                return false;
            }
            if (!answer.isSuccess()) {
                throw errors.refused(answer.status() == 404 ? call : beginning, answer);
            }
            session = answer.header("Location");
            answer.refusal();
        }
        if (session == null || !isAsSafe(session, url)) {
            session = null;
            throw errors.unintelligible(
                    beginning, "the store began an upload without saying where it is, or not at a fit address");
        }
        return true;
    }

    /** Credentials go there too. */
    private static boolean isAsSafe(String address, String begunAt) {
        return address.startsWith("https://") || (address.startsWith("http://") && begunAt.startsWith("http://"));
    }

    CreateOutcome send(SourceReader source) {
        long offset = 0;
        while (true) {
            int length = (int) Math.min(chunk.length, sizeBytes - offset);
            source.fill(chunk, length);
            crc.update(chunk, 0, length);
            boolean isLast = offset + length == sizeBytes;
            if (isLast) {
                source.requireEnd();
            }
            CreateOutcome outcome = send(offset, length, isLast ? call : call.withoutEffect());
            if (outcome != null) {
                return outcome;
            }
            offset += length;
        }
    }

    /** What was sent, as the store would say it. */
    String crc32c() {
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** Forgets what was sent. The store would do so after a week. */
    void cancel() {
        try (Answer answer = wire.delete(call.withoutEffect(), address())) {
            answer.refusal();
        } catch (StorageException e) {
            // it is only tidying up
        }
    }

    /** Sends one chunk until the store has all of it. Null when more chunks are to follow. */
    private @Nullable CreateOutcome send(long offset, int length, Call sending) {
        failures = 0;
        int sent = 0;
        boolean ask = false;
        while (true) {
            try (Answer answer =
                    ask ? put(sending, "bytes */" + sizeBytes, 0, 0) : putChunk(sending, offset, sent, length)) {
                if (answer.isSuccess()) {
                    answer.refusal();
                    return CreateOutcome.CREATED;
                }
                switch (answer.status()) {
                    case 308 -> {
                        int before = sent;
                        sent = persisted(sending, answer, offset, length);
                        if (sent == length && offset + length < sizeBytes) {
                            return null;
                        }
                        ask = sent == length; // everything is there, but no object yet
                        failures = sent > before ? 0 : failures;
                        if (sent <= before) {
                            pause(
                                    sending,
                                    errors.unintelligible(
                                            sending, "the store takes no more than " + (offset + sent) + " bytes"));
                        }
                    }
                    case 412 -> {
                        return CreateOutcome.EXISTS;
                    }
                    case 408, 429, 500, 502, 503, 504 -> {
                        pause(sending, errors.refused(sending, answer));
                        ask = true;
                    }
                    default -> throw errors.refused(answer.status() == 404 ? sending.withoutEffect() : sending, answer);
                }
            } catch (StorageException e) {
                boolean passing =
                        e.kind() == StorageException.Kind.UNKNOWN || e.kind() == StorageException.Kind.UNAVAILABLE;
                if (!passing || e.getCause() == null) {
                    throw e;
                }
                pause(sending, e);
                ask = true;
            }
        }
    }

    private Answer putChunk(Call sending, long offset, int sent, int length) {
        long first = offset + sent;
        return put(sending, "bytes " + first + "-" + (offset + length - 1) + "/" + sizeBytes, sent, length - sent);
    }

    private Answer put(Call sending, String range, int from, int length) {
        return wire.put(
                sending,
                address(),
                length == 0 ? new EmptyContent() : new ByteArrayContent(ObjectWriter.CONTENT_TYPE, chunk, from, length),
                headers -> headers.setContentRange(range));
    }

    private String address() {
        if (session == null) {
            throw new IllegalStateException("The upload has not begun");
        }
        return session;
    }

    /** How much of this chunk the store has. No {@code Range} says that it has nothing at all. */
    private int persisted(Call sending, Answer answer, long offset, int length) {
        String range = answer.header("Range");
        answer.refusal();
        long end = 0;
        if (range != null) {
            try {
                end = Long.parseLong(range.substring(range.lastIndexOf('-') + 1).strip()) + 1;
            } catch (NumberFormatException e) {
                throw errors.unintelligible(sending, "the store has Range: " + range);
            }
        }
        if (end < offset || end > offset + length) {
            throw errors.unintelligible(
                    sending, "the store has " + end + " bytes, sent were " + offset + " to " + (offset + length));
        }
        return (int) (end - offset);
    }

    private void pause(Call sending, StorageException failure) {
        failures++;
        if (failures == MOST_FAILURES) {
            throw failure;
        }
        try {
            host.pause(FIRST_PAUSE.multipliedBy((long) ((1 << failures) * (1 + host.random()))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw errors.broken(sending, new IOException("interrupted while waiting to go on with it", failure), false);
        }
    }
}
