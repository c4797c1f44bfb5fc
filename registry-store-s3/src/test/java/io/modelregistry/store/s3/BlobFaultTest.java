package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelregistry.Digest;
import io.modelregistry.Host;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.s3.FaultyWire.Sdk;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.testkit.proxy.ProxyPlan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.sync.RequestBody;

/** Blobs in parts that go wrong on the wire. Fault 54. */
@Timeout(120)
final class BlobFaultTest {
    private static final String KEY = "blobs/tumor/sha256/0123";
    private static final int PART = 5 << 20;
    private static final S3Settings SETTINGS =
            S3Settings.defaults().withPartBytes(PART).withParallelism(2);
    private static final byte[] CONTENT = content(3 * PART + 17);

    @RegisterExtension
    private final FaultyWire wire = new FaultyWire();

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        new SplittableRandom(7).nextBytes(content);
        return content;
    }

    /** A blob that may break when so much of it was read. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Blob(byte[] content, int breaksAt) implements BlobSource {
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
            return new ByteArrayInputStream(content) {
                @Override
                public synchronized int read(byte[] buffer, int offset, int length) {
                    if (pos >= breaksAt) {
                        throw new UncheckedIOException(new IOException("the disk is gone"));
                    }
                    return super.read(buffer, offset, length);
                }
            };
        }
    }

    private static final Blob BLOB = new Blob(CONTENT, Integer.MAX_VALUE);

    private StorageBackend open(Sdk sdk) {
        return wire.open(sdk, SETTINGS, Host.system());
    }

    private long uploadsLeftOver() {
        return S3Server.shared()
                .admin()
                .listMultipartUploads(list -> list.bucket(wire.bucket))
                .uploads()
                .size();
    }

    private void assertStands() throws IOException {
        try (InputStream in = wire.undisturbed().read(KEY, 0, Long.MAX_VALUE)) {
            assertThat(Digest.of(in.readAllBytes())).isEqualTo(Digest.of(CONTENT));
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aSlowPartHoldsUpNoOther(Sdk sdk) throws IOException {
        CountDownLatch others = new CountDownLatch(3);
        AtomicBoolean overtaken = new AtomicBoolean();
        wire.proxy.plan(request -> {
            if (request.target().matches(".*[?&]partNumber=1(&.*)?")) {
                overtaken.set(awaited(others));
            } else if (request.target().contains("partNumber=")) {
                others.countDown();
            }
            return ProxyFault.NONE;
        });
        try (StorageBackend backend = open(sdk)) {

            CreateOutcome outcome = backend.upload(KEY, BLOB);

            assertThat(outcome).isEqualTo(CreateOutcome.CREATED);
            assertThat(overtaken).isTrue();
            assertStands();
        }
    }

    private static boolean awaited(CountDownLatch requests) {
        try {
            return requests.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aBlobAboveThePartSizeIsSentInParts(Sdk sdk) throws IOException {
        try (StorageBackend backend = open(sdk)) {

            assertThat(backend.upload(KEY, BLOB)).isEqualTo(CreateOutcome.CREATED);

            assertThat(wire.requests())
                    .containsExactlyInAnyOrder(
                            "HEAD " + KEY,
                            "POST " + KEY,
                            "PUT " + KEY,
                            "PUT " + KEY,
                            "PUT " + KEY,
                            "PUT " + KEY,
                            "POST " + KEY);
            assertStands();
            wire.proxy.reset();
            assertThat(backend.upload(KEY, BLOB)).isEqualTo(CreateOutcome.EXISTS);
            assertThat(wire.requests()).containsExactly("HEAD " + KEY);
        }
    }

    @ParameterizedTest
    @CsvSource({"V2, reset", "V1, reset", "V2, busy", "V1, busy"})
    void aPartThatIsLostIsSentAgain(Sdk sdk, String fault) throws IOException {
        ProxyFault lost =
                fault.equals("reset") ? ProxyFault.RESET_AFTER : ProxyFault.answer(FaultyWire.error(503, "SlowDown"));
        wire.proxy.plan(ProxyPlan.onceOn("PUT .*partNumber=2.*", 1, lost));
        try (StorageBackend backend = open(sdk)) {

            assertThat(backend.upload(KEY, BLOB)).isEqualTo(CreateOutcome.CREATED);

            assertThat(wire.proxy.faults()).hasSize(1);
            assertStands();
            assertThat(uploadsLeftOver()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aCompletionWhoseAnswerIsLostIsSettledByLooking(Sdk sdk) throws IOException {
        wire.proxy.plan(ProxyPlan.everyTimeOn("POST .*uploadId=.*", ProxyFault.RESET_AFTER));
        try (StorageBackend backend = open(sdk)) {

            assertThat(backend.upload(KEY, BLOB)).isEqualTo(CreateOutcome.CREATED);

            assertThat(wire.proxy.faults()).isNotEmpty();
            assertStands();
            assertThat(uploadsLeftOver()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void anUploadThatCannotBeCompletedIsAbortedAndSaysWhy(Sdk sdk) {
        wire.proxy.plan(
                ProxyPlan.everyTimeOn("POST .*uploadId=.*", ProxyFault.answer(FaultyWire.error(400, "InvalidPart"))));
        try (StorageBackend backend = open(sdk)) {

            StorageException failure = catchThrowableOfType(StorageException.class, () -> backend.upload(KEY, BLOB));

            assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(wire.undisturbed().stat(KEY)).isEmpty();
            assertThat(uploadsLeftOver()).isZero();
        }
    }

    /** Fault 56. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aCompletionThatFailsWithStatus200IsNoSuccess(Sdk sdk) {
        wire.proxy.plan(
                ProxyPlan.everyTimeOn("POST .*uploadId=.*", ProxyFault.answer(FaultyWire.error(200, "InternalError"))));
        try (StorageBackend backend = open(sdk)) {

            StorageException failure = catchThrowableOfType(StorageException.class, () -> backend.upload(KEY, BLOB));

            assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
            assertThat(wire.undisturbed().stat(KEY)).isEmpty();
            assertThat(uploadsLeftOver()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void anUploadWhosePartIsRefusedIsAborted(Sdk sdk) {
        wire.proxy.plan(ProxyPlan.everyTimeOn(
                "PUT .*partNumber=2.*", ProxyFault.answer(FaultyWire.error(403, "AccessDenied"))));
        try (StorageBackend backend = open(sdk)) {

            assertThatThrownBy(() -> backend.upload(KEY, BLOB))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("s3:PutObject");

            assertThat(uploadsLeftOver()).isZero();
            assertThat(wire.undisturbed().stat(KEY)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void anUploadWhoseSourceBreaksIsAborted(Sdk sdk) {
        try (StorageBackend backend = open(sdk)) {

            assertThatThrownBy(() -> backend.upload(KEY, new Blob(CONTENT, 2 * PART)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("the disk is gone");

            assertThat(uploadsLeftOver()).isZero();
            assertThat(wire.undisturbed().stat(KEY)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aLargeBlobIsReadInRangesOfOneObject(Sdk sdk) throws IOException {
        wire.undisturbed().upload(KEY, BLOB);
        try (StorageBackend backend = open(sdk);
                InputStream in = backend.read(KEY, 3, Long.MAX_VALUE)) {

            byte[] read = in.readAllBytes();

            assertThat(read).isEqualTo(Arrays.copyOfRange(CONTENT, 3, CONTENT.length));
            assertThat(wire.requests()).isEqualTo(Collections.nCopies(4, "GET " + KEY));
            assertThat(wire.proxy.requests().get(0).header("if-match")).isEmpty();
            assertThat(wire.proxy.requests().subList(1, 4))
                    .allSatisfy(range -> assertThat(range.header("if-match")).isPresent());
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aLaterRangeThatIsTruncatedBreaksTheStream(Sdk sdk) throws IOException {
        wire.undisturbed().upload(KEY, BLOB);
        wire.proxy.plan(ProxyPlan.onceOn(wire.on("GET", KEY), 3, ProxyFault.truncatedAt(PART / 2)));
        try (StorageBackend backend = open(sdk);
                InputStream in = backend.read(KEY, 0, Long.MAX_VALUE)) {

            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);

            assertThat(wire.proxy.faults()).hasSize(1);
        }
    }

    /** Fault 27. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void rangesOfTwoObjectsAreNeverMixed(Sdk sdk) throws IOException {
        wire.undisturbed().upload(KEY, BLOB);
        try (StorageBackend backend = open(sdk);
                InputStream in = backend.read(KEY, 0, Long.MAX_VALUE)) {
            byte[] other = CONTENT.clone();
            other[CONTENT.length - 1] ^= 1;
            assertThat(in.readNBytes(100)).hasSize(100);
            S3Server.shared()
                    .admin()
                    .putObject(put -> put.bucket(wire.bucket).key("team/" + KEY), RequestBody.fromBytes(other));

            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void noBlobHasMorePartsThanAStoreTakes() {
        assertThat(BlobWriter.partBytes(CONTENT.length, PART)).isEqualTo(PART);
        assertThat(BlobWriter.partBytes(5L << 40, PART)).isEqualTo(525 << 20);
        assertThat(BlobWriter.partBytes(10_000L * PART, PART)).isEqualTo(PART);
        assertThat(BlobWriter.partBytes(10_000L * PART + 1, PART)).isEqualTo(PART + (1 << 20));
    }
}
