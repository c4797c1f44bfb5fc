package io.modelregistry.store.s3;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests that are made of a bucket; one implementation for each SDK. Keys are the bucket's own, prefix included. Every method makes one
 * request, ends within its timeout and fails with {@link S3Failure} only. Reads, and writes that are harmless twice, may be repeated by the SDK.
 *
 * <p>Thread-safe.
 */
interface S3Port extends AutoCloseable {

    /** What goes into an object, and its SHA-256 as hexadecimal digits. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record Content(byte[] bytes, String sha256) {}

    /** What the store says about an object. */
    record Facts(
            long sizeBytes,
            Instant lastModified,
            String etag,
            @Nullable String versionId,
            @Nullable String sha256,
            @Nullable String crc32c) {}

    /** An answer whose body is still to be read. {@code abort} gives it up together with its connection. */
    record Body(Facts facts, long offset, long length, InputStream in, Runnable abort) {}

    /** Both lists in key order. */
    record Page(List<String> keys, List<String> folders, boolean more) {}

    /** One version of a key, or one marker that it was deleted. */
    record VersionedKey(String key, String versionId, boolean latest) {}

    /** @param next null at the end */
    record VersionsPage(
            List<VersionedKey> versions, @Nullable VersionCursor next) {}

    record VersionCursor(String key, @Nullable String versionId) {}

    /** A part that the store has. */
    record Part(int number, String etag, @Nullable String crc32c) {}

    /** Exactly one attempt on the wire, with {@code If-None-Match: *}. */
    void putIfAbsent(String key, Content content, Usage usage, Duration timeout) throws S3Failure;

    void put(String key, Content content, Usage usage, Duration timeout) throws S3Failure;

    /**
     * @param length of the range that begins at {@code offset}; -1 for the whole object, without a range
     * @param etag of the object that an earlier range was read of, or null
     */
    Body get(String key, long offset, long length, @Nullable String etag, Duration timeout) throws S3Failure;

    Facts head(String key, Duration timeout) throws S3Failure;

    /** @param delimiter null for every key */
    Page list(String prefix, @Nullable String delimiter, String startAfter, int limit, Duration timeout)
            throws S3Failure;

    VersionsPage versions(String prefix, @Nullable VersionCursor after, Duration timeout) throws S3Failure;

    /** Deletes the current object if it still has this tag, where the store looks at it. */
    void delete(String key, String etag, Duration timeout) throws S3Failure;

    void deleteVersion(String key, String versionId, Duration timeout) throws S3Failure;

    /** Begins an upload in parts and returns its id. */
    String begin(String key, Duration timeout) throws S3Failure;

    Part sendPart(String key, String upload, int number, byte[] bytes, int length, Duration timeout) throws S3Failure;

    /** @param crc32c of the whole content, as the store writes it */
    void complete(String key, String upload, List<Part> parts, long sizeBytes, String crc32c, Duration timeout)
            throws S3Failure;

    void abort(String key, String upload, Duration timeout) throws S3Failure;

    /** Asks the store for anything, so that its clock is observed. */
    void askTime(String key, Duration timeout) throws S3Failure;

    @Override
    void close();

    /** What an object is for: settings may differ. */
    enum Usage {
        SMALL,
        BLOB
    }

    /** Closes what is no longer of use; its failure says nothing. */
    static void closeQuietly(InputStream in) {
        try {
            in.close();
        } catch (IOException | RuntimeException e) {
            // what was wanted of it has been read, or has failed already
        }
    }
}
