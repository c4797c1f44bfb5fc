package io.modelregistry.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of the translation: what the store says, what it means for a write and for a read, and what a person is told. */
final class GcsErrorsTest {
    private static final GcsErrors ERRORS = new GcsErrors("gs://models/team", "models", true);
    private static final Call WRITE =
            Call.writing("create versions/a/1.json", "storage.objects.create", "gs://models/team/versions/a/1.json");
    private static final Call OVERWRITE = Call.writing(
            "overwrite hints/a.json",
            "storage.objects.create and storage.objects.delete",
            "gs://models/team/hints/a.json");
    private static final Call READ = Call.reading(
            "read versions/a/1.json",
            "storage.objects.get (and storage.objects.list, without which a missing object is refused too)",
            "gs://models/team/versions/a/1.json");

    private static String error(String reason, String message) {
        return "{\"error\":{\"code\":0,\"message\":\"" + message + "\",\"errors\":[{\"message\":\"" + message
                + "\",\"domain\":\"global\",\"reason\":\"" + reason + "\"}]}}";
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(400, "invalid", "Invalid argument.", Kind.UNSUITABLE, Kind.UNSUITABLE, "see the settings"),
                Arguments.of(
                        400,
                        "required",
                        "Bucket is a requester pays bucket but no user project provided.",
                        Kind.UNSUITABLE,
                        Kind.UNSUITABLE,
                        "gs://models/team?user-project=my-project"),
                Arguments.of(
                        400,
                        "invalid",
                        "Provided CRC32C 'a' doesn't match calculated CRC32C 'b'.",
                        Kind.UNAVAILABLE,
                        Kind.UNAVAILABLE,
                        "damaged on its way"),
                Arguments.of(
                        401, "authError", "Invalid Credentials", Kind.DENIED, Kind.DENIED, "could not be refreshed"),
                Arguments.of(
                        403,
                        "forbidden",
                        "x@p does not have storage.objects.create access to the Google Cloud Storage object.",
                        Kind.DENIED,
                        Kind.DENIED,
                        "storage.objects.create on "),
                Arguments.of(
                        403,
                        "forbidden",
                        "Access denied.",
                        Kind.DENIED,
                        Kind.DENIED,
                        "the caller needs storage.objects."),
                Arguments.of(
                        403,
                        "forbidden",
                        "Permission denied on Cloud KMS key. cloudkms.cryptoKeyVersions.useToEncrypt is missing",
                        Kind.DENIED,
                        Kind.DENIED,
                        "needs cloudkms.cryptoKeyVersions.useToEncrypt on what the message names"),
                Arguments.of(
                        403,
                        "retentionPolicyNotMet",
                        "Object 'models/x' is subject to bucket's retention policy until 2027",
                        Kind.DENIED,
                        Kind.DENIED,
                        "the object is retained"),
                Arguments.of(
                        403,
                        "forbidden",
                        "Object 'models/x' is under active hold",
                        Kind.DENIED,
                        Kind.DENIED,
                        "the object is retained"),
                Arguments.of(
                        403,
                        "accountDisabled",
                        "The billing account is disabled",
                        Kind.DENIED,
                        Kind.DENIED,
                        "see its billing"),
                Arguments.of(
                        403, "rateLimitExceeded", "Slow down", Kind.UNKNOWN, Kind.UNAVAILABLE, "403 rateLimitExceeded"),
                Arguments.of(403, "quotaExceeded", "Quota", Kind.UNKNOWN, Kind.UNAVAILABLE, "403 quotaExceeded"),
                Arguments.of(
                        404,
                        "notFound",
                        "The specified bucket does not exist.",
                        Kind.UNSUITABLE,
                        Kind.UNSUITABLE,
                        "there is no bucket models"),
                Arguments.of(
                        405,
                        "",
                        "Method not allowed",
                        Kind.UNSUITABLE,
                        Kind.UNSUITABLE,
                        "not an answer of Cloud Storage"),
                Arguments.of(408, "", "Request timeout", Kind.UNKNOWN, Kind.UNAVAILABLE, "408"),
                Arguments.of(409, "conflict", "Conflict", Kind.UNKNOWN, Kind.UNAVAILABLE, "409 conflict"),
                Arguments.of(410, "gone", "Gone", Kind.UNKNOWN, Kind.UNAVAILABLE, "410"),
                Arguments.of(412, "conditionNotMet", "Precondition", Kind.UNKNOWN, Kind.UNAVAILABLE, "412"),
                Arguments.of(429, "rateLimitExceeded", "Too many", Kind.UNKNOWN, Kind.UNAVAILABLE, "429"),
                Arguments.of(500, "backendError", "Backend Error", Kind.UNKNOWN, Kind.UNAVAILABLE, "500"),
                Arguments.of(502, "", "Bad Gateway", Kind.UNKNOWN, Kind.UNAVAILABLE, "502"),
                Arguments.of(503, "backendError", "Backend Error", Kind.UNKNOWN, Kind.UNAVAILABLE, "503"),
                Arguments.of(504, "", "Gateway Timeout", Kind.UNKNOWN, Kind.UNAVAILABLE, "504"),
                Arguments.of(302, "", "Found", Kind.UNKNOWN, Kind.UNAVAILABLE, "302"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerBecomesWhatIsCertain(
            int status, String reason, String message, Kind ofAWrite, Kind ofARead, String advice) {
        Refusal refusal = Refusal.parse(status, error(reason, message));

        StorageException write = ERRORS.refused(WRITE, refusal);
        StorageException read = ERRORS.refused(READ, refusal);

        assertThat(write.kind()).isEqualTo(ofAWrite);
        assertThat(read.kind()).isEqualTo(ofARead);
        for (StorageException each : new StorageException[] {write, read}) {
            assertThat(each)
                    .hasMessageContaining("versions/a/1.json in gs://models/team: the store answered " + status)
                    .hasMessageContaining(message)
                    .hasMessageContaining(advice);
        }
        assertThat(write.getMessage())
                .endsWith(
                        ofAWrite == Kind.UNKNOWN
                                ? "Repeat it with the same content, or read the key"
                                : "Nothing was changed");
    }

    @Test
    void aRefusalNamesThePermissionAndTheObject() {
        Refusal refusal = Refusal.parse(403, error("forbidden", "Access denied."));

        assertThat(ERRORS.refused(WRITE, refusal))
                .hasMessageContaining("the caller needs storage.objects.create on gs://models/team/versions/a/1.json");
        assertThat(ERRORS.refused(READ, refusal))
                .hasMessageContaining(
                        "the caller needs storage.objects.get (and storage.objects.list, without which a missing object"
                                + " is refused too) on gs://models/team/versions/a/1.json");
        assertThat(ERRORS.refused(
                        OVERWRITE, Refusal.parse(403, error("forbidden", "lacks storage.objects.delete access"))))
                .hasMessageContaining(
                        "the caller needs storage.objects.create and storage.objects.delete on gs://models/team/hints/a.json");
    }

    static Stream<IOException> beforeAConnection() {
        return Stream.of(
                new ConnectException("Connection refused"),
                new UnknownHostException("storage.googleapis.com"),
                new NoRouteToHostException(),
                new SSLHandshakeException("certificate"),
                new SocketTimeoutException("Connect timed out"),
                new SocketTimeoutException("connect timed out"));
    }

    @ParameterizedTest
    @MethodSource("beforeAConnection")
    void whatNeverLeftChangedNothing(IOException failure) {
        assertThat(ERRORS.broken(WRITE, failure, true).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(ERRORS.broken(WRITE, failure, true))
                .hasMessageEndingWith("Nothing was changed")
                .hasCause(failure);
    }

    /** A request without a body may have been sent before, unseen, over another connection. */
    @ParameterizedTest
    @MethodSource("beforeAConnection")
    void aDeleteMayHaveBeenSentBefore(IOException failure) {
        assertThat(ERRORS.broken(WRITE, failure, false).kind()).isEqualTo(Kind.UNKNOWN);
    }

    static Stream<IOException> withinAConnection() {
        return Stream.of(
                new SocketException("Connection reset"),
                new SocketException("Broken pipe"),
                new SocketTimeoutException("Read timed out"),
                new IOException("Premature EOF"));
    }

    @ParameterizedTest
    @MethodSource("withinAConnection")
    void whatMayHaveArrivedIsUnknownForAWriteAndUnavailableForARead(IOException failure) {
        assertThat(ERRORS.broken(WRITE, failure, true).kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(ERRORS.broken(READ, failure, false).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(ERRORS.broken(READ, failure, false))
                .hasMessageNotContaining("Try again") // the registry says so
                .hasCause(failure);
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBodyThatIsNoErrorOfTheApiIsShownAsItIs(String body, String shown) {
        assertThat(Refusal.parse(503, body)).hasToString(shown);
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("", "503"),
                Arguments.of("No such object: b/o", "503: No such object: b/o"),
                Arguments.of("<html>Bad gateway</html>", "503: <html>Bad gateway</html>"),
                Arguments.of("{\"error\":", "503: {\"error\":"),
                Arguments.of("{\"error\":\"text\"}", "503: {\"error\":\"text\"}"),
                Arguments.of("{}", "503: {}"),
                Arguments.of("{\"error\":{\"message\":\"Busy\"}}", "503: Busy"),
                Arguments.of("x".repeat(600), "503: " + "x".repeat(500) + "…"));
    }
}
