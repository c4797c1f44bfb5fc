package io.modelregistry.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.audit.Finding;
import io.modelregistry.audit.Finding.Severity;
import io.modelregistry.audit.Verification;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultType;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.Operation;
import io.modelregistry.version.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code verify} says, and how bad it calls it. The registry is the golden history. */
final class VerifierTest {
    private static final String VERSION_2 = "versions/fraud-detector/0000000002.json";
    private static final String PRODUCTION = "environments/production/fraud-detector/";

    @TempDir
    private Path cache;

    private final ManualHost host = new ManualHost();
    private MemoryStore store;
    private ModelRegistry registry;

    @BeforeEach
    void openGoldenHistory() throws IOException {
        store = GoldenFiles.load("history/1", host);
        registry = ModelRegistry.on(store.open(), RegistryOptions.defaults().withCacheFolder(cache), host)
                .as("u-carla");
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void aWholeRegistryIsCleanAndCounted() {
        Verification verification = registry.verify();

        assertThat(verification.toText()).isEqualTo("clean: 15 streams, 28 entries, 4 versions, 10 blobs, 43 bytes");
        assertThat(verification).isEqualTo(new Verification(15, 28, 4, 10, 43, List.of()));
    }

    @Test
    void anEmptyRegistryIsClean() {
        MemoryStore empty = new MemoryStore(host);
        try (ModelRegistry fresh =
                ModelRegistry.on(empty.open(), RegistryOptions.defaults().withCacheFolder(cache), host)) {
            assertThat(fresh.verify()).isEqualTo(new Verification(0, 0, 0, 0, 0, List.of()));
        }
    }

    @Test
    void verifyingWritesNothing() {
        List<String> before = store.keys();

        registry.verify();

        assertThat(store.keys()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultType.class,
            names = {"DENIED", "LOST_REQUEST"})
    void aBlobThatTheStoreDoesNotGiveIsNotCalledDamaged(FaultType type) {
        FaultPlan plan = FaultPlan.everyTimeOn(Operation.READ, "blobs/.*", Fault.of(type));
        FaultyBackend backend = new FaultyBackend(store.open(), plan);
        try (ModelRegistry faulty =
                ModelRegistry.on(backend, RegistryOptions.defaults().withCacheFolder(cache), host)) {

            assertThatThrownBy(faulty::verify)
                    .isInstanceOfAny(AccessDeniedException.class, StoreUnavailableException.class)
                    .hasMessageStartingWith("Could not read blobs/");
        }
        assertThat(backend.faults()).isNotEmpty();
    }

    // ---- 15 and 17

    @Test
    void aMissingEntryIsNamedAndEverythingElseIsStillChecked() {
        store.remove(VERSION_2);
        store.put("reviews/fraud-detector/0000000003/0000000001.json", new byte[] {1});

        assertThat(registry.verify().errors())
                .extracting(Finding::key, Finding::message)
                .contains(tuple(
                        VERSION_2,
                        "The entry is missing, though later ones of versions/fraud-detector stand."
                                + " Restore it from a backup or replica, byte for byte"))
                .extracting(tuple -> tuple.toList().get(0))
                .containsExactlyInAnyOrder(VERSION_2, "reviews/fraud-detector/0000000003/0000000001.json");
    }

    @Test
    void anEntryReplacedByAnotherWholeOneIsAForkBetweenItAndTheNext() {
        reseal(VERSION_2, "\"reason\":\"\"", "\"reason\":\"forged\"");

        assertThat(registry.verify().errors()).singleElement().satisfies(finding -> {
            assertThat(finding.key()).isEqualTo(VERSION_2);
            assertThat(finding.message())
                    .startsWith("Two different entries claim " + VERSION_2 + ": the one read is sha256:")
                    .endsWith(". Find out which is true before anything is written");
        });
    }

    @Test
    void anEntryOfAnotherOriginIsTwoHistories() {
        reseal(PRODUCTION + "0000000003.json", "\"origin\":\"00000001", "\"origin\":\"ffffffff");

        assertThat(registry.verify().errors()).singleElement().satisfies(finding -> {
            assertThat(finding.key()).isEqualTo(PRODUCTION + "0000000002.json");
            assertThat(finding.message()).startsWith("Two histories meet in environments/production/fraud-detector");
        });
    }

    // ---- the carried state

    static Stream<Arguments> falseStates() {
        return Stream.of(
                arguments(
                        "versions/tumor-classifier/0000000001.json",
                        "\"sizeBytes\":2313",
                        "\"sizeBytes\":2314",
                        "payload is "),
                arguments(
                        "models/tumor-classifier/0000000001.json",
                        "\"state\":{\"model\":\"tumor-classifier\"}",
                        "\"state\":{\"model\":\"fraud-detector\"}",
                        "model is fraud-detector, but the change makes it tumor-classifier"),
                arguments(
                        "submissions/fraud-detector/0000000002/0000000002.json",
                        "\"state\":{\"submission\":2}",
                        "\"state\":{\"submission\":1}",
                        "submission is 1, but the change makes it 2"),
                arguments(
                        "labels/fraud-detector/1.0.0/0000000001.json",
                        "\"state\":{\"version\":1}",
                        "\"state\":{\"version\":2}",
                        "version is 2, but the change makes it 1"),
                arguments(
                        "evaluations/fraud-detector/0000000001/0000000002.json",
                        "\"state\":{\"metrics\":[{\"name\":\"auc\",\"value\":0.96",
                        "\"state\":{\"metrics\":[{\"name\":\"auc\",\"value\":0.99",
                        "metrics is "),
                arguments(
                        "reviews/fraud-detector/0000000003/0000000002.json",
                        "\"state\":\"retired\"",
                        "\"state\":\"approved\"",
                        "state is APPROVED, but the change makes it RETIRED"),
                arguments(
                        "reviews/fraud-detector/0000000001/0000000005.json",
                        "\"submission\":1",
                        "\"submission\":2",
                        "submission is 2, but the change makes it 1"),
                arguments(
                        "reviews/fraud-detector/0000000001/0000000004.json",
                        "\"before\":\"approved\"",
                        "\"before\":\"deprecated\"",
                        "before is DEPRECATED, but the change makes it APPROVED"),
                arguments(
                        "reviews/fraud-detector/0000000001/0000000005.json",
                        "\"type\":\"abandon-retirement\"",
                        "\"type\":\"approve\"",
                        "Cannot APPROVE fraud-detector@1: it is RETIRING"),
                arguments(
                        PRODUCTION + "0000000003.json",
                        "{\"current\":{\"arms\":[{\"id\":\"main\",\"version\":1",
                        "{\"current\":{\"arms\":[{\"id\":\"main\",\"version\":3",
                        "it rolls back to what was not served before"),
                arguments(
                        "environments/production/tumor-classifier/0000000001.json",
                        "{\"current\":{\"arms\":[{\"id\":\"main\",\"version\":1",
                        "{\"current\":{\"arms\":[{\"id\":\"main\",\"version\":2",
                        "current is "),
                arguments(
                        "environments/staging/fraud-detector/0000000002.json",
                        "\"recent\":[{",
                        "\"recent\":[{\"arms\":[{\"id\":\"main\",\"version\":1,\"weight\":10000,\"mode\":\"serving\"}],\"salt\":\"\"},{",
                        "recent is "));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("falseStates")
    void aStateThatDoesNotFollowFromItsChangeIsAnError(String key, String from, String to, String message) {
        reseal(key, from, to);

        assertThat(registry.verify().errors()).anySatisfy(finding -> {
            assertThat(finding.key()).isEqualTo(key);
            assertThat(finding.message()).startsWith("The state does not follow from the change: " + message);
        });
    }

    @Test
    void aVersionThatDescribesNoneIsAnError() {
        reseal("versions/tumor-classifier/0000000001.json", "\"fileCount\":257", "\"fileCount\":\"many\"");

        assertThat(registry.verify().errors())
                .extracting(Finding::key)
                .contains("versions/tumor-classifier/0000000001.json");
    }

    // ---- blobs

    @Test
    void aDamagedOrMissingBlobIsNamedWithBothDigests() {
        String blob = "blobs/fraud-detector/sha256/3bb63c501a2cb9b43bfbf09f0b02a7f12408e1922617522b8441afd37272b915";
        byte[] content = store.bytes(blob).orElseThrow();
        content[0] ^= 1;
        store.put(blob, content);

        assertThat(registry.verify().errors()).singleElement().satisfies(finding -> {
            assertThat(finding.key()).isEqualTo(blob);
            assertThat(finding.message())
                    .contains("sha256:3bb63c501a2cb9b43bfbf09f0b02a7f12408e1922617522b8441afd37272b915")
                    .contains(io.modelregistry.Digest.of(content).toString());
        });
        store.remove(blob);
        assertThat(registry.verify().errors())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).startsWith("The blob " + blob + " is missing"));
    }

    @Test
    void aDamagedManifestIsNamedOnceAndItsFilesAreCheckedFromTheRecord() {
        String manifest =
                "blobs/fraud-detector/sha256/89f14f407f68cefe42cce75169f2344a901673a5839734eae703bcd89d219fc9";
        store.put(manifest, new byte[] {'{', '}'});

        Verification verification = registry.verify();

        assertThat(verification.errors()).extracting(Finding::key).containsExactly(manifest);
        assertThat(verification.findings()).hasSize(1);
    }

    @Test
    void aBlobThatNoVersionNamesIsANote() {
        String key = "blobs/fraud-detector/sha256/" + "ab".repeat(32);
        store.put(key, new byte[0]);

        assertThat(registry.verify().findings())
                .containsExactly(new Finding(
                        Severity.NOTE,
                        key,
                        "no version names this blob: a registration didn't finish."
                                + " It is used again if the same file is registered"));
    }

    // ---- what belongs together

    @Test
    void aCitedEntryThatIsGoneIsNamedWithWhoCitesIt() {
        store.remove("submissions/fraud-detector/0000000001/0000000001.json");

        assertThat(registry.verify().errors()).singleElement().satisfies(finding -> {
            assertThat(finding.key()).isEqualTo("submissions/fraud-detector/0000000001/0000000001.json");
            assertThat(finding.message()).contains(" cites it: it was removed");
        });
    }

    @Test
    void aModelWithoutItsClaimAndALabelWithoutItsEntryAreNamed() {
        store.remove("models/tumor-classifier/0000000001.json");
        store.remove("hints/models/tumor-classifier.json");
        store.remove("labels/fraud-detector/1.0.0/0000000001.json");

        assertThat(registry.verify().findings())
                .containsExactly(
                        new Finding(
                                Severity.ERROR,
                                "models/tumor-classifier/0000000001.json",
                                "it is missing, though versions/tumor-classifier stands: the model isn't listed."
                                        + " Restore it from a backup or replica, byte for byte"),
                        new Finding(
                                Severity.WARNING,
                                "labels/fraud-detector/1.0.0/0000000001.json",
                                "fraud-detector@1 asked for this label, and no version has it: the registration didn't finish,"
                                        + " or the entry was removed. Repeating the registration with its request id claims the label"));
    }

    @Test
    void anEnvironmentThatServesWhatIsRetiredOrGoneIsReported() {
        reseal("environments/production/tumor-classifier/0000000001.json", "\"version\":1", "\"version\":9");
        reseal(
                PRODUCTION + "0000000003.json",
                "{\"current\":{\"arms\":[{\"id\":\"main\",\"version\":1",
                "{\"current\":{\"arms\":[{\"id\":\"main\",\"version\":3");

        assertThat(registry.verify().findings())
                .extracting(Finding::key, Finding::message)
                .contains(
                        tuple(
                                "environments/production/tumor-classifier/0000000001.json",
                                "it serves tumor-classifier@9, which isn't there"),
                        tuple(
                                PRODUCTION + "0000000003.json",
                                "it serves fraud-detector@3, which is RETIRED. Promote another version, or withdraw it"));
    }

    @Test
    void aDamagedReviewOfAServedVersionDoesNotStopTheVerification() {
        String review = "reviews/fraud-detector/0000000001/0000000005.json";
        store.put(review, new byte[] {1});

        assertThat(registry.verify().errors()).extracting(Finding::key).containsExactly(review);
    }

    @Test
    void aStoreTimeThatIsNoLongerTheRecordedOneIsAWarning() {
        store.put(VERSION_2, store.bytes(VERSION_2).orElseThrow(), Instant.parse("2026-06-01T00:00:00Z"));

        assertThat(registry.verify().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.key()).isEqualTo(VERSION_2);
            assertThat(finding.message())
                    .startsWith(
                            "the store dates it 2026-06-01T00:00:00Z, and the entry after it says 2026-01-01T00:03:04.500")
                    .endsWith(": it was copied or restored. Questions about the past are answered by the latter");
        });
    }

    @Test
    void theIdentityOfAnotherRegistryIsNamed() {
        reseal("registry.json", "0000000b", "0000000c");

        assertThat(registry.verify().errors())
                .containsExactly(new Finding(
                        Severity.ERROR,
                        "registry.json",
                        "it names the registry 0000000100000000000000000000000c, but the one that was opened here is"
                                + " 0000000100000000000000000000000b: it was replaced."
                                + " Restore it from a backup or replica, byte for byte"));
    }

    // ---- reading what is damaged

    @Test
    void aVersionThatIsMissingAmongOthersIsDamageRatherThanUnknown() {
        store.remove(VERSION_2);

        assertThatThrownBy(() -> registry.version("fraud-detector@2").require())
                .isInstanceOfSatisfying(IntegrityException.class, e -> {
                    assertThat(e.damage()).isEqualTo(Damage.MISSING_ENTRY);
                    assertThat(e.key()).isEqualTo(VERSION_2);
                })
                .hasMessageContaining(VERSION_2);
        assertThat(registry.version("fraud-detector@1").require().number()).isEqualTo(1);
        assertThat(registry.model("fraud-detector").latest().orElseThrow().number())
                .isEqualTo(3);
    }

    // ---- progress

    @Test
    void aListenerHearsOfTheBlobsAndOfTheEnd() {
        List<Progress.Event> events = new ArrayList<>();

        registry.verify(events::add);

        assertThat(events).extracting(Progress.Event::phase).containsOnly(Progress.Phase.VERIFY);
        assertThat(events).extracting(Progress.Event::doneBytes).isSorted();
        assertThat(events.get(events.size() - 1)).isEqualTo(new Progress.Event(Progress.Phase.VERIFY, null, 43, 43));
    }

    @Test
    void aListenerThatThrowsChangesNothing() {
        assertThat(registry.verify(event -> {
                    throw new IllegalStateException("a listener's bug");
                }))
                .isEqualTo(registry.verify());
    }

    /** Changes an entry as one could who may write to the store: its digest is right. */
    private void reseal(String key, String from, String to) {
        String line = new String(SelfVerifying.open(store.bytes(key).orElseThrow()), StandardCharsets.UTF_8);
        assertThat(line).contains(from);
        store.put(key, SelfVerifying.seal(line.replace(from, to).getBytes(StandardCharsets.UTF_8)));
    }
}
