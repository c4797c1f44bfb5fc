package io.modelregistry.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import io.modelregistry.Host;
import io.modelregistry.storage.Checksum;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.storage.StoredObject;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.proxy.CannedAnswer;
import io.modelregistry.testkit.proxy.DripGate;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.testkit.proxy.ProxyPlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads that go wrong on the wire, and what a store that is used by others may hold. */
@Timeout(60)
final class ReadOnTheWireTest {
    private static final String KEY = "versions/tumor/0000000001.json";
    private static final String DOWNLOAD = ProxiedStore.downloadOf(KEY);
    private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.UTF_8);

    private final ProxiedStore store = new ProxiedStore();

    @AfterEach
    void close() {
        store.close();
    }

    private static StorageException failureOf(ThrowingCallable call) {
        return catchThrowableOfType(StorageException.class, call);
    }

    private GcsBackend backendWithTheObject() {
        GcsBackend backend = store.backend();
        backend.create(KEY, CONTENT);
        store.proxy.reset();
        return backend;
    }

    @Test
    void aReadIsOneRequest() {
        GcsBackend backend = backendWithTheObject();

        assertThat(backend.get(KEY, 100)).isPresent();
        assertThat(backend.stat(KEY)).isPresent();
        assertThat(backend.list("", Depth.ALL, "", 10).keys()).containsExactly(KEY);

        assertThat(store.proxy.requests())
                .extracting(request -> request.method())
                .containsExactly("GET", "GET", "GET");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9})
    void aBodyThatIsCutIsNotTakenForTheWhole(long bytes) {
        GcsBackend backend = backendWithTheObject();
        store.proxy.plan(ProxyPlan.onceOn(DOWNLOAD, 1, ProxyFault.truncatedAt(bytes)));

        StorageException failure = failureOf(() -> backend.get(KEY, 100));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(store.proxy.faults()).hasSize(1);
        assertThat(backend.get(KEY, 100).orElseThrow().content()).isEqualTo(CONTENT);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5, 9})
    void aFlippedBitIsNoticedByTheChecksum(long offset) {
        GcsBackend backend = backendWithTheObject();
        store.proxy.plan(ProxyPlan.onceOn(DOWNLOAD, 1, ProxyFault.bitFlippedAt(offset)));

        StorageException failure = failureOf(() -> backend.get(KEY, 100));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("doesn't have the checksum that the store names for it");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void aStoreThatCannotAnswerIsUnavailableToEveryRead(int status) {
        GcsBackend backend = backendWithTheObject();
        store.proxy.plan(ProxyPlan.everyTimeOn("GET .*", ProxyFault.answer(CannedAnswer.of(status))));

        List<ThrowingCallable> reads = List.of(
                () -> backend.get(KEY, 100),
                () -> backend.stat(KEY),
                () -> backend.list("", Depth.ALL, "", 10),
                () -> backend.read(KEY, 0, 10).close());

        for (ThrowingCallable read : reads) {
            assertThat(failureOf(read).kind()).isEqualTo(Kind.UNAVAILABLE);
        }
        assertThat(store.proxy.requests()).hasSize(reads.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"items\":[{\"na", "[]", "<html>", "{\"items\":7}"})
    void anAnswerThatIsNoneOfTheApisIsUnavailable(String body) {
        GcsBackend backend = backendWithTheObject();
        store.proxy.plan(
                ProxyPlan.everyTimeOn("GET .*", ProxyFault.answer(CannedAnswer.of(200, "application/json", body))));

        assertThat(failureOf(() -> backend.stat(KEY)).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failureOf(() -> backend.list("", Depth.ALL, "", 10)).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failureOf(() -> backend.get(KEY, 100)).kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void aMissingBucketIsNotAnEmptyStore() {
        GcsBackend backend = GcsBackend.on(store.client(), "no-such-bucket", "");

        List<ThrowingCallable> reads = List.of(
                () -> backend.get(KEY, 100),
                () -> backend.stat(KEY),
                () -> backend.list("", Depth.ALL, "", 10),
                () -> backend.read(KEY, 0, 10).close());

        for (ThrowingCallable read : reads) {
            assertThat(failureOf(read).kind()).isEqualTo(Kind.UNSUITABLE);
            assertThatThrownBy(read).hasMessageContaining("there is no bucket no-such-bucket");
        }
    }

    @Test
    void whoeverChangesMetadataChangesNoStoreTime() {
        GcsBackend backend = backendWithTheObject();
        Instant storedAt = backend.get(KEY, 100).orElseThrow().storedAt();
        store.bucket.backdate(GcsFixture.object(KEY), Duration.ofDays(3));
        store.bucket.changeMetadata(GcsFixture.object(KEY), "contentType", "text/plain");
        store.proxy.reset();

        StoredObject object = backend.get(KEY, 100).orElseThrow();

        assertThat(object.storedAt()).isEqualTo(storedAt.minus(Duration.ofDays(3)));
        assertThat(object.storedAt()).isEqualTo(backend.stat(KEY).orElseThrow().storedAt());
        assertThat(store.proxy.requests()).hasSize(3);
    }

    @Test
    void theChecksumAndGenerationAreTheStoresOwn() {
        GcsBackend backend = backendWithTheObject();

        ObjectInfo info = backend.stat(KEY).orElseThrow();

        assertThat(info.checksum()).isEqualTo(new Checksum(Checksum.Algorithm.CRC32C, "280c069e"));
        assertThat(info.generation().value())
                .isEqualTo(
                        Long.toString(store.bucket.live(GcsFixture.object(KEY)).generation()));
    }

    @Test
    void whatSomebodyStoredAsGzipArrivesAsItIsStored() throws IOException {
        byte[] packed = pack(CONTENT);
        JsonObject metadata = new JsonObject();
        metadata.addProperty("contentEncoding", "gzip");
        store.bucket.plant(GcsFixture.object(KEY), packed, metadata);
        GcsBackend backend = store.backend();

        StoredObject object = backend.get(KEY, 1_000).orElseThrow();

        assertThat(object.content()).isEqualTo(packed);
        assertThat(object.sizeBytes()).isEqualTo(packed.length);
        assertThat(backend.get(KEY, 5).orElseThrow().content()).hasSize(5);
        try (InputStream in = backend.read(KEY, 3, 10)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(packed, 3, 13));
        }
    }

    @Test
    void bytesThatWerePackedOnTheWayAreRefused() {
        GcsBackend backend = backendWithTheObject();
        store.bucket.packsDownloads();

        assertThat(failureOf(() -> backend.get(KEY, 100)).kind()).isEqualTo(Kind.UNSUITABLE);
        assertThatThrownBy(() -> backend.read(KEY, 0, 10).close())
                .hasMessageContaining("stored as identity and arrived as gzip");
    }

    @Test
    void aStreamThatBreaksEndsWithAnExceptionOrEarly() throws IOException {
        GcsBackend backend = store.backend();
        backend.overwrite("blobs/a", new byte[1 << 20]);
        store.proxy.plan(ProxyPlan.onceOn("GET .*", 1, ProxyFault.truncatedAt(100_000)));

        int read = 0;
        try (InputStream in = backend.read("blobs/a", 0, 1 << 20)) {
            byte[] buffer = new byte[8_192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                read += n;
            }
        } catch (IOException e) {
            assertThat(e.getMessage()).containsIgnoringCase("premature"); // from the vendor or from the JDK
        }

        assertThat(read).isEqualTo(100_000);
    }

    /** Fault 53: each byte satisfies its socket, and the operation would never end. */
    @Test
    void aServerThatSendsOneByteAtATimeIsGivenUp() {
        backendWithTheObject();
        GcsBackend backend = store.backend(store.client(), GcsSettings.defaults(), new FastClock());

        store.proxy.plan(ProxyPlan.everyTimeOn(DOWNLOAD, fewBytes()));
        StorageException ofGet = failureOf(() -> backend.get(KEY, 100));
        store.proxy.plan(ProxyPlan.everyTimeOn(DOWNLOAD, fewBytes()));
        Throwable ofRead = catchThrowable(() -> {
            try (InputStream in = backend.read(KEY, 0, 10)) {
                in.readAllBytes();
            }
        });

        assertThat(ofGet.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(ofGet).hasMessageContaining("was not complete after 30 s");
        assertThat(ofRead).isInstanceOf(IOException.class).hasMessageContaining("bytes came in 30 s");
    }

    private static ProxyFault fewBytes() {
        DripGate gate = new DripGate();
        gate.letThrough(5);
        return ProxyFault.dripping(gate);
    }

    @Test
    void theStoresTimeComesFromAnyAnswerAndIsAskedForOnlyWithoutOne() {
        ManualHost host = new ManualHost();
        GcsBackend backend = store.backend(store.client(), GcsSettings.defaults(), host);

        Instant first = backend.storeTime();
        host.advance(Duration.ofMinutes(4));
        Instant second = backend.storeTime();
        int requests = store.proxy.requests().size();
        host.advance(Duration.ofMinutes(2));
        Instant third = backend.storeTime();

        assertThat(requests).isEqualTo(1);
        assertThat(store.proxy.requests()).hasSize(2);
        assertThat(second).isEqualTo(first.plus(Duration.ofMinutes(4)));
        assertThat(third).isBetween(first, second);
        assertThat(Duration.between(ManualHost.START, first).toDays()).isPositive();
    }

    @Test
    void aStoreWithoutAClockIsUnsuitable() {
        GcsBackend backend = store.backend();
        store.proxy.plan(ProxyPlan.everyTimeOn("GET .*", ProxyFault.answer(CannedAnswer.of(404))));

        assertThat(failureOf(backend::storeTime).kind()).isEqualTo(Kind.UNSUITABLE);
        assertThatThrownBy(backend::storeTime).hasMessageContaining("has no Date");
    }

    @Test
    void anAnswerFromACacheTellsNoTime() {
        GcsBackend backend = store.backend();
        CannedAnswer old = CannedAnswer.of(404)
                .withHeader("Date", "Thu, 01 Jan 2015 00:00:00 GMT")
                .withHeader("Age", "60");
        store.proxy.plan(ProxyPlan.onceOn("GET .*", 1, ProxyFault.answer(old)));
        backend.stat(KEY);

        assertThat(backend.storeTime()).isAfter(Instant.parse("2020-01-01T00:00:00Z"));
    }

    private static byte[] pack(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }

    /** A machine on which 40 seconds go by whenever it looks at its clock. */
    private static final class FastClock implements Host {
        private final Host machine = Host.system();
        private final AtomicLong nanos = new AtomicLong();

        @Override
        public Instant now() {
            return machine.now();
        }

        @Override
        public long nanoTime() {
            return nanos.addAndGet(Duration.ofSeconds(40).toNanos());
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            machine.pause(duration);
        }

        @Override
        public String newId() {
            return machine.newId();
        }

        @Override
        public double random() {
            return machine.random();
        }

        @Override
        public Executor executor() {
            return machine.executor();
        }

        @Override
        public Scheduled schedule(Duration delay, Runnable task) {
            return machine.schedule(delay, task);
        }
    }
}
