package io.modelregistry.store.gcs.server;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** {@code objects.get}, the metadata or with {@code alt=media} the content: https://cloud.google.com/storage/docs/json_api/v1/objects/get */
final class Downloads {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)|bytes=-(\\d+)");

    private Downloads() {}

    static Answer get(Request request, Bucket bucket, String object, Caller caller) throws IOException {
        request.allow("generation", "ifGenerationMatch", "ifGenerationNotMatch", "ifMetagenerationMatch");
        caller.require("storage.objects.get", bucket.name(), object);
        ObjectVersion version = bucket.find(object, request.number("generation"));
        if (version == null) {
            caller.requireToMiss(bucket.name());
        }
        Preconditions preconditions = Preconditions.of(request);
        if (version == null && (preconditions.generationMatch() == null || preconditions.generationMatch() != 0)) {
            throw Refusal.noSuchObject(bucket.name() + "/" + object);
        }
        preconditions.requireOf(version);
        if (version == null) {
            throw Refusal.noSuchObject(bucket.name() + "/" + object);
        }
        return request.wantsMedia()
                ? media(request, version, bucket.doesPackDownloads())
                : Answer.json(200, version.resource(), request.parameter("fields"));
    }

    private static Answer media(Request request, ObjectVersion version, boolean packs) throws IOException {
        String storedEncoding = version.metadata("contentEncoding");
        boolean isPacked = "gzip".equals(storedEncoding);
        if (isPacked && !request.acceptsGzip()) {
            // decompressive transcoding, which knows no ranges: https://cloud.google.com/storage/docs/transcoding
            byte[] unpacked = new GZIPInputStream(new ByteArrayInputStream(version.content())).readAllBytes();
            return describe(Answer.bytes(200, unpacked), version)
                    .with("x-guploader-response-body-transformations", "gunzipped")
                    .with("Warning", "214 UploadServer gunzipped");
        }
        if (packs && request.acceptsGzip() && !isPacked) {
            return describe(Answer.bytes(200, pack(version.content())), version).with("Content-Encoding", "gzip");
        }
        Answer answer = describe(part(request.header("Range"), version.content()), version);
        return storedEncoding == null ? answer : answer.with("Content-Encoding", storedEncoding);
    }

    private static Answer part(String range, byte[] content) {
        Matcher asked = range == null ? null : RANGE.matcher(range);
        if (asked == null || !asked.matches()) {
            return Answer.bytes(200, content);
        }
        long first = 0;
        long last = content.length - 1L;
        if (asked.group(3) != null) {
            first = Math.max(0, content.length - Long.parseLong(asked.group(3)));
        } else {
            first = Long.parseLong(asked.group(1));
            last = asked.group(2).isEmpty() ? last : Math.min(last, Long.parseLong(asked.group(2)));
        }
        if (first >= content.length || first > last) {
            throw Refusal.rangeNotSatisfiable();
        }
        return Answer.range(206, content, (int) first, (int) (last - first) + 1)
                .with("Content-Range", "bytes " + first + "-" + last + "/" + content.length);
    }

    /**
     * The headers that the store was seen to send: https://github.com/floci-io/floci-gcp/issues/124. {@code Last-Modified} is the last
     * change of the metadata.
     */
    private static Answer describe(Answer answer, ObjectVersion version) {
        String type = version.metadata("contentType");
        String encoding = version.metadata("contentEncoding");
        String cache = version.metadata("cacheControl");
        return answer.with("Content-Type", type == null ? "application/octet-stream" : type)
                .with("Cache-Control", cache == null ? "public, max-age=3600" : cache)
                .with("ETag", version.etag())
                .with("Last-Modified", Answer.httpDate(version.updated()))
                .with("x-goog-hash", "crc32c=" + version.crc32c() + ",md5=" + version.md5Hash())
                .with("x-goog-generation", Long.toString(version.generation()))
                .with("x-goog-metageneration", Long.toString(version.metageneration()))
                .with("x-goog-stored-content-length", Integer.toString(version.content().length))
                .with("x-goog-stored-content-encoding", encoding == null ? "identity" : encoding)
                .with("x-goog-storage-class", "STANDARD");
    }

    private static byte[] pack(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }
}
