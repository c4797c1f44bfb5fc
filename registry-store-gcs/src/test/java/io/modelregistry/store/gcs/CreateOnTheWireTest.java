package io.modelregistry.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.OAuth2Credentials;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.gcs.server.Caller;
import io.modelregistry.store.gcs.server.Permissions;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.proxy.CannedAnswer;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.testkit.proxy.ProxyPlan;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A create sends one request, whatever becomes of it, and says what is certain. Between the real client and a server that answers. */
@Timeout(60)
final class CreateOnTheWireTest {
    private static final String KEY = "versions/tumor/0000000001.json";
    private static final String INSERTION = ProxiedStore.insertionOf(KEY);
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
    private static final String ERROR_503 =
            "{\"error\":{\"code\":503,\"message\":\"Backend Error\",\"errors\":[{\"reason\":\"backendError\"}]}}";

    private final ProxiedStore store = new ProxiedStore();

    @AfterEach
    void close() {
        store.close();
    }

    private static StorageException failureOf(ThrowingCallable call) {
        return catchThrowableOfType(StorageException.class, call);
    }

    private static Arguments fault(ProxyFault fault, boolean lands) {
        return Arguments.of(fault, lands);
    }

    static Stream<Arguments> faultsThatLeaveItOpen() {
        Stream.Builder<Arguments> faults = Stream.builder();
        faults.add(fault(ProxyFault.RESET_BEFORE, false));
        faults.add(fault(ProxyFault.RESET_AFTER, true));
        faults.add(fault(ProxyFault.LATE_AFTER_RESET, false));
        faults.add(fault(ProxyFault.uploadCutAt(50), false));
        for (int status : new int[] {301, 307, 308, 408, 409, 429, 500, 502, 503, 504}) {
            CannedAnswer answer = CannedAnswer.of(status, "application/json", ERROR_503)
                    .withHeader("Location", "http://127.0.0.1:9/elsewhere")
                    .withHeader("Retry-After", "1");
            faults.add(fault(ProxyFault.answer(answer), false));
            faults.add(fault(ProxyFault.answerAfter(answer), true));
        }
        CannedAnswer errorInside = CannedAnswer.of(200, "application/json", ERROR_503);
        faults.add(fault(ProxyFault.answer(errorInside), false));
        faults.add(fault(ProxyFault.answerAfter(errorInside), true));
        faults.add(fault(
                ProxyFault.answer(CannedAnswer.of(200, "text/html", "<html>Sign in to the hotel</html>")), false));
        faults.add(fault(ProxyFault.answerAfter(CannedAnswer.of(200)), true));
        faults.add(fault(ProxyFault.truncatedAt(0), true));
        faults.add(fault(ProxyFault.truncatedAt(1), true));
        faults.add(fault(ProxyFault.truncatedAt(60), true));
        return faults.build();
    }

    @ParameterizedTest
    @MethodSource("faultsThatLeaveItOpen")
    void whatMayHaveTakenEffectIsUnknownAfterOneRequest(ProxyFault fault, boolean lands) {
        GcsBackend backend = store.backend();
        store.proxy.plan(ProxyPlan.onceOn(INSERTION, 1, fault));

        StorageException failure = failureOf(() -> backend.create(KEY, CONTENT));

        assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(failure)
                .hasMessageStartingWith(
                        "It is not known whether this took effect: create " + KEY + " in gs://models/team/registry: ")
                .hasMessageEndingWith("Repeat it with the same content, or read the key");
        assertThat(store.proxy.faults()).hasSize(1);
        assertThat(store.count("POST .*")).isEqualTo(1);
        assertThat(store.stored(KEY)).isEqualTo(lands ? CONTENT : null);
    }

    /** The JDK's client repeats a request when an idle connection turns out to be closed. The second test shows that it would. */
    @Test
    void aConnectionThatHadBeenIdleAndBreaksIsNoReasonToRepeatACreate() {
        GcsBackend backend = store.backend();
        backend.stat("models/tumor/0000000001.json");
        store.proxy.plan(ProxyPlan.onceOn(INSERTION, 1, ProxyFault.RESET_AFTER));

        StorageException failure = failureOf(() -> backend.create(KEY, CONTENT));

        assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(store.count("POST .*")).isEqualTo(1);
        assertThat(store.stored(KEY)).isEqualTo(CONTENT);
    }

    @Test
    void aConnectionThatHadBeenIdleAndBreaksIsRepeatedUnseenForARead() {
        GcsBackend backend = store.backend();
        backend.create(KEY, CONTENT);
        store.proxy.plan(ProxyPlan.onceOn("GET .*", 1, ProxyFault.RESET_BEFORE));

        assertThat(backend.get(KEY, 100)).isPresent();

        assertThat(store.proxy.faults()).hasSize(1);
        assertThat(store.count("GET .*")).isEqualTo(2);
    }

    @Test
    void whoIsAnsweredByADuplicateOfItsOwnRequestIsToldThatOneStands() {
        GcsBackend backend = store.backend();
        store.proxy.plan(ProxyPlan.onceOn(INSERTION, 1, ProxyFault.SENT_TWICE));

        CreateOutcome outcome = backend.create(KEY, CONTENT);

        assertThat(outcome).isEqualTo(CreateOutcome.EXISTS);
        assertThat(store.count("POST .*")).isEqualTo(1);
        assertThat(store.server.log().entries())
                .extracting(entry -> entry.status())
                .containsExactly(200, 412);
    }

    /** What the vendor's own create does in the same place: it repeats, and takes its own object for another's. */
    @Test
    void theVendorsOwnCreateRepeatsAndMistakesItsOwnSuccess() {
        Storage client = store.client();
        store.proxy.plan(ProxyPlan.onceOn(
                "POST .*", 1, ProxyFault.answerAfter(CannedAnswer.of(503, "application/json", ERROR_503))));

        Throwable failure = catchThrowable(() -> client.create(
                BlobInfo.newBuilder(GcsFixture.BUCKET, "x").build(), CONTENT, Storage.BlobTargetOption.doesNotExist()));

        assertThat(failure).hasMessageContaining("pre-conditions");
        assertThat(store.count("POST .*")).isEqualTo(2);
    }

    @Test
    void aLateRequestDoesNotDisplaceWhatWasCreatedMeanwhile() throws InterruptedException {
        GcsBackend backend = store.backend();
        store.proxy.plan(ProxyPlan.onceOn(INSERTION, 1, ProxyFault.LATE_AFTER_RESET));
        StorageException first = failureOf(() -> backend.create(KEY, CONTENT));

        CreateOutcome second = backend.create(KEY, new byte[] {2});

        assertThat(first.kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(store.proxy.landLate(1)).containsExactly(412);
        assertThat(second).isEqualTo(CreateOutcome.CREATED);
        assertThat(store.stored(KEY)).isEqualTo(new byte[] {2});
    }

    @Test
    void anAnswerThatDoesNotComeLeavesItOpen() throws InterruptedException {
        GcsBackend backend = store.backend(store.impatientClient());
        store.proxy.plan(ProxyPlan.onceOn(INSERTION, 1, ProxyFault.LATE_AFTER_SILENCE));

        StorageException failure = failureOf(() -> backend.create(KEY, CONTENT));

        assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(failure).hasMessageContaining("Read timed out");
        assertThat(store.count("POST .*")).isEqualTo(1);
        assertThat(store.proxy.landLate(1)).containsExactly(200);
    }

    @Test
    void whereNoConnectionComesAboutNothingWasChanged() {
        // a port that is nobody's: one that was somebody's a moment ago may have got another owner, or a connection
        // kept alive
        GcsBackend backend = store.backend(GcsFixture.client(URI.create("http://127.0.0.1:1")));

        StorageException failure = failureOf(() -> backend.create(KEY, CONTENT));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("no connection").hasMessageEndingWith("Nothing was changed");
    }

    @Test
    void aHostThatHasNoAddressIsUnavailable() {
        GcsBackend backend = store.backend(GcsFixture.client(URI.create("http://nowhere.invalid")));

        StorageException failure = failureOf(() -> backend.create(KEY, CONTENT));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void credentialsThatHaveExpiredAreRefreshedOnceAndTheRefusedRequestIsSentAgain() {
        store.server.setPermissions(Permissions.of(Map.of("token-2", new Caller("trainer", null))));
        Tokens credentials = new Tokens();
        GcsBackend backend = store.backend(credentials);

        CreateOutcome outcome = backend.create(KEY, CONTENT);

        assertThat(outcome).isEqualTo(CreateOutcome.CREATED);
        assertThat(credentials.issued).hasValue(2);
        assertThat(store.server.log().entries())
                .extracting(entry -> entry.status())
                .containsExactly(401, 200);
    }

    @Test
    void credentialsThatStayUnknownAreDeniedAfterOneRefresh() {
        store.server.setPermissions(Permissions.of(Map.of()));
        Tokens credentials = new Tokens();
        GcsBackend backend = store.backend(credentials);

        StorageException failure = failureOf(() -> backend.create(KEY, CONTENT));

        assertThat(failure.kind()).isEqualTo(Kind.DENIED);
        assertThat(failure)
                .hasMessageContaining("the store answered 401")
                .hasMessageContaining("could not be refreshed");
        assertThat(credentials.issued).hasValue(2);
        assertThat(store.count("POST .*")).isEqualTo(2);
        assertThat(store.stored(KEY)).isNull();
    }

    @Test
    void withoutCredentialsTheRefusalSaysWhereTheyAreLookedFor() {
        store.server.setPermissions(Permissions.of(Map.of()));
        GcsBackend backend = store.backend();

        StorageException failure = failureOf(() -> backend.create(KEY, CONTENT));

        assertThat(failure.kind()).isEqualTo(Kind.DENIED);
        assertThat(failure)
                .hasMessageContaining("no credentials were found")
                .hasMessageContaining("GOOGLE_APPLICATION_CREDENTIALS");
        assertThat(store.count("POST .*")).isEqualTo(1);
    }

    @Test
    void credentialsThatGiveNoTokenAreDeniedAndNothingIsSent() {
        GcsBackend backend = store.backend(new OAuth2Credentials() {
            private static final long serialVersionUID = 1L;

            @Override
            public AccessToken refreshAccessToken() throws IOException {
                throw new IOException("invalid_grant");
            }
        });

        StorageException failure = failureOf(() -> backend.create(KEY, CONTENT));

        assertThat(failure.kind()).isEqualTo(Kind.DENIED);
        assertThat(failure)
                .hasMessageContaining("the credentials give no access token")
                .hasMessageContaining("Nothing was sent");
        assertThat(store.proxy.requests()).isEmpty();
    }

    /** An application may bring a token that nobody can renew. */
    @Test
    void aTokenThatCannotBeRenewedIsDeniedBeforeAndAfterItHasExpired() {
        store.server.setPermissions(Permissions.of(Map.of()));
        GcsBackend unknown = store.backend(OAuth2Credentials.create(
                new AccessToken("unknown", Date.from(Instant.now().plusSeconds(3_600)))));
        GcsBackend expired =
                store.backend(OAuth2Credentials.create(new AccessToken("expired", Date.from(Instant.EPOCH))));

        StorageException ofUnknown = failureOf(() -> unknown.create(KEY, CONTENT));
        StorageException ofExpired = failureOf(() -> expired.create(KEY, CONTENT));

        assertThat(ofUnknown.kind()).isEqualTo(Kind.DENIED);
        assertThat(ofUnknown).hasMessageContaining("the store answered 401");
        assertThat(ofExpired.kind()).isEqualTo(Kind.DENIED);
        assertThat(ofExpired).hasMessageEndingWith("Nothing was sent");
        assertThat(store.count("POST .*")).isEqualTo(1);
    }

    @Test
    void aMissingBucketIsNoStoreToWriteTo() {
        GcsBackend backend = GcsBackend.on(store.client(), "no-such-bucket", "");

        StorageException failure = failureOf(() -> backend.create(KEY, CONTENT));

        assertThat(failure.kind()).isEqualTo(Kind.UNSUITABLE);
        assertThat(failure).hasMessageContaining("there is no bucket no-such-bucket");
    }

    @Test
    void aRequestersBucketNeedsAPayer() {
        store.bucket.requesterPays();
        GcsBackend backend = store.backend();
        GcsBackend paying =
                store.backend(store.client(), GcsSettings.defaults().withUserProject("payer"), new ManualHost());

        StorageException failure = failureOf(() -> backend.create(KEY, CONTENT));

        assertThat(failure.kind()).isEqualTo(Kind.UNSUITABLE);
        assertThat(failure).hasMessageContaining("gs://models/team/registry?user-project=my-project");
        assertThat(paying.create(KEY, CONTENT)).isEqualTo(CreateOutcome.CREATED);
    }

    @Test
    void aSecondWriteWithinASecondMayBeThrottledWhichLeavesItOpen() {
        store.bucket.oneWriteASecond();
        GcsBackend backend = store.backend();
        backend.overwrite("hints/a", CONTENT);

        StorageException failure = failureOf(() -> backend.overwrite("hints/a", CONTENT));

        assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(failure).hasMessageContaining("429 rateLimitExceeded");
        assertThat(store.count("POST .*")).isEqualTo(2);
    }

    @Test
    void whatIsStoredIsKeptFromCachesAndTranscoders() {
        GcsBackend backend = store.backend();

        backend.create(KEY, CONTENT);
        backend.overwrite("hints/a", CONTENT);

        for (String key : new String[] {KEY, "hints/a"}) {
            assertThat(store.bucket.live(GcsFixture.object(key)).metadata("cacheControl"))
                    .isEqualTo("no-store, no-transform");
            assertThat(store.bucket.live(GcsFixture.object(key)).metadata("contentEncoding"))
                    .isNull();
            assertThat(store.bucket.live(GcsFixture.object(key)).metadata("contentType"))
                    .isEqualTo("application/octet-stream");
        }
    }

    /** Gives token-1, token-2 and so on. */
    private static final class Tokens extends OAuth2Credentials {
        private static final long serialVersionUID = 1L;

        private final transient AtomicInteger issued = new AtomicInteger();

        @Override
        public AccessToken refreshAccessToken() {
            return new AccessToken(
                    "token-" + issued.incrementAndGet(), Date.from(Instant.now().plusSeconds(3_600)));
        }
    }
}
