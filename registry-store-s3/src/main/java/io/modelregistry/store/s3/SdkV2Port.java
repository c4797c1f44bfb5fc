package io.modelregistry.store.s3;

import io.modelregistry.store.s3.S3Failure.Stage;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.RequestPayer;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** The requests, made with the second AWS SDK. Thread-safe. */
final class SdkV2Port implements S3Port {
    private static final String OCTETS = "application/octet-stream";
    private static final HexFormat HEX = HexFormat.of();

    /** Makes one request of a client that repeats by itself a single attempt. */
    private static final SdkPlugin ONE_ATTEMPT = config ->
            config.overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()));

    private final S3Client client;
    private final Runnable close;
    private final String bucket;
    private final S3Settings settings;
    private final StoreClock clock;
    private final @Nullable RequestPayer payer;

    /** @param close what closing this port does to the client */
    SdkV2Port(S3Client client, Runnable close, String bucket, S3Settings settings, StoreClock clock) {
        this.client = client;
        this.close = close;
        this.bucket = bucket;
        this.settings = settings;
        this.clock = clock;
        this.payer = settings.payer() == S3Settings.Payer.REQUESTER ? RequestPayer.REQUESTER : null;
    }

    @Override
    public void putIfAbsent(String key, Content content, Usage usage, Duration timeout) throws S3Failure {
        send(key, content, usage, put -> put.ifNoneMatch("*").overrideConfiguration(limits(timeout, ONE_ATTEMPT)));
    }

    @Override
    public void put(String key, Content content, Usage usage, Duration timeout) throws S3Failure {
        send(key, content, usage, put -> put.overrideConfiguration(limits(timeout)));
    }

    private interface Put {
        PutObjectRequest.Builder with(PutObjectRequest.Builder put);
    }

    private void send(String key, Content content, Usage usage, Put rest) throws S3Failure {
        PutObjectRequest.Builder put = PutObjectRequest.builder()
                .bucket(bucket)
                .key(key)
                .contentType(OCTETS)
                .contentLength((long) content.bytes().length)
                .storageClass(usage == Usage.BLOB ? settings.blobStorageClass() : null)
                .serverSideEncryption(encryption())
                .ssekmsKeyId(settings.kmsKey())
                .requestPayer(payer);
        if (settings.checksums() == S3Settings.Checksums.SENT) {
            // a known digest also keeps the SDK from wrapping the body in chunks with a trailer, which many stores
            // reject
            put.checksumSHA256(Base64.getEncoder().encodeToString(HEX.parseHex(content.sha256())));
        }
        PutObjectRequest request = rest.with(put).build();
        PutObjectResponse answer =
                observed(() -> client.putObject(request, body(content.bytes(), content.bytes().length)));
        requireTag(answer.eTag());
    }

    /** A success has a tag; an error that came with status 200 has none. */
    private static void requireTag(@Nullable String etag) throws S3Failure {
        if (etag == null || etag.isEmpty()) {
            throw S3Failure.answered(200, null, "but named no ETag", null);
        }
    }

    private static RequestBody body(byte[] bytes, int length) {
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(bytes, 0, length), length, OCTETS);
    }

    @Override
    public Body get(String key, long offset, long length, @Nullable String etag, Duration timeout) throws S3Failure {
        String range = length < 0 ? null : Ranges.header(offset, length);
        long asked = clock.asked();
        ResponseInputStream<GetObjectResponse> in = called(() -> client.getObject(get -> get.bucket(bucket)
                .key(key)
                .range(range)
                .ifMatch(etag)
                .requestPayer(payer)
                .overrideConfiguration(limits(timeout))));
        GetObjectResponse answer = in.response();
        observe(asked, answer.sdkHttpResponse());
        Ranges.Span span;
        try {
            span = Ranges.span(answer.contentRange(), answer.contentLength(), offset);
        } catch (S3Failure e) {
            in.abort();
            throw e;
        }
        Facts facts = new Facts(
                span.objectBytes(),
                Objects.requireNonNullElse(answer.lastModified(), Instant.EPOCH),
                answer.eTag(),
                answer.versionId(),
                null,
                null);
        return new Body(facts, span.offset(), span.length(), in, in::abort);
    }

    @Override
    public Facts head(String key, Duration timeout) throws S3Failure {
        HeadObjectResponse answer = observed(() -> client.headObject(head -> head.bucket(bucket)
                .key(key)
                .checksumMode(settings.checksums() == S3Settings.Checksums.SENT ? ChecksumMode.ENABLED : null)
                .requestPayer(payer)
                .overrideConfiguration(limits(timeout))));
        return new Facts(
                answer.contentLength(),
                Objects.requireNonNullElse(answer.lastModified(), Instant.EPOCH),
                answer.eTag(),
                answer.versionId(),
                answer.checksumType() == ChecksumType.COMPOSITE ? null : Ranges.hex(answer.checksumSHA256(), 32),
                answer.checksumType() == ChecksumType.COMPOSITE ? null : Ranges.hex(answer.checksumCRC32C(), 4));
    }

    @Override
    public Page list(String prefix, @Nullable String delimiter, String startAfter, int limit, Duration timeout)
            throws S3Failure {
        ListObjectsV2Response answer = observed(() -> client.listObjectsV2(list -> list.bucket(bucket)
                .prefix(prefix)
                .delimiter(delimiter)
                .startAfter(startAfter.isEmpty() ? null : startAfter)
                .maxKeys(limit)
                .requestPayer(payer)
                .overrideConfiguration(limits(timeout))));
        return new Page(
                answer.contents().stream().map(S3Object::key).toList(),
                answer.commonPrefixes().stream().map(CommonPrefix::prefix).toList(),
                Boolean.TRUE.equals(answer.isTruncated()));
    }

    @Override
    public VersionsPage versions(String prefix, @Nullable VersionCursor after, Duration timeout) throws S3Failure {
        ListObjectVersionsResponse answer = observed(() -> client.listObjectVersions(list -> list.bucket(bucket)
                .prefix(prefix)
                .keyMarker(after == null ? null : after.key())
                .versionIdMarker(after == null ? null : after.versionId())
                .requestPayer(payer)
                .overrideConfiguration(limits(timeout))));
        List<VersionedKey> versions = new ArrayList<>();
        for (ObjectVersion each : answer.versions()) {
            versions.add(new VersionedKey(each.key(), each.versionId(), Boolean.TRUE.equals(each.isLatest())));
        }
        for (DeleteMarkerEntry each : answer.deleteMarkers()) {
            versions.add(new VersionedKey(each.key(), each.versionId(), Boolean.TRUE.equals(each.isLatest())));
        }
        boolean more = Boolean.TRUE.equals(answer.isTruncated());
        return new VersionsPage(
                versions, more ? new VersionCursor(answer.nextKeyMarker(), answer.nextVersionIdMarker()) : null);
    }

    @Override
    public void delete(String key, String etag, Duration timeout) throws S3Failure {
        observed(() -> client.deleteObject(delete -> delete.bucket(bucket)
                .key(key)
                .ifMatch(etag)
                .requestPayer(payer)
                .overrideConfiguration(limits(timeout))));
    }

    @Override
    public void deleteVersion(String key, String versionId, Duration timeout) throws S3Failure {
        observed(() -> client.deleteObject(delete -> delete.bucket(bucket)
                .key(key)
                .versionId(versionId)
                .requestPayer(payer)
                .overrideConfiguration(limits(timeout))));
    }

    @Override
    public String begin(String key, Duration timeout) throws S3Failure {
        CreateMultipartUploadRequest.Builder begin = CreateMultipartUploadRequest.builder()
                .bucket(bucket)
                .key(key)
                .contentType(OCTETS)
                .storageClass(settings.blobStorageClass())
                .serverSideEncryption(encryption())
                .ssekmsKeyId(settings.kmsKey())
                .requestPayer(payer)
                .overrideConfiguration(limits(timeout));
        if (settings.checksums() == S3Settings.Checksums.SENT) {
            begin.checksumAlgorithm(ChecksumAlgorithm.CRC32_C).checksumType(ChecksumType.FULL_OBJECT);
        }
        CreateMultipartUploadRequest request = begin.build();
        return observed(() -> client.createMultipartUpload(request)).uploadId();
    }

    @Override
    public Part sendPart(String key, String upload, int number, byte[] bytes, int length, Duration timeout)
            throws S3Failure {
        String crc32c = settings.checksums() == S3Settings.Checksums.SENT ? Ranges.crc32c(bytes, length) : null;
        UploadPartResponse answer = observed(() -> client.uploadPart(
                part -> part.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(number)
                        .contentLength((long) length)
                        .checksumCRC32C(crc32c)
                        .requestPayer(payer)
                        .overrideConfiguration(limits(timeout)),
                body(bytes, length)));
        requireTag(answer.eTag());
        return new Part(number, answer.eTag(), crc32c);
    }

    @Override
    public void complete(String key, String upload, List<Part> parts, long sizeBytes, String crc32c, Duration timeout)
            throws S3Failure {
        List<CompletedPart> completed = parts.stream()
                .map(part -> CompletedPart.builder()
                        .partNumber(part.number())
                        .eTag(part.etag())
                        .checksumCRC32C(part.crc32c())
                        .build())
                .toList();
        boolean checked = settings.checksums() == S3Settings.Checksums.SENT;
        String etag = observed(() -> client.completeMultipartUpload(complete -> complete.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .multipartUpload(all -> all.parts(completed))
                        .checksumCRC32C(checked ? crc32c : null)
                        .checksumType(checked ? ChecksumType.FULL_OBJECT : null)
                        .ifNoneMatch("*")
                        .requestPayer(payer)
                        .overrideConfiguration(limits(timeout))))
                .eTag();
        requireTag(etag);
    }

    @Override
    public void abort(String key, String upload, Duration timeout) throws S3Failure {
        observed(() -> client.abortMultipartUpload(abort -> abort.bucket(bucket)
                .key(key)
                .uploadId(upload)
                .requestPayer(payer)
                .overrideConfiguration(limits(timeout))));
    }

    @Override
    public void askTime(String key, Duration timeout) throws S3Failure {
        head(key, timeout);
    }

    @Override
    public void close() {
        close.run();
    }

    private @Nullable ServerSideEncryption encryption() {
        return switch (settings.encryption()) {
            case BUCKET_DEFAULT -> null;
            case SSE_S3 -> ServerSideEncryption.AES256;
            case SSE_KMS -> ServerSideEncryption.AWS_KMS;
        };
    }

    private static AwsRequestOverrideConfiguration limits(Duration timeout, SdkPlugin... plugins) {
        return AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(timeout)
                .plugins(List.of(plugins))
                .build();
    }

    private <T extends SdkResponse> T observed(Supplier<T> request) throws S3Failure {
        long asked = clock.asked();
        T answer = called(request);
        observe(asked, answer.sdkHttpResponse());
        return answer;
    }

    private void observe(long asked, @Nullable SdkHttpResponse answer) {
        if (answer != null) {
            clock.answered(asked, answer.firstMatchingHeader("Date").orElse(null));
        }
    }

    private <T> T called(Supplier<T> request) throws S3Failure {
        long asked = clock.asked();
        try {
            return request.get();
        } catch (SdkServiceException e) {
            throw answered(e, asked);
        } catch (AbortedException e) {
            throw S3Failure.unanswered(Stage.INTERRUPTED, String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            throw S3Failure.unanswered(Causes.stage(e), Causes.said(e), e);
        }
    }

    private S3Failure answered(SdkServiceException e, long asked) {
        AwsErrorDetails details = e instanceof AwsServiceException aws ? aws.awsErrorDetails() : null;
        SdkHttpResponse http = details == null ? null : details.sdkHttpResponse();
        observe(asked, http);
        S3Failure failure = S3Failure.answered(
                e.statusCode(),
                details == null ? null : details.errorCode(),
                details == null ? e.getMessage() : details.errorMessage(),
                e);
        if (http == null) {
            return failure;
        }
        if (http.firstMatchingHeader("x-amz-delete-marker")
                .map(Boolean::parseBoolean)
                .orElse(false)) {
            failure = failure.withDeleteMarker(
                    http.firstMatchingHeader("x-amz-version-id").orElse("unknown"));
        }
        String region = http.firstMatchingHeader("x-amz-bucket-region").orElse(null);
        return region == null ? failure : failure.withBucketRegion(region.toLowerCase(Locale.ROOT));
    }
}
