package io.modelregistry.store.gcs.server;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code objects.insert} in one request: https://cloud.google.com/storage/docs/json_api/v1/objects/insert */
final class Inserts {
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");

    private Inserts() {}

    static void allowParameters(Request request) {
        request.allow(
                "name",
                "ifGenerationMatch",
                "ifGenerationNotMatch",
                "ifMetagenerationMatch",
                "kmsKeyName",
                "predefinedAcl",
                "contentEncoding");
    }

    static Answer insert(Request request, Bucket bucket, Caller caller) throws IOException {
        allowParameters(request);
        byte[] body = request.bytes();
        boolean isMultipart = "multipart".equals(request.parameter("uploadType"));
        Parts parts = isMultipart
                ? Parts.of(String.valueOf(request.header("Content-Type")), body)
                : new Parts(new JsonObject(), body);
        ObjectVersion unstored = unstored(request, bucket, parts.metadata(), parts.content());
        requireChecksums(parts.metadata(), unstored);
        ObjectVersion stored = bucket.insert(unstored, Preconditions.of(request), caller);
        return Answer.json(200, stored.resource(), request.parameter("fields"));
    }

    static ObjectVersion unstored(Request request, Bucket bucket, JsonObject metadata, byte[] content) {
        JsonObject kept = metadata.deepCopy();
        String name = request.parameter("name") == null && kept.has("name")
                ? kept.get("name").getAsString()
                : request.parameter("name");
        if (name == null || name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > 1024) {
            throw Refusal.badRequest("Invalid object name");
        }
        for (String given : new String[] {"name", "bucket", "crc32c", "md5Hash", "size", "generation"}) {
            kept.remove(given);
        }
        if (request.parameter("kmsKeyName") != null) {
            kept.addProperty("kmsKeyName", request.parameter("kmsKeyName"));
        }
        return ObjectVersion.unstored(bucket.name(), name, content, kept);
    }

    /** https://cloud.google.com/storage/docs/data-validation */
    static void requireChecksums(JsonObject metadata, ObjectVersion unstored) {
        require("CRC32C", metadata, "crc32c", unstored.crc32c());
        require("MD5 hash", metadata, "md5Hash", unstored.md5Hash());
    }

    private static void require(String what, JsonObject metadata, String field, String calculated) {
        if (metadata.has(field) && !metadata.get(field).getAsString().equals(calculated)) {
            throw Refusal.badRequest(
                    "Provided " + what + " \"" + metadata.get(field).getAsString() + "\" doesn't match calculated "
                            + what + " \"" + calculated + "\".");
        }
    }

    static JsonObject json(byte[] bytes) {
        try {
            return bytes.length == 0
                    ? new JsonObject()
                    : JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8))
                            .getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw Refusal.badRequest("Parse Error");
        }
    }

    /** The two parts of a {@code multipart/related} body: https://cloud.google.com/storage/docs/uploading-objects-from-memory */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Parts(JsonObject metadata, byte[] content) {

        static Parts of(String contentType, byte[] body) {
            Matcher boundary = BOUNDARY.matcher(contentType);
            if (!contentType.startsWith("multipart/related") || !boundary.find()) {
                throw Refusal.badRequest("Bad content type. Please use multipart.");
            }
            byte[] line = ("--" + boundary.group(1)).getBytes(StandardCharsets.ISO_8859_1);
            int first = indexOf(body, line, 0);
            int second = indexOf(body, line, first + line.length);
            int third = indexOf(body, line, second + line.length);
            if (first < 0 || second < 0 || third < 0) {
                throw Refusal.badRequest("Malformed multipart body.");
            }
            return new Parts(json(content(body, first, second)), content(body, second, third));
        }

        /** After the empty line that ends a part's headers, up to the line break before the next boundary. */
        private static byte[] content(byte[] body, int from, int to) {
            int headersEnd = indexOf(body, new byte[] {'\r', '\n', '\r', '\n'}, from);
            if (headersEnd < 0 || headersEnd + 4 > to - 2) {
                throw Refusal.badRequest("Malformed multipart body.");
            }
            return Arrays.copyOfRange(body, headersEnd + 4, to - 2);
        }

        private static int indexOf(byte[] body, byte[] sought, int from) {
            for (int i = Math.max(0, from); i <= body.length - sought.length; i++) {
                if (body[i] == sought[0] && Arrays.equals(body, i, i + sought.length, sought, 0, sought.length)) {
                    return i;
                }
            }
            return -1;
        }
    }
}
