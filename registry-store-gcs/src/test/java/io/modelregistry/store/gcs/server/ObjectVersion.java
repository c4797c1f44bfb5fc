package io.modelregistry.store.gcs.server;

import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * One generation of an object: https://cloud.google.com/storage/docs/json_api/v1/objects#resource.
 *
 * @param metadata what the writer gave: contentType, cacheControl, contentEncoding, storageClass, kmsKeyName and so on
 * @param deleted when it was replaced or deleted in a versioned bucket; null while it is live
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ObjectVersion(
        String bucket,
        String name,
        byte[] content,
        JsonObject metadata,
        String crc32c,
        String md5Hash,
        long generation,
        long metageneration,
        Instant created,
        Instant updated,
        Instant deleted) {

    static ObjectVersion unstored(String bucket, String name, byte[] content, JsonObject metadata) {
        return new ObjectVersion(
                bucket,
                name,
                content,
                metadata,
                crc32c(content),
                md5(content),
                0,
                1,
                Instant.EPOCH,
                Instant.EPOCH,
                null);
    }

    ObjectVersion stored(long itsGeneration, Instant now) {
        return new ObjectVersion(bucket, name, content, metadata, crc32c, md5Hash, itsGeneration, 1, now, now, null);
    }

    ObjectVersion changed(JsonObject newMetadata, Instant now) {
        return new ObjectVersion(
                bucket,
                name,
                content,
                newMetadata,
                crc32c,
                md5Hash,
                generation,
                metageneration + 1,
                created,
                now,
                deleted);
    }

    ObjectVersion noLongerLive(Instant now) {
        return new ObjectVersion(
                bucket, name, content, metadata, crc32c, md5Hash, generation, metageneration, created, updated, now);
    }

    ObjectVersion created(Instant time) {
        return new ObjectVersion(
                bucket, name, content, metadata, crc32c, md5Hash, generation, metageneration, time, time, deleted);
    }

    ObjectVersion damaged(byte[] other) {
        return new ObjectVersion(
                bucket,
                name,
                other,
                metadata,
                crc32c(other),
                md5(other),
                generation,
                metageneration,
                created,
                updated,
                deleted);
    }

    /** What the writer gave, or null. */
    public String metadata(String field) {
        return metadata.has(field) ? metadata.get(field).getAsString() : null;
    }

    JsonObject resource() {
        JsonObject resource = new JsonObject();
        resource.addProperty("kind", "storage#object");
        resource.addProperty("id", bucket + "/" + name + "/" + generation);
        resource.addProperty("name", name);
        resource.addProperty("bucket", bucket);
        resource.addProperty("generation", Long.toString(generation));
        resource.addProperty("metageneration", Long.toString(metageneration));
        resource.addProperty("contentType", "application/octet-stream");
        resource.addProperty("storageClass", "STANDARD");
        metadata.entrySet().forEach(entry -> resource.add(entry.getKey(), entry.getValue()));
        resource.addProperty("size", Integer.toString(content.length));
        resource.addProperty("md5Hash", md5Hash);
        resource.addProperty("crc32c", crc32c);
        resource.addProperty("etag", etag());
        resource.addProperty("timeCreated", printed(created));
        resource.addProperty("updated", printed(updated));
        if (deleted != null) {
            resource.addProperty("timeDeleted", printed(deleted));
        }
        return resource;
    }

    String etag() {
        ByteBuffer both =
                ByteBuffer.allocate(2 * Long.BYTES).putLong(generation).putLong(metageneration);
        return Base64.getEncoder().encodeToString(both.array());
    }

    /** To the millisecond, as the store does. */
    private static String printed(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    static String crc32c(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
    }

    private static String md5(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
