package io.modelregistry.store.s3;

import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;

/**
 * The one place where a store's answer, or the lack of one, becomes a {@link StorageException}. A write is said to have changed nothing only when
 * the request never left, or when the store itself turned it away.
 *
 * <p>Codes: <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">S3's list</a>.
 *
 * @param location of the registry
 * @param root the prefix of its keys within the bucket
 */
record S3Errors(String location, String bucket, String root) {

    StorageException failed(S3Call call, S3Failure failure) {
        return switch (failure.stage()) {
            case NOT_SENT -> exception(Kind.UNAVAILABLE, call, failure, "the store was not reached");
            case NO_CREDENTIALS ->
                exception(
                        Kind.DENIED,
                        call,
                        failure,
                        "the AWS SDK found no credentials: set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give"
                                + " this machine a role");
            case NO_ANSWER -> uncertain(call, failure, "no answer came");
            case INTERRUPTED -> uncertain(call, failure, "the thread was interrupted");
            case ANSWERED -> answered(call, failure);
        };
    }

    /** The key's newest version is a delete marker: for the store it isn't there, for a registry it was taken away. */
    StorageException deleted(S3Call call, S3Failure failure) {
        return exception(
                Kind.MISSING,
                call,
                failure,
                "somebody deleted the object: its newest version, " + failure.deleteMarker()
                        + ", is a delete marker. Restore it by deleting that version of the key " + root + call.key());
    }

    private StorageException answered(S3Call call, S3Failure failure) {
        if (failure.isPreconditionFailed()
                || failure.hasCode("ConditionalRequestConflict")
                || failure.status() == 409) {
            return uncertain(call, failure, "another request for the key was under way");
        }
        if (failure.codeStartsWith("KMS")) {
            return exception(
                    failure.hasCode("KMS.AccessDeniedException") ? Kind.DENIED : Kind.UNSUITABLE,
                    call,
                    failure,
                    "the KMS key of the bucket or of these settings can't be used: enable it, and allow kms:GenerateDataKey for"
                            + " writing and kms:Decrypt for reading");
        }
        if (isFull(failure)) {
            return exception(
                    call.verb().isWrite() ? Kind.FULL : Kind.UNAVAILABLE, call, failure, "the store has no room left");
        }
        if (failure.codeStartsWith("InvalidObjectState")) {
            return exception(
                    Kind.UNSUITABLE,
                    call,
                    failure,
                    "the object is archived: restore it, and exempt the registry from the lifecycle rule that moved it");
        }
        return switch (failure.status()) {
            case 301, 307, 308 -> wrongRegion(call, failure);
            case 400 -> badRequest(call, failure);
            case 401, 403 -> forbidden(call, failure);
            case 404 -> notFound(call, failure);
            case 405, 501 ->
                exception(
                        Kind.UNSUITABLE,
                        call,
                        failure,
                        "the store doesn't do what the registry asks of S3. If it rejects checksums, set checksums=none");
            default ->
                failure.status() == 429 || failure.status() >= 500 || failure.status() < 300
                        ? uncertain(call, failure, "the store could not do it now")
                        : exception(Kind.UNSUITABLE, call, failure, "the store refuses such a request");
        };
    }

    private StorageException forbidden(S3Call call, S3Failure failure) {
        if (failure.hasCode("SignatureDoesNotMatch")) {
            return exception(
                    Kind.UNSUITABLE,
                    call,
                    failure,
                    "the secret key is wrong, or a proxy changed the request: check the credentials, region and endpoint");
        }
        if (failure.hasCode("RequestTimeTooSkewed")) {
            return exception(
                    Kind.DENIED,
                    call,
                    failure,
                    "this machine's clock is too far off, also after the SDK corrected for it: set the clock");
        }
        if (failure.isStaleSignature()) {
            return exception(
                    Kind.DENIED,
                    call,
                    failure,
                    "the credentials have expired, also when they were taken from the SDK's chain once more: renew them");
        }
        if (failure.hasCode("InvalidAccessKeyId") || failure.hasCode("InvalidToken")) {
            return exception(Kind.DENIED, call, failure, "the store doesn't know these credentials: check them");
        }
        if (call.verb() == S3Call.Verb.DELETE_VERSIONS || call.verb() == S3Call.Verb.DELETE) {
            return exception(
                    Kind.DENIED,
                    call,
                    failure,
                    permission(call) + ", and the object must not be under Object Lock or a legal hold");
        }
        if (call.verb() == S3Call.Verb.GET || call.verb() == S3Call.Verb.STAT) {
            return exception(
                    Kind.DENIED,
                    call,
                    failure,
                    permission(call) + ", and s3:ListBucket on arn:aws:s3:::" + bucket
                            + ": without it S3 answers so for a key that isn't there");
        }
        return exception(Kind.DENIED, call, failure, permission(call));
    }

    private String permission(S3Call call) {
        String resource = call.verb() == S3Call.Verb.LIST ? "" : "/" + root + call.key();
        return "the caller needs " + call.verb().permission() + " on arn:aws:s3:::" + bucket + resource;
    }

    private StorageException badRequest(S3Call call, S3Failure failure) {
        if (failure.hasCode("AuthorizationHeaderMalformed") || failure.hasCode("IllegalLocationConstraintException")) {
            return wrongRegion(call, failure);
        }
        if (failure.isStaleSignature()) {
            return forbidden(call, failure);
        }
        if (failure.hasCode("RequestTimeout") || failure.hasCode("IncompleteBody")) {
            return uncertain(call, failure, "the request was cut on its way");
        }
        if (failure.hasCode("BadDigest")
                || failure.hasCode("XAmzContentSHA256Mismatch")
                || failure.hasCode("InvalidPart")) {
            return exception(Kind.UNAVAILABLE, call, failure, "what arrived is not what was sent");
        }
        return exception(
                Kind.UNSUITABLE,
                call,
                failure,
                "the store refuses such a request: check region, endpoint, encryption and storage class. If it rejects checksums, set"
                        + " checksums=none");
    }

    private StorageException wrongRegion(S3Call call, S3Failure failure) {
        String region = failure.bucketRegion();
        return exception(
                Kind.UNSUITABLE,
                call,
                failure,
                "the bucket " + bucket + " is in another region"
                        + (region == null ? "" : ", " + region) + ": name its region in the location, ?region="
                        + (region == null ? "…" : region));
    }

    private StorageException notFound(S3Call call, S3Failure failure) {
        if (failure.deleteMarker() != null) {
            return deleted(call, failure);
        }
        if (failure.hasCode("NoSuchUpload")) {
            return uncertain(call, failure, "the upload has ended already");
        }
        if (failure.hasCode("NoSuchBucket") || call.verb().isWrite() || call.verb() == S3Call.Verb.LIST) {
            return exception(
                    Kind.UNSUITABLE,
                    call,
                    failure,
                    "there is no bucket " + bucket + ": make it, or correct its name, region or endpoint");
        }
        return exception(Kind.MISSING, call, failure, "there is no such object");
    }

    private static boolean isFull(S3Failure failure) {
        return failure.status() == 507
                || failure.hasCode("QuotaExceeded")
                || failure.hasCode("XMinioStorageFull")
                || failure.hasCode("XMinioAdminBucketQuotaExceeded");
    }

    private StorageException uncertain(S3Call call, S3Failure failure, String why) {
        return exception(call.verb().isWrite() ? Kind.UNKNOWN : Kind.UNAVAILABLE, call, failure, why);
    }

    private StorageException exception(Kind kind, S3Call call, S3Failure failure, String advice) {
        String answer = failure.answer();
        String what = kind == Kind.UNKNOWN
                ? "It is not known whether this took effect: " + call + " in " + location
                : "Could not " + call + " in " + location;
        String end = kind == Kind.UNKNOWN
                ? ". Repeat it with the same content, or read the key"
                : call.verb().isWrite() ? ". Nothing was changed" : "";
        return new StorageException(
                kind,
                what + ": " + advice + (answer.isEmpty() ? "" : "; " + answer.strip()) + end,
                failure.getCause() == null ? failure : failure.getCause());
    }
}
