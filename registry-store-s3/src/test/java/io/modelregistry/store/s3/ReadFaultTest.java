package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelregistry.Host;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.s3.FaultyWire.Sdk;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.proxy.DripGate;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.testkit.proxy.ProxyPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads that go wrong on the wire. */
@Timeout(120)
final class ReadFaultTest {
    private static final String KEY = "models/tumor/0000000001.json";
    private static final byte[] CONTENT = "entry 1 of tumor\n".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension
    private final FaultyWire wire = new FaultyWire();

    @BeforeEach
    void putSomething() {
        wire.undisturbed().create(KEY, CONTENT);
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void theSdkRepeatsAReadWhoseAnswerIsLost(Sdk sdk) {
        wire.proxy.plan(ProxyPlan.onceOn(wire.on("GET", KEY), 1, ProxyFault.RESET_AFTER)
                .then(ProxyPlan.onceOn(wire.on("GET", KEY), 2, ProxyFault.answer(FaultyWire.error(503, "SlowDown")))));
        try (StorageBackend backend = wire.open(sdk)) {

            assertThat(backend.get(KEY, 100).orElseThrow().content()).isEqualTo(CONTENT);

            assertThat(wire.proxy.faults()).hasSize(2);
            assertThat(wire.requests()).containsExactly("GET " + KEY, "GET " + KEY, "GET " + KEY);
        }
    }

    /** Fault 6: a storm ends in an error, not in waiting for ever. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aStoreThatNeverAnswersIsUnavailable(Sdk sdk) {
        wire.proxy.plan(ProxyPlan.everyTimeOn(".*", ProxyFault.answer(FaultyWire.error(503, "SlowDown"))));
        try (StorageBackend backend = wire.open(sdk)) {
            assertThat(kind(() -> backend.get(KEY, 100))).isEqualTo(Kind.UNAVAILABLE);
            assertThat(kind(() -> backend.stat(KEY))).isEqualTo(Kind.UNAVAILABLE);
            assertThat(kind(() -> backend.list("", Depth.ALL, "", 10))).isEqualTo(Kind.UNAVAILABLE);
            assertThat(kind(() -> backend.read(KEY, 0, 10).close())).isEqualTo(Kind.UNAVAILABLE);
        }
    }

    /** Fault 49. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aMissingPermissionIsNeverAnAbsentKey(Sdk sdk) {
        wire.proxy.plan(ProxyPlan.everyTimeOn(".*", ProxyFault.answer(FaultyWire.error(403, "AccessDenied"))));
        try (StorageBackend backend = wire.open(sdk)) {
            for (Call call : new Call[] {
                () -> backend.get(KEY, 100),
                () -> backend.stat(KEY),
                () -> backend.read(KEY, 0, 1).close()
            }) {
                assertThat(failure(call)).hasMessageContaining("s3:GetObject").hasMessageContaining("s3:ListBucket");
                assertThat(kind(call)).isEqualTo(Kind.DENIED);
            }
            assertThat(failure(() -> backend.list("", Depth.ALL, "", 10)))
                    .hasMessageContaining("the caller needs s3:ListBucket on arn:aws:s3:::" + wire.bucket);
        }
    }

    /** Fault 51. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void anotherRegionIsNamed(Sdk sdk) {
        wire.proxy.plan(ProxyPlan.everyTimeOn(
                wire.on("HEAD", KEY),
                ProxyFault.answer(
                        FaultyWire.error(301, "PermanentRedirect").withHeader("x-amz-bucket-region", "eu-west-1"))));
        try (StorageBackend backend = wire.open(sdk)) {

            assertThat(failure(() -> backend.stat(KEY))).hasMessageContaining("?region=eu-west-1");
            assertThat(kind(() -> backend.stat(KEY))).isEqualTo(Kind.UNSUITABLE);
        }
    }

    /** Fault 51. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aWrongSecretIsACaseForConfiguration(Sdk sdk) {
        wire.proxy.plan(ProxyPlan.everyTimeOn(
                wire.on("GET", KEY), ProxyFault.answer(FaultyWire.error(403, "SignatureDoesNotMatch"))));
        try (StorageBackend backend = wire.open(sdk)) {
            assertThat(kind(() -> backend.get(KEY, 100))).isEqualTo(Kind.UNSUITABLE);
        }
    }

    /** Fault 55. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void anArchivedObjectAndADisabledKeyHaveMessagesOfTheirOwn(Sdk sdk) {
        wire.proxy.plan(ProxyPlan.onceOn(
                        wire.on("GET", KEY), 1, ProxyFault.answer(FaultyWire.error(403, "InvalidObjectState")))
                .then(ProxyPlan.onceOn(
                        wire.on("GET", KEY), 2, ProxyFault.answer(FaultyWire.error(400, "KMS.DisabledException")))));
        try (StorageBackend backend = wire.open(sdk)) {
            assertThat(failure(() -> backend.get(KEY, 100))).hasMessageContaining("the object is archived: restore it");
            assertThat(failure(() -> backend.get(KEY, 100))).hasMessageContaining("KMS key");
        }
    }

    /** Fault 57. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aDeletedEntryIsNoMissingOne(Sdk sdk) {
        ProxyFault deleted = ProxyFault.answer(FaultyWire.error(404, "NoSuchKey")
                .withHeader("x-amz-delete-marker", "true")
                .withHeader("x-amz-version-id", "marker-7"));
        wire.proxy.plan(ProxyPlan.everyTimeOn("(GET|HEAD) .*", deleted));
        try (StorageBackend backend = wire.open(sdk)) {
            for (Call call : new Call[] {
                () -> backend.get(KEY, 100),
                () -> backend.stat(KEY),
                () -> backend.read(KEY, 0, 1).close()
            }) {
                assertThat(failure(call)).hasMessageContaining("marker-7");
                assertThat(kind(call)).isEqualTo(Kind.MISSING);
            }
        }
    }

    /** Fault 52. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aTruncatedSmallObjectIsNeverTakenForAWholeOne(Sdk sdk) {
        for (int length = 0; length < CONTENT.length; length++) {
            wire.proxy.plan(ProxyPlan.everyTimeOn(wire.on("GET", KEY), ProxyFault.truncatedAt(length)));
            try (StorageBackend backend = wire.open(sdk)) {
                assertThat(kind(() -> backend.get(KEY, 100))).isEqualTo(Kind.UNAVAILABLE);
            }
        }
    }

    /** Fault 52. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aTruncatedRangeBreaksTheStream(Sdk sdk) throws IOException {
        wire.proxy.plan(ProxyPlan.everyTimeOn(wire.on("GET", KEY), ProxyFault.truncatedAt(5)));
        try (StorageBackend backend = wire.open(sdk);
                InputStream in = backend.read(KEY, 0, 10)) {

            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);

            assertThat(wire.proxy.faults()).hasSize(1);
            assertThat(wire.proxy.requests().get(0).header("range")).contains("bytes=0-9");
        }
    }

    /** Fault 53: at a byte a second no socket's timeout strikes. The clock is the host's, and the test moves it. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aStreamThatDripsIsGivenUp(Sdk sdk) throws IOException {
        DripGate gate = new DripGate();
        SlowReads host = new SlowReads(Duration.ofSeconds(1));
        wire.proxy.plan(ProxyPlan.everyTimeOn(wire.on("GET", KEY), ProxyFault.dripping(gate)));
        gate.letThrough(CONTENT.length);
        try (StorageBackend backend = wire.open(sdk, S3Settings.defaults().withTimeout(Duration.ofSeconds(3)), host);
                InputStream in = backend.read(KEY, 0, 1000)) {

            assertThatThrownBy(() -> {
                        while (in.read() >= 0) {
                            // a byte a second
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("bytes of 17 came within");

            assertThat(wire.proxy.faults()).hasSize(1);
        }
    }

    /** Fault 53. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aStoreThatSaysNothingIsGivenUpWithinTheTimeout(Sdk sdk) {
        wire.proxy.plan(ProxyPlan.everyTimeOn(wire.on("GET", KEY), ProxyFault.LATE_AFTER_SILENCE));
        try (StorageBackend backend = wire.open(sdk, Duration.ofMillis(800))) {
            assertThat(kind(() -> backend.get(KEY, 100))).isEqualTo(Kind.UNAVAILABLE);
        }
    }

    /** A machine on which each look at the monotonic clock finds it so much later. */
    private static final class SlowReads implements Host {
        private final ManualHost host = new ManualHost();
        private final Duration step;

        SlowReads(Duration step) {
            this.step = step;
        }

        @Override
        public Instant now() {
            return host.now();
        }

        @Override
        public long nanoTime() {
            host.advance(step);
            return host.nanoTime();
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            host.pause(duration);
        }

        @Override
        public String newId() {
            return host.newId();
        }

        @Override
        public double random() {
            return host.random();
        }

        @Override
        public Executor executor() {
            return host.executor();
        }

        @Override
        public Scheduled schedule(Duration delay, Runnable task) {
            return host.schedule(delay, task);
        }
    }

    private interface Call {
        void make() throws Exception;
    }

    private static StorageException failure(Call call) {
        StorageException failure = catchThrowableOfType(StorageException.class, call::make);
        assertThat(failure).as("a StorageException").isNotNull();
        return failure;
    }

    private static Kind kind(Call call) {
        return failure(call).kind();
    }
}
