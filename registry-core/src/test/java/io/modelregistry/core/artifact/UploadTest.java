package io.modelregistry.core.artifact;

import static io.modelregistry.core.artifact.ArtifactRig.MODEL;
import static io.modelregistry.core.artifact.ArtifactRig.blobKey;
import static io.modelregistry.core.artifact.ArtifactRig.bytes;
import static io.modelregistry.core.artifact.ArtifactRig.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.StoreFullException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.storage.Checksum;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.Operation;
import io.modelregistry.version.Registration;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

@Timeout(60)
class UploadTest {
    private static final byte[] WEIGHTS = noise(1, 300_000);
    private static final byte[] CONFIG = bytes("{\"layers\":12}");
    private static final Registration REGISTRATION = Registration.empty()
            .file("weights.bin", WEIGHTS)
            .file("config.json", CONFIG)
            .file("__init__.py", new byte[0]);

    @TempDir
    Path folder;

    @AfterEach
    void forgetInterrupts() {
        Thread.interrupted();
    }

    @Test
    void everyBlobAndTheManifestIsOneRequest() {
        ArtifactRig rig = new ArtifactRig(folder);
        PreparedArtifact prepared = rig.artifacts.prepare(REGISTRATION);
        assertThat(rig.backend.counts()).as("preparing asks no store").isEmpty();

        rig.artifacts.upload(MODEL, prepared, Set.of(), List.of());

        assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.UPLOAD, 4));
        assertThat(rig.memory.bytes(blobKey(WEIGHTS))).hasValue(WEIGHTS);
        assertThat(rig.memory.bytes(blobKey(CONFIG))).hasValue(CONFIG);
        assertThat(rig.memory.bytes(blobKey(new byte[0]))).hasValue(new byte[0]);
        assertThat(rig.memory
                        .bytes(KeyLayout.blob(MODEL, prepared.artifact().manifest()))
                        .orElseThrow())
                .isEqualTo(ManifestCodec.encode(prepared.artifact().files()));
    }

    @Test
    void theSameContentTwiceIsOneBlob() {
        ArtifactRig rig = new ArtifactRig(folder);
        PreparedArtifact prepared = rig.artifacts.prepare(
                Registration.empty().file("a.bin", WEIGHTS).file("b/c.bin", WEIGHTS));

        rig.artifacts.upload(MODEL, prepared, Set.of(), List.of());

        assertThat(prepared.artifact().fileCount()).isEqualTo(2);
        assertThat(prepared.artifact().sizeBytes()).isEqualTo(600_000);
        assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.UPLOAD, 2));
    }

    @Test
    void aReusedBlobIsOneStatAndNothingIsSent() {
        ArtifactRig rig = new ArtifactRig(folder);
        rig.register(Registration.empty().file("weights.bin", WEIGHTS));
        PreparedArtifact prepared = rig.artifacts.prepare(REGISTRATION);

        rig.artifacts.upload(MODEL, prepared, Set.of(Digest.of(WEIGHTS)), List.of());

        assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.STAT, 1, Operation.UPLOAD, 3));
    }

    @Test
    void allRequestsAreUnderWayAtOnce() {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            ArtifactRig rig = new ArtifactRig(folder, threads);
            rig.register(Registration.empty().file("weights.bin", WEIGHTS));
            PreparedArtifact prepared = rig.artifacts.prepare(REGISTRATION);
            rig.backend.nextTogether(5);

            rig.artifacts.upload(
                    MODEL, prepared, Set.of(Digest.of(WEIGHTS)), List.of(() -> rig.backend.stat("versions/tip.json")));

            assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.STAT, 2, Operation.UPLOAD, 3));
            assertThat(rig.backend.roundTrips()).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aBlobThatIsNotThereAfterAllIsSent() {
        ArtifactRig rig = new ArtifactRig(folder);
        PreparedArtifact prepared = rig.artifacts.prepare(REGISTRATION);

        rig.artifacts.upload(MODEL, prepared, Set.of(Digest.of(WEIGHTS)), List.of());

        assertThat(rig.memory.bytes(blobKey(WEIGHTS))).hasValue(WEIGHTS);
    }

    @Test
    void aSecondUploadAfterACrashSendsOnlyWhatIsMissing() {
        ArtifactRig rig = new ArtifactRig(folder);
        rig.register(REGISTRATION);
        rig.memory.remove(blobKey(CONFIG));

        rig.register(REGISTRATION);

        assertThat(rig.memory.bytes(blobKey(CONFIG))).hasValue(CONFIG);
    }

    @Test
    void aBlobOfAnotherLengthIsNotReused() {
        ArtifactRig rig = new ArtifactRig(folder);
        rig.memory.put(blobKey(WEIGHTS), bytes("short"));
        PreparedArtifact prepared = rig.artifacts.prepare(REGISTRATION);

        for (Set<Digest> probablyThere : List.of(Set.<Digest>of(), Set.of(Digest.of(WEIGHTS)))) {
            assertThatThrownBy(() -> rig.artifacts.upload(MODEL, prepared, probablyThere, List.of()))
                    .isInstanceOf(IntegrityException.class)
                    .hasMessage(
                            "The blob " + blobKey(WEIGHTS)
                                    + " in mem: has 5 bytes, and weights.bin, which belongs there, has"
                                    + " 300000 bytes. Nothing was registered. Find out who wrote it, delete it, then register again");
        }
    }

    record Store(String name, UnaryOperator<Checksum> checksum, String found, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final byte[] OTHER = noise(2, WEIGHTS.length);

    static final List<Store> STORES = List.of(
            new Store(
                    "SHA-256",
                    c -> c,
                    Digest.of(OTHER).toString(),
                    Digest.of(WEIGHTS).toString()),
            new Store("CRC32C", UploadTest::crc32c, "crc32c:" + crc(OTHER), "crc32c:" + crc(WEIGHTS)),
            new Store(
                    "no checksum",
                    c -> null,
                    Digest.of(OTHER).toString(),
                    Digest.of(WEIGHTS).toString()));

    @ParameterizedTest
    @FieldSource("STORES")
    void aBlobOfAnotherContentIsNotReusedWhateverTheStoreCanTell(Store store) {
        ArtifactRig rig = new ArtifactRig(folder);
        rig.memory.put(blobKey(WEIGHTS), OTHER);
        Artifacts artifacts = rig.another(ArtifactRig.withChecksums(rig.backend, store.checksum));
        PreparedArtifact prepared = artifacts.prepare(REGISTRATION);

        assertThatThrownBy(() -> artifacts.upload(MODEL, prepared, Set.of(Digest.of(WEIGHTS)), List.of()))
                .isInstanceOfSatisfying(IntegrityException.class, e -> {
                    assertThat(e.damage()).isEqualTo(Damage.CORRUPT_BLOB);
                    assertThat(e.key()).isEqualTo(blobKey(WEIGHTS));
                })
                .hasMessageContaining(store.found)
                .hasMessageContaining(store.expected);
    }

    @ParameterizedTest
    @FieldSource("STORES")
    void aBlobOfTheRightContentIsReusedWhateverTheStoreCanTell(Store store) {
        ArtifactRig rig = new ArtifactRig(folder);
        rig.register(REGISTRATION);
        Artifacts artifacts = rig.another(ArtifactRig.withChecksums(rig.backend, store.checksum));
        PreparedArtifact prepared = artifacts.prepare(REGISTRATION);

        artifacts.upload(MODEL, prepared, all(prepared), List.of());

        boolean mustRead = store.name.equals("no checksum");
        // reading the blob is preceded by a look at its length; the file of no bytes needs no reading
        assertThat(rig.backend.counts())
                .isEqualTo(mustRead ? Map.of(Operation.STAT, 8, Operation.READ, 3) : Map.of(Operation.STAT, 4));
    }

    @Test
    void aLostAnswerIsSettledByLookingAtTheBlob() {
        ArtifactRig rig = new ArtifactRig(folder);
        Artifacts artifacts = faulty(rig, FaultPlan.onceOn(Operation.UPLOAD, blobKey(WEIGHTS), 1, Fault.LOST_ANSWER));

        artifacts.upload(MODEL, artifacts.prepare(REGISTRATION), Set.of(), List.of());

        assertThat(rig.memory.bytes(blobKey(WEIGHTS))).hasValue(WEIGHTS);
    }

    @Test
    void uploadsThatFailInPassingAreRepeated() {
        List<Fault> passing = List.of(
                Fault.LOST_REQUEST,
                Fault.LATE_LANDING,
                Fault.DUPLICATE,
                Fault.CONFLICT_409,
                Fault.CONFLICT_409_APPLIED,
                Fault.THROTTLED_429,
                Fault.UNAVAILABLE_503_APPLIED,
                Fault.UNAVAILABLE);
        for (Fault fault : passing) {
            ArtifactRig rig = new ArtifactRig(folder);
            Artifacts artifacts = faulty(rig, FaultPlan.onceOn(Operation.UPLOAD, ".*", 2, fault));

            artifacts.upload(MODEL, artifacts.prepare(REGISTRATION), Set.of(), List.of());

            assertThat(rig.memory.keys()).as("after %s", fault).hasSize(4);
        }
    }

    @Test
    void aStoreThatStaysAwayIsGivenUpAfterABoundedNumberOfAttempts() {
        ArtifactRig rig = new ArtifactRig(folder);
        FaultyBackend backend = new FaultyBackend(
                rig.memory.open(), FaultPlan.everyTimeOn(Operation.UPLOAD, blobKey(WEIGHTS), Fault.UNAVAILABLE_503));
        Artifacts artifacts = rig.another(backend);
        PreparedArtifact prepared = artifacts.prepare(Registration.empty().file("weights.bin", WEIGHTS));

        assertThatThrownBy(() -> artifacts.upload(MODEL, prepared, Set.of(), List.of()))
                .isExactlyInstanceOf(StoreUnavailableException.class)
                .hasMessageStartingWith("Could not upload " + blobKey(WEIGHTS) + " in mem:")
                .hasMessageEndingWith("503 slow down. Try again");
        assertThat(backend.calls()).hasSize(Attempts.MOST);
    }

    @Test
    void aRefusalIsNotRepeated() {
        ArtifactRig rig = new ArtifactRig(folder);

        assertThatThrownBy(() -> upload(faulty(rig, always(Fault.DENIED))))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("403 forbidden");
        assertThatThrownBy(() -> upload(faulty(rig, always(Fault.FULL))))
                .isInstanceOf(StoreFullException.class)
                .hasMessageContaining("Nothing was written; make room and try again");
        assertThat(rig.memory.keys()).isEmpty();
    }

    @Test
    void onceABlobIsRefusedTheOthersAreLeftOut() {
        ArtifactRig rig = new ArtifactRig(folder);
        FaultyBackend backend = new FaultyBackend(rig.memory.open(), always(Fault.DENIED));
        Artifacts artifacts = rig.another(backend);
        Registration registration = Registration.empty();
        for (int i = 0; i < 50; i++) {
            registration = registration.file("part-" + i, bytes("content " + i));
        }
        PreparedArtifact prepared = artifacts.prepare(registration);

        assertThatThrownBy(() -> artifacts.upload(MODEL, prepared, Set.of(), List.of()))
                .isInstanceOf(AccessDeniedException.class);

        assertThat(backend.calls()).hasSize(1);
    }

    @Test
    void whatRunsAlongsideFailsTheWhole() {
        ArtifactRig rig = new ArtifactRig(folder);
        PreparedArtifact prepared = rig.artifacts.prepare(REGISTRATION);
        RuntimeException failure = new IllegalStateException("the tip has gone");

        assertThatThrownBy(() -> rig.artifacts.upload(MODEL, prepared, Set.of(), List.of(() -> {
                    throw failure;
                })))
                .isSameAs(failure);
        assertThat(rig.backend.counts()).isEmpty();
    }

    @Test
    void anErrorPassesThrough() {
        ArtifactRig rig = new ArtifactRig(folder);
        PreparedArtifact prepared = rig.artifacts.prepare(REGISTRATION);
        Error failure = new OutOfMemoryError("simulated");

        assertThatThrownBy(() -> rig.artifacts.upload(MODEL, prepared, Set.of(), List.of(() -> {
                    throw failure;
                })))
                .isSameAs(failure);
    }

    @Test
    void anInterruptEndsTheUploadAndIsKept() {
        ArtifactRig rig = new ArtifactRig(folder);
        PreparedArtifact prepared = rig.artifacts.prepare(REGISTRATION);
        AtomicInteger uploads = new AtomicInteger();
        Artifacts artifacts = faulty(rig, call -> {
            if (uploads.incrementAndGet() == 2) {
                Thread.currentThread().interrupt();
            }
            return Fault.NONE;
        });

        assertThatThrownBy(() -> artifacts.upload(MODEL, prepared, Set.of(), List.of()))
                .isExactlyInstanceOf(StoreUnavailableException.class)
                .hasMessage(
                        "Interrupted while uploading files; nothing was registered. Blobs already uploaded are reused when"
                                + " it is registered again");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(uploads).hasValue(2);
        assertThat(rig.memory.keys()).hasSize(1);
    }

    @Test
    void anInterruptBeforehandSendsNothing() {
        ArtifactRig rig = new ArtifactRig(folder);
        PreparedArtifact prepared = rig.artifacts.prepare(REGISTRATION);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> rig.artifacts.upload(MODEL, prepared, Set.of(), List.of()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageStartingWith("Interrupted while uploading files");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(rig.backend.counts()).isEmpty();
    }

    @Test
    void anInterruptedHostPauseEndsTheUpload() {
        ArtifactRig rig = new ArtifactRig(folder);
        Artifacts artifacts = faulty(rig, call -> {
            Thread.currentThread().interrupt();
            return Fault.UNAVAILABLE;
        });
        PreparedArtifact prepared = rig.artifacts.prepare(REGISTRATION);

        assertThatThrownBy(() -> artifacts.upload(MODEL, prepared, Set.of(), List.of()))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void oneThreadIsEnough() {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            ArtifactRig rig = new ArtifactRig(folder, threads);

            threads.submit(() -> rig.register(REGISTRATION)).get();

            assertThat(rig.memory.keys()).hasSize(4);
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void upload(Artifacts artifacts) {
        artifacts.upload(MODEL, artifacts.prepare(REGISTRATION), Set.of(), List.of());
    }

    private static FaultPlan always(Fault fault) {
        return FaultPlan.everyTimeOn(Operation.UPLOAD, ".*", fault);
    }

    private static Artifacts faulty(ArtifactRig rig, FaultPlan plan) {
        StorageBackend backend = new FaultyBackend(rig.memory.open(), plan);
        return rig.another(backend);
    }

    private static Set<Digest> all(PreparedArtifact prepared) {
        Set<Digest> all = new HashSet<>();
        prepared.artifact().files().forEach(file -> all.add(file.digest()));
        all.add(prepared.artifact().manifest());
        return all;
    }

    /** What a store with CRC32C would have said of one of the contents here. */
    private static Checksum crc32c(Checksum sha256) {
        PreparedArtifact prepared = new Preparation(
                        new io.modelregistry.core.log.Parallel(new io.modelregistry.testkit.ManualHost()))
                .prepare(REGISTRATION);
        for (byte[] content : List.of(WEIGHTS, OTHER, CONFIG, new byte[0], prepared.manifest())) {
            if (Digest.of(content).hex().equals(sha256.hex())) {
                return new Checksum(Checksum.Algorithm.CRC32C, crc(content));
            }
        }
        throw new AssertionError("No content of this test has " + sha256);
    }

    private static String crc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return String.format(java.util.Locale.ROOT, "%08x", crc.getValue());
    }
}
