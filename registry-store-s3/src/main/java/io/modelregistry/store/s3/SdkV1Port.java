package io.modelregistry.store.s3;

import com.amazonaws.AmazonServiceException;
import com.amazonaws.AmazonWebServiceRequest;
import com.amazonaws.ResetException;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.model.AbortMultipartUploadRequest;
import com.amazonaws.services.s3.model.AmazonS3Exception;
import com.amazonaws.services.s3.model.CompleteMultipartUploadRequest;
import com.amazonaws.services.s3.model.DeleteObjectRequest;
import com.amazonaws.services.s3.model.DeleteVersionRequest;
import com.amazonaws.services.s3.model.GetObjectMetadataRequest;
import com.amazonaws.services.s3.model.GetObjectRequest;
import com.amazonaws.services.s3.model.InitiateMultipartUploadRequest;
import com.amazonaws.services.s3.model.ListObjectsV2Request;
import com.amazonaws.services.s3.model.ListObjectsV2Result;
import com.amazonaws.services.s3.model.ListVersionsRequest;
import com.amazonaws.services.s3.model.ObjectMetadata;
import com.amazonaws.services.s3.model.PartETag;
import com.amazonaws.services.s3.model.PutObjectRequest;
import com.amazonaws.services.s3.model.S3Object;
import com.amazonaws.services.s3.model.S3ObjectInputStream;
import com.amazonaws.services.s3.model.S3ObjectSummary;
import com.amazonaws.services.s3.model.SSEAwsKeyManagementParams;
import com.amazonaws.services.s3.model.StorageClass;
import com.amazonaws.services.s3.model.UploadPartRequest;
import com.amazonaws.services.s3.model.VersionListing;
import io.modelregistry.store.s3.S3Failure.Stage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The requests, made with an application's client of the first AWS SDK, which stays open. Thread-safe. */
final class SdkV1Port implements S3Port {
    private static final String CHECKSUM_SHA256 = "x-amz-checksum-sha256";
    private static final int USUAL_ATTEMPTS = 4;
    private static final HexFormat HEX = HexFormat.of();

    private final AmazonS3 client;
    private final String bucket;
    private final S3Settings settings;
    private final StoreClock clock;
    private final boolean requesterPays;
    private final Uninterrupted threads = new Uninterrupted();

    SdkV1Port(AmazonS3 client, String bucket, S3Settings settings, StoreClock clock) {
        this.client = client;
        this.bucket = bucket;
        this.settings = settings;
        this.clock = clock;
        this.requesterPays = settings.payer() == S3Settings.Payer.REQUESTER;
    }

    @Override
    public void putIfAbsent(String key, Content content, Usage usage, Duration timeout) throws S3Failure {
        OneAttempt once = new OneAttempt(content.bytes());
        PutObjectRequest put = putRequest(key, content, usage, once);
        put.setIfNoneMatch("*");
        put.setGeneralProgressListener(once.listener());
        send(limited(put, timeout));
    }

    @Override
    public void put(String key, Content content, Usage usage, Duration timeout) throws S3Failure {
        send(limited(putRequest(key, content, usage, new ByteArrayInputStream(content.bytes())), timeout));
    }

    private PutObjectRequest putRequest(String key, Content content, Usage usage, InputStream in) {
        PutObjectRequest put = new PutObjectRequest(bucket, key, in, metadata(content.bytes().length));
        put.setRequesterPays(requesterPays);
        if (usage == Usage.BLOB && settings.blobStorageClass() != null) {
            put.setStorageClass(settings.blobStorageClass());
        }
        if (settings.encryption() == S3Settings.Encryption.SSE_KMS) {
            put.setSSEAwsKeyManagementParams(kms());
        }
        if (settings.checksums() == S3Settings.Checksums.SENT) {
            put.putCustomRequestHeader(
                    CHECKSUM_SHA256, Base64.getEncoder().encodeToString(HEX.parseHex(content.sha256())));
        }
        return put;
    }

    private void send(PutObjectRequest put) throws S3Failure {
        requireTag(called(() -> client.putObject(put)).getETag());
    }

    private ObjectMetadata metadata(long length) {
        ObjectMetadata metadata = new ObjectMetadata();
        metadata.setContentLength(length);
        metadata.setContentType("application/octet-stream");
        if (settings.encryption() == S3Settings.Encryption.SSE_S3) {
            metadata.setSSEAlgorithm(ObjectMetadata.AES_256_SERVER_SIDE_ENCRYPTION);
        }
        return metadata;
    }

    private SSEAwsKeyManagementParams kms() {
        return settings.kmsKey() == null
                ? new SSEAwsKeyManagementParams()
                : new SSEAwsKeyManagementParams(settings.kmsKey());
    }

    /** A success has a tag; an error that came with status 200 has none. */
    private static void requireTag(@Nullable String etag) throws S3Failure {
        if (etag == null || etag.isEmpty()) {
            throw S3Failure.answered(200, null, "but named no ETag", null);
        }
    }

    @Override
    public Body get(String key, long offset, long length, @Nullable String etag, Duration timeout) throws S3Failure {
        GetObjectRequest get = new GetObjectRequest(bucket, key);
        get.setRequesterPays(requesterPays);
        if (length >= 0) {
            long last = offset + length - 1;
            get.setRange(offset, last < offset ? Long.MAX_VALUE - 1 : last);
        }
        if (etag != null) {
            get.setMatchingETagConstraints(List.of(etag));
        }
        S3Object answer = called(() -> client.getObject(repeated(get, timeout)));
        if (answer == null) {
            throw S3Failure.answered(412, null, "the object is another one now", null);
        }
        S3ObjectInputStream in = answer.getObjectContent();
        ObjectMetadata metadata = answer.getObjectMetadata();
        Object range = metadata.getRawMetadataValue("Content-Range");
        Ranges.Span span;
        try {
            span = Ranges.span(range == null ? null : range.toString(), metadata.getContentLength(), offset);
        } catch (S3Failure e) {
            in.abort();
            throw e;
        }
        return new Body(
                facts(metadata, span.objectBytes()),
                span.offset(),
                span.length(),
                threads.stream(in),
                () -> threads.call(() -> {
                    in.abort();
                    return Boolean.TRUE;
                }));
    }

    @Override
    public Facts head(String key, Duration timeout) throws S3Failure {
        GetObjectMetadataRequest head = new GetObjectMetadataRequest(bucket, key);
        head.setRequesterPays(requesterPays);
        if (settings.checksums() == S3Settings.Checksums.SENT) {
            head.putCustomRequestHeader("x-amz-checksum-mode", "ENABLED");
        }
        ObjectMetadata answer = called(() -> client.getObjectMetadata(repeated(head, timeout)));
        return facts(answer, answer.getContentLength());
    }

    private static Facts facts(ObjectMetadata metadata, long sizeBytes) {
        Date modified = metadata.getLastModified();
        Object sha256 = metadata.getRawMetadataValue(CHECKSUM_SHA256);
        return new Facts(
                sizeBytes,
                modified == null ? Instant.EPOCH : modified.toInstant(),
                metadata.getETag(),
                metadata.getVersionId(),
                Ranges.hex(sha256 == null ? null : sha256.toString(), 32),
                null);
    }

    @Override
    public Page list(String prefix, @Nullable String delimiter, String startAfter, int limit, Duration timeout)
            throws S3Failure {
        ListObjectsV2Request list = new ListObjectsV2Request()
                .withBucketName(bucket)
                .withPrefix(prefix)
                .withDelimiter(delimiter)
                .withStartAfter(startAfter.isEmpty() ? null : startAfter)
                .withMaxKeys(limit);
        list.setRequesterPays(requesterPays);
        ListObjectsV2Result answer = called(() -> client.listObjectsV2(repeated(list, timeout)));
        return new Page(
                answer.getObjectSummaries().stream()
                        .map(S3ObjectSummary::getKey)
                        .toList(),
                List.copyOf(answer.getCommonPrefixes()),
                answer.isTruncated());
    }

    @Override
    public VersionsPage versions(String prefix, @Nullable VersionCursor after, Duration timeout) throws S3Failure {
        ListVersionsRequest list =
                new ListVersionsRequest().withBucketName(bucket).withPrefix(prefix);
        if (after != null) {
            list.setKeyMarker(after.key());
            list.setVersionIdMarker(after.versionId());
        }
        VersionListing answer = called(() -> client.listVersions(repeated(list, timeout)));
        List<VersionedKey> versions = answer.getVersionSummaries().stream()
                .map(each -> new VersionedKey(each.getKey(), each.getVersionId(), each.isLatest()))
                .toList();
        return new VersionsPage(
                versions,
                answer.isTruncated()
                        ? new VersionCursor(answer.getNextKeyMarker(), answer.getNextVersionIdMarker())
                        : null);
    }

    @Override
    public void delete(String key, String etag, Duration timeout) throws S3Failure {
        DeleteObjectRequest delete = new DeleteObjectRequest(bucket, key);
        delete.setRequesterPays(requesterPays);
        delete.putCustomRequestHeader("If-Match", etag.startsWith("\"") ? etag : "\"" + etag + "\"");
        run(() -> client.deleteObject(repeated(delete, timeout)));
    }

    @Override
    public void deleteVersion(String key, String versionId, Duration timeout) throws S3Failure {
        DeleteVersionRequest delete = new DeleteVersionRequest(bucket, key, versionId);
        run(() -> client.deleteVersion(repeated(delete, timeout)));
    }

    @Override
    public String begin(String key, Duration timeout) throws S3Failure {
        InitiateMultipartUploadRequest begin = new InitiateMultipartUploadRequest(bucket, key);
        ObjectMetadata metadata = new ObjectMetadata();
        metadata.setContentType("application/octet-stream");
        if (settings.encryption() == S3Settings.Encryption.SSE_S3) {
            metadata.setSSEAlgorithm(ObjectMetadata.AES_256_SERVER_SIDE_ENCRYPTION);
        } else if (settings.encryption() == S3Settings.Encryption.SSE_KMS) {
            begin.setSSEAwsKeyManagementParams(kms());
        }
        begin.setObjectMetadata(metadata);
        begin.setRequesterPays(requesterPays);
        if (settings.blobStorageClass() != null) {
            begin.setStorageClass(StorageClass.fromValue(settings.blobStorageClass()));
        }
        return called(() -> client.initiateMultipartUpload(repeated(begin, timeout)))
                .getUploadId();
    }

    @Override
    public Part sendPart(String key, String upload, int number, byte[] bytes, int length, Duration timeout)
            throws S3Failure {
        UploadPartRequest part = new UploadPartRequest()
                .withBucketName(bucket)
                .withKey(key)
                .withUploadId(upload)
                .withPartNumber(number)
                .withPartSize(length)
                .withInputStream(new ByteArrayInputStream(bytes, 0, length));
        part.setRequesterPays(requesterPays);
        String etag = called(() -> client.uploadPart(limited(part, timeout))).getETag();
        requireTag(etag);
        return new Part(number, etag, null);
    }

    @Override
    public void complete(String key, String upload, List<Part> parts, long sizeBytes, String crc32c, Duration timeout)
            throws S3Failure {
        List<PartETag> tags = parts.stream()
                .map(part -> new PartETag(part.number(), part.etag()))
                .toList();
        CompleteMultipartUploadRequest complete = new CompleteMultipartUploadRequest(bucket, key, upload, tags);
        complete.setRequesterPays(requesterPays);
        complete.setIfNoneMatch("*");
        requireTag(called(() -> client.completeMultipartUpload(limited(complete, timeout)))
                .getETag());
    }

    @Override
    public void abort(String key, String upload, Duration timeout) throws S3Failure {
        AbortMultipartUploadRequest abort = new AbortMultipartUploadRequest(bucket, key, upload);
        abort.setRequesterPays(requesterPays);
        run(() -> client.abortMultipartUpload(repeated(abort, timeout)));
    }

    /** This SDK hides the date of a success, but not that of a failure. */
    @Override
    public void askTime(String key, Duration timeout) throws S3Failure {
        head(key + ".never", timeout);
    }

    /** Leaves the application's client as it is. */
    @Override
    public void close() {}

    /**
     * Limits each attempt. The SDK's limit for all attempts together works by interrupts, and swallows those that are meant for the application.
     */
    private static <T extends AmazonWebServiceRequest> T limited(T request, Duration timeout) {
        request.setSdkRequestTimeout((int) Math.min(Integer.MAX_VALUE, timeout.toMillis()));
        return request;
    }

    /** Limits what the SDK may repeat, so that all attempts of a client with default settings end in time. */
    private static <T extends AmazonWebServiceRequest> T repeated(T request, Duration timeout) {
        return limited(request, timeout.dividedBy(USUAL_ATTEMPTS));
    }

    private void run(Runnable request) throws S3Failure {
        called(() -> {
            request.run();
            return Boolean.TRUE;
        });
    }

    private <T extends @Nullable Object> T called(Supplier<T> request) throws S3Failure {
        long asked = clock.asked();
        try {
            return threads.call(request);
        } catch (AmazonServiceException e) {
            throw answered(e, asked);
        } catch (ResetException e) {
            // the SDK wanted to repeat what is sent once; why, it says to its log only
            throw S3Failure.unanswered(Stage.NO_ANSWER, "the first attempt failed", e);
        } catch (RuntimeException e) {
            throw S3Failure.unanswered(Causes.stage(e), Causes.said(e), e);
        }
    }

    private S3Failure answered(AmazonServiceException e, long asked) {
        Map<String, String> headers = e.getHttpHeaders() == null ? Map.of() : e.getHttpHeaders();
        clock.answered(asked, header(headers, "Date"));
        S3Failure failure = S3Failure.answered(e.getStatusCode(), code(e), e.getErrorMessage(), e);
        if (Boolean.parseBoolean(header(headers, "x-amz-delete-marker"))) {
            String version = header(headers, "x-amz-version-id");
            failure = failure.withDeleteMarker(version == null ? "unknown" : version);
        }
        String region = header(headers, "x-amz-bucket-region");
        if (region == null && e instanceof AmazonS3Exception s3 && s3.getAdditionalDetails() != null) {
            region = s3.getAdditionalDetails().get("Region");
        }
        return region == null ? failure : failure.withBucketRegion(region.toLowerCase(Locale.ROOT));
    }

    /** To an answer without a body this SDK gives a code of its own: {@code 404 Not Found}. */
    private static @Nullable String code(AmazonServiceException e) {
        String code = e.getErrorCode();
        return code == null || code.contains(" ") ? null : code;
    }

    private static @Nullable String header(Map<String, String> headers, String name) {
        for (Map.Entry<String, String> each : headers.entrySet()) {
            if (each.getKey().equalsIgnoreCase(name)) {
                return each.getValue();
            }
        }
        return null;
    }
}
