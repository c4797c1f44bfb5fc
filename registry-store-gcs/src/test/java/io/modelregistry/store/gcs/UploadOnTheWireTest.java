package io.modelregistry.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.OAuth2Credentials;
import com.google.gson.JsonObject;
import io.modelregistry.Digest;
import io.modelregistry.access.Role;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.gcs.server.Caller;
import io.modelregistry.store.gcs.server.Permissions;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.proxy.CannedAnswer;
import io.modelregistry.testkit.proxy.ProxiedRequest;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.testkit.proxy.ProxyPlan;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blobs in one request and in chunks of 256 KiB, and what becomes of an upload that breaks. */
@Timeout(60)
final class UploadOnTheWireTest {
    private static final String KEY = "blobs/tumor/sha256/0123";
    private static final int CHUNK = 256 << 10;
    private static final int SIZE = 3 * CHUNK + 1_000;
    private static final String CHUNKS = "PUT .*upload_id.*";

    private final ProxiedStore store = new ProxiedStore();
    private final GcsBackend backend =
            store.backend(store.client(), GcsSettings.defaults().withChunkBytes(CHUNK), new ManualHost());

    @AfterEach
    void close() {
        store.close();
    }

    /** A blob that notes how often it is opened. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Blob(byte[] content, AtomicInteger opened) implements BlobSource {

        static Blob of(int size) {
            byte[] content = new byte[size];
            new Random(size).nextBytes(content);
            return new Blob(content, new AtomicInteger());
        }

        @Override
        public long sizeBytes() {
            return content.length;
        }

        @Override
        public String sha256() {
            return Digest.of(content).hex();
        }

        @Override
        public InputStream open() {
            opened.incrementAndGet();
            return new ByteArrayInputStream(content);
        }
    }

    private List<String> requests() {
        return store.proxy.requests().stream().map(UploadOnTheWireTest::printed).toList();
    }

    private static String printed(ProxiedRequest request) {
        return request.method()
                + request.header("Content-Range").map(range -> " " + range).orElse("");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK})
    void aBlobOfOneChunkIsOneRequest(int size) {
        Blob blob = Blob.of(size);

        CreateOutcome first = backend.upload(KEY, blob);
        CreateOutcome second = backend.upload(KEY, blob);

        assertThat(first).isEqualTo(CreateOutcome.CREATED);
        assertThat(second).isEqualTo(CreateOutcome.EXISTS);
        assertThat(requests()).containsExactly("POST", "POST");
        assertThat(store.stored(KEY)).isEqualTo(blob.content());
    }

    @Test
    void aLargerBlobGoesInChunksAndIsComparedWithWhatArrived() {
        Blob blob = Blob.of(SIZE);

        assertThat(backend.upload(KEY, blob)).isEqualTo(CreateOutcome.CREATED);

        assertThat(requests())
                .containsExactly(
                        "GET",
                        "POST",
                        "PUT bytes 0-262143/787432",
                        "PUT bytes 262144-524287/787432",
                        "PUT bytes 524288-786431/787432",
                        "PUT bytes 786432-787431/787432",
                        "GET");
        assertThat(store.stored(KEY)).isEqualTo(blob.content());
    }

    @Test
    void aLargeBlobThatStandsIsNotRead() {
        backend.upload(KEY, Blob.of(SIZE));
        Blob again = Blob.of(SIZE);
        store.proxy.reset();

        assertThat(backend.upload(KEY, again)).isEqualTo(CreateOutcome.EXISTS);

        assertThat(again.opened()).hasValue(0);
        assertThat(requests()).containsExactly("GET");
    }

    static Stream<Arguments> breaks() {
        return Stream.of(
                Arguments.of("lost", ProxyFault.RESET_BEFORE),
                Arguments.of("answer lost", ProxyFault.RESET_AFTER),
                Arguments.of("cut in the middle", ProxyFault.uploadCutAt(1_000)),
                Arguments.of("503", ProxyFault.answer(CannedAnswer.of(503))),
                Arguments.of("503 after", ProxyFault.answerAfter(CannedAnswer.of(503))),
                Arguments.of("429", ProxyFault.answer(CannedAnswer.of(429))),
                Arguments.of("sent twice", ProxyFault.SENT_TWICE));
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void anUploadGoesOnWhereItBroke(String name, ProxyFault fault) {
        for (int nth = 1; nth <= 4; nth++) {
            Blob blob = Blob.of(SIZE);
            String key = KEY + nth;
            store.proxy.reset();
            store.proxy.plan(ProxyPlan.onceOn(CHUNKS, nth, fault));

            assertThat(backend.upload(key, blob))
                    .as("%s at chunk %s", name, nth)
                    .isEqualTo(CreateOutcome.CREATED);

            assertThat(store.proxy.faults()).hasSize(1);
            assertThat(blob.opened()).hasValue(1);
            assertThat(store.stored(key)).isEqualTo(blob.content());
            assertThat(store.count(CHUNKS)).isLessThanOrEqualTo(6);
            if (fault != ProxyFault.SENT_TWICE) {
                assertThat(requests()).contains("PUT bytes */" + SIZE);
            }
        }
    }

    @Test
    void anUploadThatNeverGoesOnIsGivenUpWithoutAnEnd() {
        store.proxy.plan(ProxyPlan.everyTimeOn(CHUNKS, ProxyFault.RESET_BEFORE));

        StorageException failure =
                catchThrowableOfType(StorageException.class, () -> backend.upload(KEY, Blob.of(SIZE)));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(store.count(CHUNKS)).isEqualTo(5);
        assertThat(store.stored(KEY)).isNull();
    }

    @Test
    void anUploadWhoseLastChunkGetsNoAnswerMayHaveTakenEffect() {
        AtomicInteger chunks = new AtomicInteger();
        store.proxy.plan(request -> request.toString().matches(CHUNKS) && chunks.incrementAndGet() >= 4
                ? ProxyFault.RESET_AFTER
                : ProxyFault.NONE);

        StorageException failure =
                catchThrowableOfType(StorageException.class, () -> backend.upload(KEY, Blob.of(SIZE)));

        assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(store.stored(KEY)).isNotNull();
    }

    @Test
    void aSessionThatIsGoneIsUnavailableAndMayBeginAnew() {
        store.proxy.plan(ProxyPlan.onceOn(CHUNKS, 2, ProxyFault.answer(CannedAnswer.of(410))));

        StorageException failure =
                catchThrowableOfType(StorageException.class, () -> backend.upload(KEY, Blob.of(SIZE)));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(backend.upload(KEY, Blob.of(SIZE))).isEqualTo(CreateOutcome.CREATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "http://", "ftp://host/x"})
    void aSessionAtAnAddressThatIsNoneIsUnavailable(String address) {
        store.proxy.plan(ProxyPlan.everyTimeOn(
                "POST .*", ProxyFault.answer(CannedAnswer.of(200).withHeader("Location", address))));

        StorageException failure =
                catchThrowableOfType(StorageException.class, () -> backend.upload(KEY, Blob.of(SIZE)));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void whoIsToldAtTheBeginningThatOneStandsSendsNothing() {
        store.proxy.plan(ProxyPlan.onceOn("POST .*", 1, ProxyFault.answer(CannedAnswer.of(412))));
        Blob blob = Blob.of(SIZE);

        assertThat(backend.upload(KEY, blob)).isEqualTo(CreateOutcome.EXISTS);

        assertThat(store.proxy.faults()).hasSize(1);
        assertThat(requests()).containsExactly("GET", "POST");
    }

    @Test
    void whoFinishesSecondIsToldThatOneStands() {
        store.proxy.plan(request -> {
            if (request.toString().matches(CHUNKS)
                    && request.header("Content-Range").orElse("").startsWith("bytes 786432-")) {
                store.bucket.plant(GcsFixture.object(KEY), Blob.of(SIZE).content(), new JsonObject());
            }
            return ProxyFault.NONE;
        });

        assertThat(backend.upload(KEY, Blob.of(SIZE))).isEqualTo(CreateOutcome.EXISTS);
    }

    private void damageWhatArrives() {
        byte[] other = Blob.of(SIZE).content();
        other[SIZE / 2] ^= 1;
        store.proxy.plan(request -> {
            if (request.method().equals("GET") && store.stored(KEY) != null) {
                store.bucket.damage(GcsFixture.object(KEY), other);
            }
            return ProxyFault.NONE;
        });
    }

    @Test
    void whatArrivedDamagedIsRemovedAgain() {
        damageWhatArrives();

        StorageException failure =
                catchThrowableOfType(StorageException.class, () -> backend.upload(KEY, Blob.of(SIZE)));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("damaged on its way").hasMessageContaining("it was removed");
        assertThat(store.stored(KEY)).isNull();
    }

    @Test
    void whatArrivedDamagedAndMayNotBeRemovedIsSaidToStand() {
        GcsPolicy policy =
                new GcsPolicy(GcsAccess.of("gs://" + GcsFixture.BUCKET + "/" + GcsFixture.PREFIX, GcsPolicy.DELETER)
                        .grant(Role.CONTRIBUTOR, "user:trainer@p")
                        .policy());
        store.server.setPermissions(
                Permissions.of(Map.of("trainer", new Caller("trainer@p", policy.of("user:trainer@p")))));
        AccessToken token = new AccessToken("trainer", Date.from(Instant.now().plusSeconds(100_000)));
        GcsBackend trainer = store.backend(
                GcsFixture.client(store.proxy.uri(), OAuth2Credentials.create(token)),
                GcsSettings.defaults().withChunkBytes(CHUNK),
                new ManualHost());
        damageWhatArrives();

        StorageException failure =
                catchThrowableOfType(StorageException.class, () -> trainer.upload(KEY, Blob.of(SIZE)));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure)
                .hasMessageContaining("damaged on its way")
                .hasMessageContaining("it still stands, and this caller may not delete it")
                .hasMessageContaining("delete gs://models/" + GcsFixture.object(KEY));
        assertThat(store.stored(KEY)).isNotNull();
    }

    @Test
    void aSourceThatFailsCancelsTheUpload() {
        Blob blob = Blob.of(SIZE);
        BlobSource failing = new BlobSource() {
            @Override
            public long sizeBytes() {
                return SIZE + 1;
            }

            @Override
            public String sha256() {
                return blob.sha256();
            }

            @Override
            public InputStream open() {
                return blob.open();
            }
        };

        assertThatThrownBy(() -> backend.upload(KEY, failing)).isInstanceOf(IllegalArgumentException.class);

        assertThat(requests()).last().isEqualTo("DELETE");
        assertThat(store.server.log().entries())
                .last()
                .extracting(entry -> entry.status())
                .isEqualTo(499);
        assertThat(store.stored(KEY)).isNull();
    }

    @Test
    void anInterruptEndsTheWaitingAndKeepsTheFlag() {
        store.proxy.plan(ProxyPlan.everyTimeOn(CHUNKS, ProxyFault.answer(CannedAnswer.of(503))));
        Thread.currentThread().interrupt();

        StorageException failure =
                catchThrowableOfType(StorageException.class, () -> backend.upload(KEY, Blob.of(SIZE)));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(store.count(CHUNKS)).isEqualTo(1);
    }

    @Test
    void storageClassAndKeyAreThoseOfTheSettings() {
        GcsBackend other = store.backend(
                store.client(),
                GcsSettings.defaults()
                        .withChunkBytes(CHUNK)
                        .withBlobStorageClass("NEARLINE")
                        .withKmsKey("projects/p/locations/l/keyRings/r/cryptoKeys/k"),
                new ManualHost());

        other.upload(KEY, Blob.of(10));
        other.upload(KEY + "4", Blob.of(SIZE));
        other.create("versions/a/1.json", new byte[1]);

        for (String key : new String[] {KEY, KEY + "4"}) {
            assertThat(store.bucket.live(GcsFixture.object(key)).metadata("storageClass"))
                    .isEqualTo("NEARLINE");
            assertThat(store.bucket.live(GcsFixture.object(key)).metadata("kmsKeyName"))
                    .endsWith("cryptoKeys/k");
        }
        assertThat(store.bucket.live(GcsFixture.object("versions/a/1.json")).metadata("storageClass"))
                .isNull();
        assertThat(store.bucket.live(GcsFixture.object("versions/a/1.json")).metadata("kmsKeyName"))
                .endsWith("cryptoKeys/k");
    }
}
