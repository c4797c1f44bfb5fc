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
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.testkit.Call;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.Operation;
import io.modelregistry.version.Artifact;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.ArtifactFormat;
import io.modelregistry.version.ArtifactPath;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DownloadTest {
    private static final byte[] WEIGHTS = noise(1, 3_000_000);
    private static final byte[] CONFIG = bytes("{}");

    @TempDir
    Path folder;

    private ArtifactRig rig;
    private ModelVersion version;

    @BeforeEach
    void register() {
        rig = new ArtifactRig(folder.resolve("cache"));
        version = rig.register(Registration.empty().file("weights.bin", WEIGHTS).file("sub/config.json", CONFIG));
    }

    @AfterEach
    void forgetInterrupts() {
        Thread.interrupted();
    }

    @Test
    void eachBlobIsOneRequest() throws IOException {
        Path files = rig.download(version);

        assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.READ, 2));
        assertThat(files.resolve("weights.bin")).hasBinaryContent(WEIGHTS);
        assertThat(Files.readString(files.resolve("sub/config.json"))).isEqualTo("{}");
    }

    @Test
    void aFileOfNoBytesNeedsNoRequest() {
        ModelVersion empty = rig.register(Registration.empty().file("__init__.py", new byte[0]));

        assertThat(rig.download(empty).resolve("__init__.py")).isEmptyFile();
        assertThat(rig.backend.counts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1_500_000, 2_999_999})
    void aStreamThatBreaksIsResumedWhereItBroke(long at) {
        FaultyBackend backend = faulty(onceOnWeights(Fault.brokenAt(at)));

        assertThat(download(backend).resolve("weights.bin")).hasBinaryContent(WEIGHTS);
        assertThat(readsOfWeights(backend)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1_500_000, 2_999_999})
    void aStreamThatEndsTooEarlyIsResumedWhereItEnded(long at) {
        FaultyBackend backend = faulty(onceOnWeights(Fault.truncatedAt(at)));

        assertThat(download(backend).resolve("weights.bin")).hasBinaryContent(WEIGHTS);
        assertThat(readsOfWeights(backend)).hasSize(2);
    }

    @Test
    void anyNumberOfBreaksIsFineAsLongAsThereIsHeadway() {
        byte[] large = noise(3, 9 << 20);
        ModelVersion largeVersion = rig.register(Registration.empty().file("large.bin", large));
        FaultyBackend backend = faulty(call -> call.number() <= 8 ? Fault.brokenAt(1 << 20) : Fault.NONE);

        assertThat(rig.another(backend).download(largeVersion, Progress.none()).file("large.bin"))
                .hasBinaryContent(large);
    }

    @Test
    void withoutHeadwayTheNumberOfAttemptsIsBounded() {
        FaultyBackend backend = faulty(FaultPlan.everyTimeOn(Operation.READ, blobKey(WEIGHTS), Fault.brokenAt(1_000)));

        assertThatThrownBy(() -> download(backend))
                .isExactlyInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("broke after 6000 bytes: java.io.IOException: Simulated: connection reset")
                .hasMessageEndingWith("Try again");
        assertNothingIsLeft();
    }

    @Test
    void aStoreThatIsAwayIsSaidToBe() {
        FaultyBackend backend = faulty(FaultPlan.everyTimeOn(Operation.READ, ".*", Fault.UNAVAILABLE));

        assertThatThrownBy(() -> download(backend))
                .isExactlyInstanceOf(StoreUnavailableException.class)
                .hasMessageStartingWith("Could not read blobs/fraud-detector/sha256/");
        assertThat(backend.calls()).hasSize(Attempts.MOST);
    }

    @Test
    void aRefusalIsNotRepeated() {
        FaultyBackend backend = faulty(FaultPlan.everyTimeOn(Operation.READ, ".*", Fault.DENIED));

        assertThatThrownBy(() -> download(backend)).isInstanceOf(AccessDeniedException.class);
        assertThat(backend.calls()).hasSize(1);
    }

    @Test
    void aByteFlippedOnTheWayIsNoticedAndTheBlobReadAgain() {
        FaultyBackend backend = faulty(onceOnWeights(Fault.FLIPPED));

        assertThat(download(backend).resolve("weights.bin")).hasBinaryContent(WEIGHTS);
        assertThat(readsOfWeights(backend)).hasSize(2);
    }

    @Test
    void anObjectReplacedBetweenTwoRangesIsNeverMixed() {
        FaultyBackend backend = faulty(call -> {
            if (call.operation() == Operation.READ && call.key().equals(blobKey(WEIGHTS)) && call.number() <= 2) {
                return Fault.brokenAt(1_500_000);
            }
            rig.memory.put(blobKey(WEIGHTS), noise(9, WEIGHTS.length));
            return Fault.NONE;
        });

        assertThatThrownBy(() -> download(backend))
                .isInstanceOfSatisfying(
                        IntegrityException.class, e -> assertThat(e.damage()).isEqualTo(Damage.CORRUPT_BLOB));
        assertNothingIsLeft();
    }

    @Test
    void aDamagedBlobIsNamedWithBothHashes() {
        byte[] damaged = WEIGHTS.clone();
        damaged[2_000_000] ^= 1;
        rig.memory.put(blobKey(WEIGHTS), damaged);

        assertThatThrownBy(() -> rig.download(version))
                .isInstanceOfSatisfying(IntegrityException.class, e -> {
                    assertThat(e.damage()).isEqualTo(Damage.CORRUPT_BLOB);
                    assertThat(e.key()).isEqualTo(blobKey(WEIGHTS));
                })
                .hasMessage("The blob " + blobKey(WEIGHTS) + " in mem: has " + Digest.of(damaged) + ", but should have "
                        + Digest.of(WEIGHTS) + ". It is not used. Restore it from a backup or replica, or delete it and"
                        + " register a version with the same file");
        assertNothingIsLeft();
    }

    @Test
    void aBlobThatIsTooShortIsNamedWithBothLengths() {
        rig.memory.put(blobKey(WEIGHTS), noise(1, 2_999_999));

        assertThatThrownBy(() -> rig.download(version))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("has 2999999 bytes, but should have 3000000 bytes");
    }

    @Test
    void aMissingBlobIsNamedWithTheWaysToBringItBack() {
        rig.memory.remove(blobKey(WEIGHTS));

        assertThatThrownBy(() -> rig.download(version))
                .isInstanceOfSatisfying(
                        IntegrityException.class, e -> assertThat(e.damage()).isEqualTo(Damage.MISSING_BLOB))
                .hasMessage("The blob " + blobKey(WEIGHTS) + " is missing in mem:. Restore it from a backup or replica;"
                        + " registering a version with the same file brings it back, too");

        rig.register(Registration.empty().file("weights.bin", WEIGHTS));
        assertThat(rig.download(version).resolve("weights.bin")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void anInterruptEndsADownloadAndLeavesNothingHalfWritten() {
        FaultyBackend backend = faulty(call -> {
            Thread.currentThread().interrupt();
            return Fault.NONE;
        });

        assertThatThrownBy(() -> download(backend))
                .isExactlyInstanceOf(StoreUnavailableException.class)
                .hasMessage(
                        "Interrupted while downloading files. What has arrived stays in the cache and isn't fetched again");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(backend.calls()).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void aBlobIsVerifiedWithOneLookAndOneRead() {
        assertThat(rig.artifacts.verifyBlob(MODEL, Digest.of(WEIGHTS), WEIGHTS.length))
                .isEqualTo(WEIGHTS.length);
        assertThat(rig.artifacts.verifyBlob(MODEL, Digest.of(CONFIG), -1)).isEqualTo(CONFIG.length);
        assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.STAT, 2, Operation.READ, 2));
    }

    @Test
    void aBlobThatIsTooLongFailsVerification() {
        rig.memory.put(blobKey(CONFIG), bytes("{} and more"));

        assertThatThrownBy(() -> rig.artifacts.verifyBlob(MODEL, Digest.of(CONFIG), CONFIG.length))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("has 11 bytes, but should have 2 bytes");
        assertThatThrownBy(() -> rig.artifacts.verifyBlob(MODEL, Digest.of(CONFIG), -1))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining(Digest.of(bytes("{} and more")) + ", but should have " + Digest.of(CONFIG));
    }

    @Test
    void aMissingBlobFailsVerification() {
        assertThatThrownBy(() -> rig.artifacts.verifyBlob(MODEL, Digest.of(bytes("never")), -1))
                .isInstanceOfSatisfying(
                        IntegrityException.class, e -> assertThat(e.damage()).isEqualTo(Damage.MISSING_BLOB));
    }

    @Test
    void filesInTheRecordNeedNoRequest() {
        assertThat(rig.artifacts.files(MODEL, version.artifact()))
                .extracting(file -> file.path().value())
                .containsExactly("sub/config.json", "weights.bin");
        assertThat(rig.backend.counts()).isEmpty();
    }

    @Test
    void filesOfALargeArtifactAreReadFromTheManifest() {
        ModelVersion large = rig.register(many(257));
        assertThat(large.artifact().files()).isEmpty();
        assertThat(rig.register(many(256)).artifact().files()).hasSize(256);

        assertThat(rig.artifacts.files(MODEL, large.artifact())).hasSize(257);

        assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.READ, 1));
    }

    @Test
    void aManifestSurvivesABrokenStream() {
        ModelVersion large = rig.register(many(300));
        for (Fault fault : List.of(Fault.BROKEN, Fault.TRUNCATED, Fault.FLIPPED, Fault.UNAVAILABLE)) {
            FaultyBackend backend = faulty(FaultPlan.onceOn(Operation.READ, ".*", 1, fault));

            assertThat(rig.another(backend).files(MODEL, large.artifact())).hasSize(300);
        }
    }

    @Test
    void aDamagedOrMissingManifestIsNamed() {
        ModelVersion large = rig.register(many(300));
        String key = KeyLayout.blob(MODEL, large.artifact().manifest());
        byte[] manifest = rig.memory.bytes(key).orElseThrow();

        byte[] damaged = manifest.clone();
        damaged[50] ^= 1;
        rig.memory.put(key, damaged);
        assertThatThrownBy(() -> rig.artifacts.files(MODEL, large.artifact()))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining(Digest.of(damaged) + ", but should have "
                        + large.artifact().manifest());

        rig.memory.put(key, new byte[5_000_000]);
        assertThatThrownBy(() -> rig.artifacts.files(MODEL, large.artifact()))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("has 5000000 bytes, but should have at most ");

        rig.memory.remove(key);
        assertThatThrownBy(() -> rig.artifacts.files(MODEL, large.artifact()))
                .isInstanceOfSatisfying(
                        IntegrityException.class, e -> assertThat(e.damage()).isEqualTo(Damage.MISSING_BLOB));
    }

    @Test
    void aManifestThatSaysOtherwiseThanTheRecordIsRefused() {
        Artifact honest = version.artifact();
        Artifact more = new Artifact(honest.manifest(), 3, honest.sizeBytes(), honest.format(), List.of());
        Artifact larger = new Artifact(honest.manifest(), 2, honest.sizeBytes() + 1, honest.format(), List.of());
        ArtifactFile forged = new ArtifactFile(ArtifactPath.of("evil.pkl"), 2, Digest.of(CONFIG));
        Artifact other = new Artifact(honest.manifest(), 1, 2, honest.format(), List.of(forged));

        for (Artifact artifact : List.of(more, larger, other)) {
            assertThatThrownBy(() -> rig.artifacts.files(MODEL, artifact))
                    .isInstanceOf(IntegrityException.class)
                    .hasMessageContaining("lists other files than the version that names it");
        }
    }

    @Test
    void aManifestOfANewerReleaseAsksForAnUpgrade() {
        byte[] manifest = bytes("{\"format\":2,\"chunks\":[]}");
        rig.memory.put(blobKey(manifest), manifest);
        Artifact artifact = new Artifact(Digest.of(manifest), 1, 1, ArtifactFormat.UNKNOWN, List.of());

        assertThatThrownBy(() -> rig.artifacts.files(MODEL, artifact))
                .isInstanceOf(UpgradeRequiredException.class)
                .hasMessage("A manifest has format 2, and this release reads format 1. Upgrade this library ("
                        + blobKey(manifest) + ")");
    }

    @Test
    void aManifestWithADangerousPathIsRefusedOnReading() {
        String hex = Digest.of(CONFIG).hex();
        byte[] manifest = ("{\"format\":1,\"files\":[{\"path\":\"../../.bashrc\",\"sizeBytes\":2,\"sha256\":\"" + hex
                        + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        rig.memory.put(blobKey(manifest), manifest);
        Artifact artifact = new Artifact(Digest.of(manifest), 1, 2, ArtifactFormat.UNKNOWN, List.of());

        assertThatThrownBy(() -> rig.artifacts.files(MODEL, artifact))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("it has a segment '..'");
    }

    @Test
    void theManifestIsVerifiedEvenWhenTheRecordListsTheFiles() {
        assertThat(rig.artifacts.verifyManifest(MODEL, version.artifact())).hasSize(2);

        rig.memory.remove(KeyLayout.blob(MODEL, version.artifact().manifest()));

        assertThatThrownBy(() -> rig.artifacts.verifyManifest(MODEL, version.artifact()))
                .isInstanceOf(IntegrityException.class);
    }

    private static Registration many(int count) {
        Registration registration = Registration.empty();
        for (int i = 0; i < count; i++) {
            registration = registration.file("part-" + i, bytes("content " + i));
        }
        return registration;
    }

    private FaultyBackend faulty(FaultPlan plan) {
        return new FaultyBackend(rig.memory.open(), plan);
    }

    private static FaultPlan onceOnWeights(Fault fault) {
        return FaultPlan.onceOn(Operation.READ, blobKey(WEIGHTS), 1, fault);
    }

    private Path download(FaultyBackend backend) {
        return rig.another(backend).download(version, Progress.none()).folder();
    }

    private static List<Call> readsOfWeights(FaultyBackend backend) {
        return backend.calls().stream()
                .filter(call -> call.operation() == Operation.READ && call.key().equals(blobKey(WEIGHTS)))
                .toList();
    }

    /** Nothing of the weights under any name, torn or whole. */
    private void assertNothingIsLeft() {
        assertThat(rig.cachedBlob(WEIGHTS)).doesNotExist();
        assertThat(rig.cache().resolve("temp")).isEmptyDirectory();
    }
}
