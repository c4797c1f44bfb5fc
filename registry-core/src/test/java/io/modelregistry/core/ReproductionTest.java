package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Digest;
import io.modelregistry.EnvironmentName;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.Reproduction;
import io.modelregistry.Reproduction.Missing;
import io.modelregistry.Reproduction.Part;
import io.modelregistry.Reproduction.Problem;
import io.modelregistry.core.artifact.CapturedLog;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Receipt;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.version.DataType;
import io.modelregistry.version.Provenance;
import io.modelregistry.version.Registration;
import io.modelregistry.version.RuntimeSnapshot;
import io.modelregistry.version.Signature;
import io.modelregistry.version.TensorSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a receipt back to the bytes, or to what stands in the way. */
class ReproductionTest {
    private static final String VERSION = "versions/tumor/0000000002.json";
    private static final String CHANGE = "environments/production/tumor/0000000002.json";
    private static final Signature SIGNATURE = new Signature(
            List.of(new TensorSpec("input", DataType.FLOAT32, List.of(-1L, 30L))),
            List.of(new TensorSpec("score", DataType.FLOAT32, List.of(-1L, 2L))));

    @TempDir
    Path cache;

    @TempDir
    Path otherCache;

    private Rig rig;
    private ModelRegistry ada;
    private String receipt;

    @BeforeEach
    void serveTheSecondVersion() {
        rig = new Rig(cache);
        ada = rig.client("ada");
        ada.model("tumor").register(model("one"));
        ada.model("tumor").register(second());
        ada.model("tumor").environment("production").promote(1, "start");
        ada.model("tumor").environment("production").promote(2, "better on hospital-b");
        receipt = ada.resolve("tumor:production").receipt().toString();
        ada.model("tumor").environment("production").promote(1, "second thoughts");
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    private static Registration second() {
        return model("two").file("scaler.csv", bytes("0.5")).signature(SIGNATURE);
    }

    @Test
    void aReceiptLeadsBackToTheBytesTheSignatureAndWhoPromotedThemWhenAndWhy() {
        Reproduction found = rig.client("auditor").reproduce(receipt);

        assertThat(found.isComplete()).isTrue();
        assertThat(found.version()).contains(ada.version("tumor@2").require());
        assertThat(found.signature()).contains(SIGNATURE);
        Deployment deployment = found.deployment().orElseThrow();
        assertThat(deployment.actor()).hasToString("ada");
        assertThat(deployment.reason()).isEqualTo("better on hospital-b");
        assertThat(deployment.at())
                .isEqualTo(ada.model("tumor")
                        .environment("production")
                        .history()
                        .get(1)
                        .at());
        assertThat(found.download().file("model.bin")).hasContent("two");
        assertThat(found.download().file("scaler.csv")).hasContent("0.5");
        assertThat(found).hasToString(receipt + ": complete");
    }

    @Test
    void theReceiptOfAVersionThatWasNamedItselfNamesNoEnvironment() {
        Receipt ofNumber = ada.resolve("tumor@2").receipt();

        Reproduction found = ada.reproduce(ofNumber);

        assertThat(ofNumber.servedBy()).isEmpty();
        assertThat(found.isComplete()).isTrue();
        assertThat(found.deployment()).isEmpty();
        assertThat(found.download().file("model.bin")).hasContent("two");
    }

    @Test
    void whatAReceiptCostsIsTheRecordTheChangeAndALookAtEachBlob() {
        Rig.Counted auditor = rig.counted("auditor");
        auditor.backend().reset();

        auditor.registry().reproduce(receipt);

        // two files and the manifest
        assertThat(auditor.backend()).hasToString("2 get, 3 stat");
    }

    @Test
    void aSpoiltReceiptIsRefused() {
        assertThatThrownBy(() -> ada.reproduce(receipt.replace("~2~", "~1~")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("its check doesn't fit");
    }

    @Test
    void aReceiptOfAnotherRegistryIsSaidToBeOne() {
        MemoryStore otherStore = new MemoryStore(rig.host);
        try (ModelRegistry other = ModelRegistry.on(otherStore.open(), rig.options(), rig.host)) {
            Reproduction found = other.reproduce(receipt);

            assertThat(found.missing())
                    .singleElement()
                    .satisfies(is(Part.REGISTRY, Problem.DIFFERENT, "registry.json"))
                    .satisfies(missing -> assertThat(missing.message())
                            .contains("of the registry " + ada.id(), "this one is " + other.id()));
            assertThatThrownBy(found::download)
                    .isInstanceOfSatisfying(
                            IntegrityException.class,
                            e -> assertThat(e.damage()).isEqualTo(Damage.WRONG_REGISTRY));
        }
    }

    @Test
    void aRecordThatIsGoneIsNamedAlsoToAProcessThatRemembersIt() {
        rig.store.remove(VERSION);

        Reproduction found = ada.reproduce(receipt);

        assertThat(found.missing()).singleElement().satisfies(is(Part.VERSION, Problem.GONE, VERSION));
        assertThat(found.version()).isEmpty();
        assertThat(found.deployment()).isPresent();
        assertThatThrownBy(found::download)
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("Cannot reproduce " + receipt + ": tumor@2 isn't there. Restore " + VERSION);
    }

    @Test
    void aRecordThatWasReplacedByOneOfOtherBytesIsFoundOut() {
        MemoryStore forged = new MemoryStore(rig.host);
        forged.put("registry.json", rig.store.bytes("registry.json").orElseThrow());
        try (ModelRegistry forger =
                ModelRegistry.on(forged.open(), rig.options(), rig.host).as("forger")) {
            forger.model("tumor").register(model("one"));
            forger.model("tumor").register(model("forged"));
        }
        rig.store.put(VERSION, forged.bytes(VERSION).orElseThrow());

        Reproduction found = rig.client("auditor").reproduce(receipt);

        assertThat(found.missing())
                .singleElement()
                .satisfies(is(Part.VERSION, Problem.DIFFERENT, VERSION))
                .satisfies(missing -> assertThat(missing.message()).contains("other bytes than those that were used"));
        assertThatThrownBy(found::download).isInstanceOf(IntegrityException.class);
    }

    @Test
    void aChangeThatWasReplacedIsFoundOutEvenIfItServesTheSameVersion() {
        MemoryStore forged = new MemoryStore(rig.host);
        rig.store.keys().stream()
                .filter(key -> !key.startsWith("environments/") && !key.startsWith("hints/"))
                .forEach(key -> forged.put(key, rig.store.bytes(key).orElseThrow()));
        try (ModelRegistry forger =
                ModelRegistry.on(forged.open(), rig.options(), rig.host).as("forger")) {
            forger.model("tumor").environment("production").promote(1, "start");
            forger.model("tumor").environment("production").promote(2, "better on hospital-b");
        }
        rig.store.put(CHANGE, forged.bytes(CHANGE).orElseThrow());

        Reproduction found = rig.client("auditor").reproduce(receipt);

        assertThat(found.missing()).singleElement().satisfies(is(Part.DEPLOYMENT, Problem.DIFFERENT, CHANGE));
        assertThat(found.deployment()).isEmpty();
        assertThat(found.download().file("model.bin")).hasContent("two");
    }

    @Test
    void aChangeThatIsGoneIsNamedAndTheBytesAreGivenAllTheSame() {
        rig.store.remove(CHANGE);

        Reproduction found = rig.client("auditor").reproduce(receipt);

        assertThat(found.missing()).singleElement().satisfies(is(Part.DEPLOYMENT, Problem.GONE, CHANGE));
        assertThat(found.download().file("model.bin")).hasContent("two");
    }

    @Test
    void aReceiptThatNamesAnArmWhichServesAnotherVersionWasNotIssuedHere() {
        Receipt issued = Receipt.parse(receipt);
        Receipt.Choice choice = issued.servedBy().orElseThrow();
        Receipt madeUp = new Receipt(
                issued.registry(),
                issued.version(),
                issued.manifest(),
                new Receipt.Choice(EnvironmentName.of("production"), 2, "canary", 0, choice.entry()));

        assertThat(ada.reproduce(madeUp).missing())
                .singleElement()
                .satisfies(is(Part.DEPLOYMENT, Problem.DIFFERENT, CHANGE))
                .satisfies(missing -> assertThat(missing.message()).contains("no registry issued this receipt"));
    }

    @Test
    void damagedEntriesAreNamed() {
        for (String key : List.of(VERSION, CHANGE)) {
            rig.store.put(key, bytes("{\"format\":1"));
        }

        Reproduction found = rig.client("auditor").reproduce(receipt);

        assertThat(found.missing())
                .satisfiesExactly(
                        is(Part.VERSION, Problem.DAMAGED, VERSION), is(Part.DEPLOYMENT, Problem.DAMAGED, CHANGE));
    }

    @Test
    void blobsThatAreGoneOrShortAreNamedAll() {
        String gone = blob("two");
        String shortened = blob("0.5");
        String manifest = "blobs/tumor/sha256/"
                + ada.version("tumor@2").require().artifact().manifest().hex();
        rig.store.remove(gone);
        rig.store.remove(manifest);
        rig.store.put(shortened, bytes("0"));

        Reproduction found = rig.client("auditor").reproduce(receipt);

        assertThat(found.missing())
                .satisfiesExactlyInAnyOrder(
                        is(Part.BLOB, Problem.GONE, gone),
                        is(Part.BLOB, Problem.GONE, manifest),
                        is(Part.BLOB, Problem.DAMAGED, shortened));
        assertThat(found.version()).isPresent();
        assertThatThrownBy(found::download).isInstanceOf(IntegrityException.class);
    }

    @Test
    void aBlobThatTheStoreLostIsTakenFromTheCache() {
        ada.version("tumor@2").download();
        rig.store.remove(blob("two"));

        Reproduction found = ada.reproduce(receipt);

        assertThat(found.isComplete()).isFalse();
        assertThat(found.download().file("model.bin")).hasContent("two");
    }

    @Test
    void aManifestThatIsNeededAndGoneIsNamed() {
        Registration many = Registration.empty();
        for (int i = 0; i < 257; i++) {
            many = many.file("shards/" + i, bytes("shard " + i % 3));
        }
        var version = ada.model("tumor").register(many);
        String manifest = "blobs/tumor/sha256/" + version.artifact().manifest().hex();
        Receipt ofMany = ada.resolve("tumor@3").receipt();
        assertThat(ada.reproduce(ofMany).isComplete()).isTrue();

        rig.store.remove(manifest);

        assertThat(ada.reproduce(ofMany).missing()).singleElement().satisfies(is(Part.BLOB, Problem.GONE, manifest));
    }

    @Test
    void otherSoftwareThanAtRegistrationIsReportedAndLogged() {
        RuntimeSnapshot captured = new RuntimeSnapshot("11.0.2", "Acme", "Plan 9", "pdp11", "0.0.1", List.of());
        ada.model("tumor").register(model("three").provenance(Provenance.none().runtime(captured)));
        Receipt old = ada.resolve("tumor@3").receipt();

        try (CapturedLog log = new CapturedLog()) {
            Reproduction found = ada.reproduce(old);

            assertThat(found.runtime()).contains(captured);
            assertThat(found.drift().orElseThrow().toText()).contains("java", "11.0.2 Acme", "pdp11");
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(
                            "tumor@3 is reproduced with other software than it was registered with: architecture: pdp11");
        }
    }

    @Test
    void theSameSoftwareIsNotLogged() {
        ada.model("tumor").register(model("three").provenance(Provenance.none().captureRuntime()));
        Receipt recent = ada.resolve("tumor@3").receipt();

        try (CapturedLog log = new CapturedLog()) {
            assertThat(ada.reproduce(recent).drift().orElseThrow().isNone()).isTrue();
            assertThat(ada.reproduce(receipt).drift()).isEmpty();
            assertThat(log.warnings()).isEmpty();
        }
    }

    private static java.util.function.Consumer<Missing> is(Part part, Problem problem, String key) {
        return missing -> {
            assertThat(missing.part()).isEqualTo(part);
            assertThat(missing.problem()).isEqualTo(problem);
            assertThat(missing.key()).isEqualTo(key);
        };
    }

    private static String blob(String content) {
        return "blobs/tumor/sha256/" + Digest.of(bytes(content)).hex();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
