package io.modelregistry.store.gcs.server;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code objects.insert} in chunks: https://cloud.google.com/storage/docs/performing-resumable-uploads. Preconditions are those of the first
 * request and are looked at when the object is made, as Google's test bench does.
 */
final class ResumableUploads {
    private static final int CHUNK_UNIT = 256 << 10;
    private static final Pattern RANGE = Pattern.compile("bytes (?:(\\d+)-(\\d+)|\\*)/(\\d+|\\*)");

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    private static final class Session {
        private final Request begun;
        private final JsonObject metadata;
        private final Caller caller;
        private final ByteArrayOutputStream persisted = new ByteArrayOutputStream();
        private ObjectVersion made;

        Session(Request begun, JsonObject metadata, Caller caller) {
            this.begun = begun;
            this.metadata = metadata;
            this.caller = caller;
        }
    }

    Answer begin(Request request, Bucket bucket, Caller caller) throws IOException {
        Inserts.allowParameters(request);
        JsonObject metadata = Inserts.json(request.bytes());
        String name = Inserts.unstored(request, bucket, metadata, new byte[0]).name();
        caller.require("storage.objects.create", bucket.name(), name);
        String id = "upload-" + ids.incrementAndGet();
        sessions.put(id, new Session(request, metadata, caller));
        return Answer.empty(200)
                .with("X-GUploader-UploadID", id)
                .with(
                        "Location",
                        request.origin() + "/upload/storage/v1/b/" + bucket.name()
                                + "/o?uploadType=resumable&upload_id=" + id);
    }

    Answer cancel(Request request) {
        if (sessions.remove(String.valueOf(request.parameter("upload_id"))) == null) {
            throw Refusal.notFound("No such upload");
        }
        return Answer.empty(499);
    }

    Answer put(Request request, Bucket bucket) throws IOException {
        Session session = sessions.get(String.valueOf(request.parameter("upload_id")));
        if (session == null) {
            throw Refusal.notFound("No such upload");
        }
        synchronized (session) {
            return put(request, bucket, session);
        }
    }

    private static Answer put(Request request, Bucket bucket, Session session) throws IOException {
        if (session.made == null) {
            String header = request.header("Content-Range");
            Matcher range = RANGE.matcher(header == null ? "bytes 0-0/*" : header);
            if (!range.matches()) {
                throw Refusal.badRequest("Failed to parse Content-Range header.");
            }
            boolean isChunk = range.group(1) != null;
            long total = header == null || range.group(3).equals("*") ? -1 : Long.parseLong(range.group(3));
            if (header == null) {
                session.persisted.write(request.bytes());
                total = session.persisted.size();
            } else if (isChunk) {
                long first = Long.parseLong(range.group(1));
                long last = Long.parseLong(range.group(2));
                if (last + 1 != total && (last + 1 - first) % CHUNK_UNIT != 0) {
                    throw Refusal.badRequest("A chunk that is not the last is a multiple of 256 KiB");
                }
                persist(request.body(), session, first, last + 1 - first);
            }
            if (session.persisted.size() != total) {
                return incomplete(session);
            }
            session.made = make(request, bucket, session);
        }
        return Answer.json(200, session.made.resource(), session.begun.parameter("fields"));
    }

    /** Of a body that breaks off the store keeps what it has in whole units. What it has already is passed over. */
    private static void persist(InputStream body, Session session, long first, long length) throws IOException {
        long known = session.persisted.size() - first;
        if (known < 0) {
            throw Refusal.badRequest("Invalid request.  According to the Content-Range header, the upload offset is "
                    + first + " byte(s), which exceeds already uploaded size of " + session.persisted.size()
                    + " byte(s).");
        }
        ByteArrayOutputStream arrived = new ByteArrayOutputStream();
        boolean whole = false;
        try {
            body.transferTo(arrived);
            whole = arrived.size() == length;
        } finally {
            int usable = whole ? arrived.size() : arrived.size() - arrived.size() % CHUNK_UNIT;
            if (usable > known) {
                session.persisted.write(arrived.toByteArray(), (int) known, (int) (usable - known));
            }
        }
    }

    private static Answer incomplete(Session session) {
        Answer answer = Answer.empty(308);
        return session.persisted.size() == 0
                ? answer
                : answer.with("Range", "bytes=0-" + (session.persisted.size() - 1));
    }

    private static ObjectVersion make(Request last, Bucket bucket, Session session) {
        ObjectVersion unstored =
                Inserts.unstored(session.begun, bucket, session.metadata, session.persisted.toByteArray());
        Inserts.requireChecksums(session.metadata, unstored);
        String hash = last.header("X-Goog-Hash");
        if (hash != null && Arrays.stream(hash.split(",", -1)).noneMatch(("crc32c=" + unstored.crc32c())::equals)) {
            throw Refusal.badRequest(
                    "Provided CRC32C \"" + hash + "\" doesn't match calculated CRC32C \"" + unstored.crc32c() + "\".");
        }
        return bucket.insert(unstored, Preconditions.of(session.begun), session.caller);
    }
}
