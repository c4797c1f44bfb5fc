package io.modelregistry.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.testkit.proxy.CannedAnswer;
import io.modelregistry.testkit.proxy.ProxiedRequest;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.testkit.proxy.ProxyPlan;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Downloads in several ranges, and what goes wrong with one of them. */
@Timeout(60)
final class RangesOnTheWireTest {
    private static final String KEY = "blobs/tumor/sha256/0123";
    private static final String DOWNLOAD = ProxiedStore.downloadOf(KEY);
    private static final int CHUNK = 256 << 10;
    private static final GcsSettings SETTINGS =
            GcsSettings.defaults().withChunkBytes(CHUNK).withParallelism(2);
    private static final byte[] CONTENT = new byte[3 * CHUNK + 17];

    static {
        new SplittableRandom(5).nextBytes(CONTENT);
    }

    @TempDir
    Path folder;

    private final ProxiedStore store = new ProxiedStore();
    private final GcsBackend backend = store.backend(store.client(), SETTINGS, Host.system());

    @AfterEach
    void close() {
        backend.close();
        store.close();
    }

    private void put(byte[] content) {
        store.bucket.plant(GcsFixture.object(KEY), content, new JsonObject());
    }

    private String rangeOf(ProxiedRequest request) {
        return request.header("range").orElse("all");
    }

    @Test
    void aLargeBlobIsReadInRangesOfOneGeneration() throws IOException {
        put(CONTENT);
        try (InputStream in = backend.read(KEY, 3, Long.MAX_VALUE)) {

            byte[] read = in.readAllBytes();

            assertThat(read).isEqualTo(Arrays.copyOfRange(CONTENT, 3, CONTENT.length));
            List<ProxiedRequest> requests = store.proxy.requests();
            assertThat(requests)
                    .extracting(this::rangeOf)
                    .containsExactlyInAnyOrder(
                            "bytes=3-" + (CHUNK + 2),
                            "bytes=" + (CHUNK + 3) + "-" + (2 * CHUNK + 2),
                            "bytes=" + (2 * CHUNK + 3) + "-" + (3 * CHUNK + 2),
                            "bytes=" + (3 * CHUNK + 3) + "-" + (3 * CHUNK + 16));
            String generation = "ifGenerationMatch="
                    + store.bucket.live(GcsFixture.object(KEY)).generation();
            assertThat(requests.get(0).target()).doesNotContain("ifGenerationMatch");
            assertThat(requests.subList(1, 4))
                    .allSatisfy(request -> assertThat(request.target()).contains(generation));
        }
    }

    @Test
    void noMoreIsAskedForThanIsWanted() throws IOException {
        put(CONTENT);
        try (InputStream in = backend.read(KEY, 10, CHUNK + 5)) {

            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(CONTENT, 10, CHUNK + 15));

            assertThat(store.proxy.requests())
                    .extracting(this::rangeOf)
                    .containsExactly("bytes=10-" + (CHUNK + 9), "bytes=" + (CHUNK + 10) + "-" + (CHUNK + 14));
        }
    }

    @Test
    void whoReadsOnlyTheBeginningAsksOnce() throws IOException {
        put(CONTENT);
        try (InputStream in = backend.read(KEY, 0, CONTENT.length)) {

            assertThat(in.readNBytes(100)).isEqualTo(Arrays.copyOf(CONTENT, 100));
        }
        assertThat(store.proxy.requests()).hasSize(1);
    }

    @Test
    void aLateRangeHoldsUpNoOther() throws IOException {
        put(CONTENT);
        CountDownLatch last = new CountDownLatch(1);
        AtomicBoolean overtaken = new AtomicBoolean();
        store.proxy.plan(request -> {
            if (rangeOf(request).startsWith("bytes=" + CHUNK + "-")) {
                overtaken.set(awaited(last));
            } else if (rangeOf(request).startsWith("bytes=" + 3 * CHUNK + "-")) {
                last.countDown();
            }
            return ProxyFault.NONE;
        });
        try (InputStream in = backend.read(KEY, 0, Long.MAX_VALUE)) {

            assertThat(in.readAllBytes()).isEqualTo(CONTENT);

            assertThat(overtaken).isTrue();
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static Stream<Arguments> ofARange() {
        return Stream.of(
                Arguments.of(ProxyFault.RESET_BEFORE, ""),
                Arguments.of(ProxyFault.truncatedAt(0), ""),
                Arguments.of(ProxyFault.truncatedAt(CHUNK / 2), ""),
                Arguments.of(answer(503), "503"),
                Arguments.of(answer(403), "storage.objects.get"),
                Arguments.of(answer(404), "404"),
                Arguments.of(answer(200), "asked for bytes from"),
                Arguments.of(
                        ProxyFault.answer(CannedAnswer.of(206)
                                .withHeader("Content-Range", range())
                                .withHeader("x-goog-generation", "7")),
                        "one of another object"));
    }

    private static ProxyFault answer(int status) {
        return ProxyFault.answer(CannedAnswer.of(status));
    }

    private static String range() {
        return "bytes " + CHUNK + "-" + (2 * CHUNK - 1) + "/" + CONTENT.length;
    }

    @ParameterizedTest
    @MethodSource("ofARange")
    void aRangeThatFailsBreaksTheStreamWhereItBegins(ProxyFault fault, String said) throws IOException {
        put(CONTENT);
        store.proxy.plan(request -> rangeOf(request).startsWith("bytes=" + CHUNK + "-") ? fault : ProxyFault.NONE);
        try (InputStream in = backend.read(KEY, 0, Long.MAX_VALUE)) {

            assertThat(in.readNBytes(CHUNK)).isEqualTo(Arrays.copyOf(CONTENT, CHUNK));
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining(said);

            assertThat(store.proxy.faults()).isNotEmpty();
        }
    }

    @Test
    void theFirstRangeThatIsCutIsNotGoneOnFromItsEnd() throws IOException {
        put(CONTENT);
        store.proxy.plan(ProxyPlan.onceOn(DOWNLOAD, 1, ProxyFault.truncatedAt(CHUNK - 5)));
        try (InputStream in = backend.read(KEY, 0, Long.MAX_VALUE)) {

            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);

            assertThat(store.proxy.faults()).hasSize(1);
        }
    }

    /** Fault 27. */
    @Test
    void rangesOfTwoObjectsAreNeverMixed() throws IOException {
        put(CONTENT);
        try (InputStream in = backend.read(KEY, 0, Long.MAX_VALUE)) {
            byte[] other = CONTENT.clone();
            other[CONTENT.length - 1] ^= 1;
            assertThat(in.readNBytes(100)).hasSize(100);
            put(other);

            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining("412");
        }
    }

    static Stream<ProxyFault> thatARegistryMends() {
        return Stream.of(ProxyFault.bitFlippedAt(4_711), ProxyFault.truncatedAt(CHUNK / 2), answer(503));
    }

    @ParameterizedTest
    @MethodSource("thatARegistryMends")
    void aRegistryBringsTheRightBytesWhateverBecameOfOneRange(ProxyFault fault) throws IOException {
        RegistryOptions options = RegistryOptions.defaults().withCacheFolder(folder.resolve("cache"));
        try (ModelRegistry registry =
                ModelRegistry.on(backend, options, Host.system()).as("ada")) {
            registry.model("tumor").register(Registration.empty().file("model.bin", CONTENT));
            store.proxy.reset();
            AtomicBoolean done = new AtomicBoolean();
            store.proxy.plan(request ->
                    rangeOf(request).startsWith("bytes=" + 2 * CHUNK + "-") && done.compareAndSet(false, true)
                            ? fault
                            : ProxyFault.NONE);

            Path target = registry.model("tumor").version(1).downloadTo(folder.resolve("files"));

            assertThat(Files.readAllBytes(target.resolve("model.bin"))).isEqualTo(CONTENT);
            assertThat(store.proxy.faults()).hasSize(1);
            Optional<ProxiedRequest> again = store.proxy.requests().stream()
                    .filter(request -> rangeOf(request).startsWith("bytes=0-"))
                    .skip(1)
                    .findFirst();
            assertThat(again.isPresent())
                    .as("read again from its beginning")
                    .isEqualTo(fault.toString()
                            .equals(ProxyFault.bitFlippedAt(4_711).toString()));
        }
    }
}
