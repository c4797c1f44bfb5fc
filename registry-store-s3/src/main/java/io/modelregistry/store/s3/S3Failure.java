package io.modelregistry.store.s3;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request that failed, in words that both SDKs share. What it means for the operation is for {@link S3Errors} to say. */
final class S3Failure extends Exception {
    private static final long serialVersionUID = 1L;

    /** How far the request came. */
    enum Stage {
        /** No byte of it left this machine. */
        NOT_SENT,
        /** As above, because the SDK's chain found nobody to sign it as. */
        NO_CREDENTIALS,
        /** It may have been sent, and was not answered in time or at all. */
        NO_ANSWER,
        /** As above, because the thread was interrupted. */
        INTERRUPTED,
        ANSWERED
    }

    private final Stage stage;
    private final int status;
    private final String code;
    private final String said;
    private final @Nullable String deleteMarker;
    private final @Nullable String bucketRegion;

    private S3Failure(
            Stage stage,
            int status,
            String code,
            String said,
            @Nullable String deleteMarker,
            @Nullable String bucketRegion,
            @Nullable Throwable cause) {
        super(said, cause);
        this.stage = stage;
        this.status = status;
        this.code = code;
        this.said = said;
        this.deleteMarker = deleteMarker;
        this.bucketRegion = bucketRegion;
    }

    static S3Failure unanswered(Stage stage, String said, Throwable cause) {
        return new S3Failure(stage, 0, "", said, null, null, cause);
    }

    /**
     * @param code the store's error code; empty where it gave none, as in answers to {@code HEAD}
     * @param said the store's message
     * @param cause null for an answer that no SDK took for a failure
     */
    static S3Failure answered(int status, @Nullable String code, @Nullable String said, @Nullable Throwable cause) {
        return new S3Failure(
                Stage.ANSWERED, status, code == null ? "" : code, said == null ? "" : said, null, null, cause);
    }

    /** @param versionId of the marker that hides the object */
    S3Failure withDeleteMarker(String versionId) {
        return new S3Failure(stage, status, code, said, versionId, bucketRegion, getCause());
    }

    S3Failure withBucketRegion(String region) {
        return new S3Failure(stage, status, code, said, deleteMarker, region, getCause());
    }

    Stage stage() {
        return stage;
    }

    /** The HTTP status; 0 without an answer. */
    int status() {
        return status;
    }

    boolean hasCode(String other) {
        return code.equals(other);
    }

    boolean codeStartsWith(String beginning) {
        return code.toLowerCase(Locale.ROOT).startsWith(beginning.toLowerCase(Locale.ROOT));
    }

    @Nullable
    String deleteMarker() {
        return deleteMarker;
    }

    @Nullable
    String bucketRegion() {
        return bucketRegion;
    }

    boolean isMissingKey() {
        return stage == Stage.ANSWERED && status == 404 && !hasCode("NoSuchBucket") && !hasCode("NoSuchUpload");
    }

    /** A condition of the request was not met. Some stores say so with another status. */
    boolean isPreconditionFailed() {
        return stage == Stage.ANSWERED && (status == 412 || hasCode("PreconditionFailed"));
    }

    boolean isInvalidRange() {
        return stage == Stage.ANSWERED && (status == 416 || hasCode("InvalidRange"));
    }

    /** The store turned the signature away, not the request: with fresh credentials or a corrected clock it may pass. */
    boolean isStaleSignature() {
        return hasCode("ExpiredToken") || hasCode("RequestTimeTooSkewed") || hasCode("RequestExpired");
    }

    /** For messages: {@code 403 AccessDenied: Access Denied}. */
    String answer() {
        if (stage != Stage.ANSWERED) {
            return said;
        }
        return "the store answered " + status + (code.isEmpty() ? "" : " " + code)
                + (said.isEmpty() ? "" : ": " + said);
    }
}
