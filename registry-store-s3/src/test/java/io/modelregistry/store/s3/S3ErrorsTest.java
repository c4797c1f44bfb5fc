package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.s3.S3Call.Verb;
import io.modelregistry.store.s3.S3Failure.Stage;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class S3ErrorsTest {
    private static final S3Errors ERRORS = new S3Errors("s3://bucket/team", "bucket", "team/");

    private static StorageException failed(Verb verb, S3Failure failure) {
        return ERRORS.failed(new S3Call(verb, "models/tumor/0000000001.json"), failure);
    }

    private static StorageException answered(Verb verb, int status, String code) {
        return failed(verb, S3Failure.answered(status, code, "said the store", null));
    }

    @ParameterizedTest
    @CsvSource({
        // status, code, kind for a create, kind for a read, what the message says to do
        "400, AuthorizationHeaderMalformed, UNSUITABLE, UNSUITABLE, ?region=",
        "400, IllegalLocationConstraintException, UNSUITABLE, UNSUITABLE, ?region=",
        "301, PermanentRedirect, UNSUITABLE, UNSUITABLE, ?region=",
        "307, TemporaryRedirect, UNSUITABLE, UNSUITABLE, ?region=",
        "400, RequestTimeout, UNKNOWN, UNAVAILABLE, the request was cut on its way",
        "400, IncompleteBody, UNKNOWN, UNAVAILABLE, the request was cut on its way",
        "400, BadDigest, UNAVAILABLE, UNAVAILABLE, what arrived is not what was sent",
        "400, XAmzContentSHA256Mismatch, UNAVAILABLE, UNAVAILABLE, what arrived is not what was sent",
        "400, InvalidPart, UNAVAILABLE, UNAVAILABLE, what arrived is not what was sent",
        "400, InvalidStorageClass, UNSUITABLE, UNSUITABLE, storage class",
        "400, ExpiredToken, DENIED, DENIED, the credentials have expired",
        "403, ExpiredToken, DENIED, DENIED, the credentials have expired",
        "403, RequestExpired, DENIED, DENIED, the credentials have expired",
        "403, RequestTimeTooSkewed, DENIED, DENIED, set the clock",
        "403, SignatureDoesNotMatch, UNSUITABLE, UNSUITABLE, the secret key is wrong",
        "403, InvalidAccessKeyId, DENIED, DENIED, doesn't know these credentials",
        "403, InvalidObjectState, UNSUITABLE, UNSUITABLE, the object is archived: restore it",
        "400, KMS.DisabledException, UNSUITABLE, UNSUITABLE, KMS key",
        "400, KMS.NotFoundException, UNSUITABLE, UNSUITABLE, KMS key",
        "403, KMS.AccessDeniedException, DENIED, DENIED, kms:GenerateDataKey",
        "404, NoSuchBucket, UNSUITABLE, UNSUITABLE, there is no bucket bucket",
        "404, NoSuchUpload, UNKNOWN, UNAVAILABLE, the upload has ended already",
        "405, MethodNotAllowed, UNSUITABLE, UNSUITABLE, checksums=none",
        "501, NotImplemented, UNSUITABLE, UNSUITABLE, checksums=none",
        "409, ConditionalRequestConflict, UNKNOWN, UNAVAILABLE, another request for the key was under way",
        "409, OperationAborted, UNKNOWN, UNAVAILABLE, another request for the key was under way",
        "429, SlowDown, UNKNOWN, UNAVAILABLE, could not do it now",
        "500, InternalError, UNKNOWN, UNAVAILABLE, could not do it now",
        "502, , UNKNOWN, UNAVAILABLE, could not do it now",
        "503, SlowDown, UNKNOWN, UNAVAILABLE, could not do it now",
        "504, , UNKNOWN, UNAVAILABLE, could not do it now",
        "200, InternalError, UNKNOWN, UNAVAILABLE, could not do it now",
        "507, , FULL, UNAVAILABLE, no room left",
        "507, XMinioStorageFull, FULL, UNAVAILABLE, no room left",
        "403, QuotaExceeded, FULL, UNAVAILABLE, no room left",
        "418, , UNSUITABLE, UNSUITABLE, refuses such a request"
    })
    void anAnswerSaysWhatIsCertainAndWhatToDo(int status, String code, Kind create, Kind read, String advice) {
        StorageException ofCreate = answered(Verb.CREATE, status, code);
        StorageException ofRead = answered(Verb.GET, status, code);

        assertThat(ofCreate.kind()).isEqualTo(create);
        assertThat(ofRead.kind()).isEqualTo(read);
        assertThat(ofCreate)
                .hasMessageContaining("create models/tumor/0000000001.json in s3://bucket/team")
                .hasMessageContaining(advice)
                .hasMessageContaining("the store answered " + status)
                .hasMessageContaining("said the store");
        assertThat(ofCreate.getMessage())
                .endsWith(create == Kind.UNKNOWN ? "or read the key" : ". Nothing was changed");
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE, s3:PutObject on arn:aws:s3:::bucket/team/models/tumor/0000000001.json",
        "OVERWRITE, s3:PutObject on arn:aws:s3:::bucket/team/models/tumor/0000000001.json",
        "UPLOAD, s3:PutObject on arn:aws:s3:::bucket/team/models/tumor/0000000001.json",
        "GET, s3:GetObject on arn:aws:s3:::bucket/team/models/tumor/0000000001.json",
        "STAT, s3:GetObject on arn:aws:s3:::bucket/team/models/tumor/0000000001.json",
        "LIST, s3:ListBucket on arn:aws:s3:::bucket",
        "DELETE, s3:DeleteObject on arn:aws:s3:::bucket/team/models/tumor/0000000001.json",
        "DELETE_VERSIONS, s3:DeleteObjectVersion on arn:aws:s3:::bucket/team/models/tumor/0000000001.json"
    })
    void aMissingPermissionIsNamedWithWhatItIsMissingOn(Verb verb, String permission) {
        StorageException denied = answered(verb, 403, "AccessDenied");

        assertThat(denied.kind()).isEqualTo(Kind.DENIED);
        assertThat(denied).hasMessageContaining("the caller needs ").hasMessageContaining(permission);
    }

    /** Fault 49: without s3:ListBucket nobody is told that a key is missing. */
    @Test
    void aReadThatIsDeniedSaysThatTheKeyMayBeMissing() {
        assertThat(answered(Verb.STAT, 403, null))
                .hasMessageContaining(
                        "and s3:ListBucket on arn:aws:s3:::bucket: without it S3 answers so for a key that isn't there");
    }

    @Test
    void aDeleteThatIsDeniedSaysThatTheObjectMayBeLocked() {
        assertThat(answered(Verb.DELETE, 403, "AccessDenied")).hasMessageContaining("Object Lock");
    }

    @Test
    void theBucketsRegionIsNamedWhereTheStoreTellsIt() {
        S3Failure failure =
                S3Failure.answered(301, "PermanentRedirect", "", null).withBucketRegion("eu-west-1");

        assertThat(failed(Verb.GET, failure)).hasMessageContaining("?region=eu-west-1");
    }

    /** Fault 57. */
    @Test
    void aDeleteMarkerIsNamedSoThatItCanBeTakenAway() {
        S3Failure failure = S3Failure.answered(404, "NoSuchKey", "", null).withDeleteMarker("marker-7");

        StorageException deleted = ERRORS.deleted(new S3Call(Verb.GET, "models/tumor/0000000001.json"), failure);

        assertThat(deleted.kind()).isEqualTo(Kind.MISSING);
        assertThat(deleted)
                .hasMessageContaining("its newest version, marker-7, is a delete marker")
                .hasMessageContaining("team/models/tumor/0000000001.json");
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void whatNeverLeftThisMachineChangedNothing(Verb verb) {
        S3Failure failure = S3Failure.unanswered(Stage.NOT_SENT, "Connection refused", new IOException());

        assertThat(failed(verb, failure).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failed(verb, failure)).hasMessageContaining("the store was not reached; Connection refused");
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void withoutCredentialsNothingIsSent(Verb verb) {
        S3Failure failure = S3Failure.unanswered(Stage.NO_CREDENTIALS, "Unable to load credentials", new IOException());

        assertThat(failed(verb, failure).kind()).isEqualTo(Kind.DENIED);
        assertThat(failed(verb, failure)).hasMessageContaining("AWS_PROFILE");
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void whatWasNotAnsweredMayHaveTakenEffectIfItWrites(Verb verb) {
        for (Stage stage : new Stage[] {Stage.NO_ANSWER, Stage.INTERRUPTED}) {
            S3Failure failure = S3Failure.unanswered(stage, "Read timed out", new IOException());

            assertThat(failed(verb, failure).kind()).isEqualTo(verb.isWrite() ? Kind.UNKNOWN : Kind.UNAVAILABLE);
        }
    }

    @Test
    void aMissingObjectIsMissingToAReadOfItsBytes() {
        assertThat(answered(Verb.GET, 404, "NoSuchKey").kind()).isEqualTo(Kind.MISSING);
    }
}
