package io.modelregistry.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Finding;
import io.modelregistry.audit.Finding.Severity;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Rollout;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fault 39: what releases to come write is used where it is harmless, kept when it is carried on, and refused where it must be understood. */
final class NewerReleaseTest {
    private static final String ENVIRONMENT = "environments/production/fraud-detector/";
    private static final String EVALUATIONS = "evaluations/fraud-detector/0000000001/";

    @TempDir
    private Path cache;

    private final ManualHost host = new ManualHost();
    private final MemoryStore store = new MemoryStore(host);
    private ModelRegistry registry;

    @BeforeEach
    void registerAVersion() throws IOException {
        store.put("registry.json", GoldenFiles.bytes("history/1/registry.json"));
        registry = open();
        registry.model("fraud-detector").register(Registration.empty().file("model.bin", new byte[] {1}));
        registry.model("fraud-detector").register(Registration.empty().file("model.bin", new byte[] {2}));
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private ModelRegistry open() {
        return ModelRegistry.on(store.open(), RegistryOptions.defaults().withCacheFolder(cache), host)
                .as("u-carla");
    }

    @Test
    void theStateOfAnEnvironmentThatANewerReleaseWroteSurvivesARewrite() throws IOException {
        store.put(ENVIRONMENT + "0000000001.json", GoldenFiles.bytes("newer/environment-with-more-state.json"));
        Model model = registry.model("fraud-detector");
        assertThat(model.environment("production").current().orElseThrow().rollout())
                .contains(Rollout.of(1));

        model.environment("production").promote(2, "next");
        model.environment("production").withdraw("stop");

        for (String key : new String[] {"0000000002.json", "0000000003.json"}) {
            Json.Obj state = state(ENVIRONMENT + key);
            assertThat(text(state.fields().get("freeze"))).isEqualTo("{\"until\":\"2027-01-01\",\"by\":[\"u-ada\"]}");
            assertThat(text(state.fields().get("budget"))).isEqualTo("1.50");
            assertThat(state.fields().keySet()).containsExactly("current", "recent", "freeze", "budget");
        }
        assertThat(registry.verify().findings()).isEmpty();
    }

    @Test
    void theStateOfAnEvaluationThatANewerReleaseWroteSurvivesARewrite() throws IOException {
        store.put(EVALUATIONS + "0000000001.json", GoldenFiles.bytes("newer/evaluation-with-more-state.json"));

        registry.version("fraud-detector@1").evaluate(Evaluation.of("", Metric.higherIsBetter("f1", 0.5)));

        Json.Obj state = state(EVALUATIONS + "0000000002.json");
        assertThat(text(state.fields().get("curves"))).isEqualTo("{\"roc\":[[0,0],[1,1.0]]}");
        assertThat(registry.version("fraud-detector@1").metrics())
                .extracting(Metric::name)
                .containsExactly("auc", "f1");
        assertThat(registry.verify().findings()).isEmpty();
    }

    @Test
    void aTypeOfChangeThatIsNotKnownIsShownAsItIsCalledAndItsStateIsUsed() throws IOException {
        store.put(
                ENVIRONMENT + "0000000001.json",
                changed("environment-with-more-state.json", "\"type\":\"promote\"", "\"type\":\"teleport\""));
        Model model = registry.model("fraud-detector");

        assertThat(model.environment("production").current())
                .get()
                .extracting(Deployment::change, Deployment::served)
                .containsExactly(Deployment.Change.OTHER, Rollout.of(1));
        assertThat(model.history()).extracting(AuditEvent::what).contains("teleport");
        assertThat(registry.resolve("fraud-detector:production").version().number())
                .isEqualTo(1);
        assertThat(registry.verify().findings()).isEmpty();
    }

    @Test
    void aStateOfReviewThatIsNotKnownIsNeitherGuessedNorLost() throws IOException {
        String key = "reviews/fraud-detector/0000000001/0000000001.json";
        store.put(key, GoldenFiles.bytes("newer/review-of-an-unknown-state.json"));

        assertThatThrownBy(() -> registry.version("fraud-detector@1").state())
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining(key)
                .hasMessageContaining("purging");
        assertThatThrownBy(() -> registry.model("fraud-detector")
                        .environment("production")
                        .promote(1, "go"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining(key);
        assertThat(registry.model("fraud-detector").history())
                .extracting(AuditEvent::what)
                .contains("begin-purge");
        assertThat(registry.verify().errors()).isEmpty();
    }

    @Test
    void anEntryThatMustBeUnderstoodIsNotWrittenOver() throws IOException {
        store.put(
                ENVIRONMENT + "0000000001.json",
                changed("environment-with-more-state.json", "\"requires\":[]", "\"requires\":[\"arms\"]"));
        Model model = registry.model("fraud-detector");
        String message =
                "The entry " + ENVIRONMENT + "0000000001.json, written by model-registry 1.5.0, requires [arms],"
                        + " which this release doesn't know. Upgrade the library";

        assertThatThrownBy(() -> model.environment("production").current())
                .isInstanceOf(UpgradeRequiredException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> model.environment("production").promote(2, "next"))
                .isInstanceOf(UpgradeRequiredException.class)
                .hasMessage(message);
        assertThat(store.bytes(ENVIRONMENT + "0000000002.json")).isEmpty();
        assertThat(registry.verify().findings())
                .containsExactly(
                        new Finding(Severity.WARNING, ENVIRONMENT + "0000000001.json", "not checked: " + message));
    }

    @Test
    void aRegistryOfANewerFormatIsNotOpened() throws IOException {
        store.put("registry.json", GoldenFiles.bytes("newer/registry-format-2.json"));

        assertThatThrownBy(this::open)
                .isInstanceOf(UpgradeRequiredException.class)
                .hasMessageContaining("format 2")
                .hasMessageContaining("model-registry 2.0.0")
                .hasMessageContaining("this release reads format 1. Upgrade the library");
        assertThat(registry.verify().findings())
                .extracting(Finding::severity, Finding::key)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Severity.WARNING, "registry.json"));
    }

    @Test
    void aRegistryThatRequiresMoreIsNotOpened() throws IOException {
        store.put("registry.json", GoldenFiles.bytes("newer/registry-requires.json"));

        assertThatThrownBy(this::open)
                .isInstanceOf(UpgradeRequiredException.class)
                .hasMessageContaining("[encryption]")
                .hasMessageContaining("model-registry 1.5.0");
    }

    @Test
    void fieldsThatANewerReleaseAddedToTheIdentityAreIgnored() throws IOException {
        store.put("registry.json", GoldenFiles.bytes("newer/registry-more-fields.json"));

        try (ModelRegistry again = open()) {
            assertThat(again.id()).isEqualTo(registry.id());
            assertThat(again.verify().findings()).isEmpty();
        }
    }

    @Test
    void anIdentityThatIsDamagedGoneOrAnEntryOpensNothing() throws IOException {
        byte[] identity = store.bytes("registry.json").orElseThrow();
        byte[] flipped = identity.clone();
        flipped[20] ^= 1;

        assertUnopened(flipped, "registry.json is damaged: its first line hashes to sha256:");
        assertUnopened(new byte[0], "registry.json is damaged: it has 0 bytes");
        assertUnopened(
                store.bytes("models/fraud-detector/0000000001.json").orElseThrow(),
                "registry.json is damaged: created is missing");
        assertUnopened(
                SelfVerifying.seal(
                        "{\"format\":0,\"registry\":\"x\",\"created\":\"now\"}".getBytes(StandardCharsets.UTF_8)),
                "registry.json is damaged: its format is 0");
        store.remove("registry.json");
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        IntegrityException.class, e -> assertThat(e.damage()).isEqualTo(Damage.WRONG_REGISTRY))
                .hasMessage("registry.json is missing from mem:, though [blobs/, models/, versions/] stand there."
                        + " Restore it from a backup or replica; nothing is read or written without it");
        assertThat(store.keys()).doesNotContain("registry.json");
    }

    private void assertUnopened(byte[] identity, String message) {
        store.put("registry.json", identity);

        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(IntegrityException.class, e -> {
                    assertThat(e.damage()).isEqualTo(Damage.WRONG_REGISTRY);
                    assertThat(e.key()).isEqualTo("registry.json");
                })
                .hasMessageStartingWith(message)
                .hasMessageEndingWith(". Restore it from a backup or replica, byte for byte");
        assertThat(store.bytes("registry.json")).contains(identity);
        assertThat(registry.verify().errors()).extracting(Finding::key).containsExactly("registry.json");
    }

    private static byte[] changed(String name, String from, String to) throws IOException {
        String line = new String(SelfVerifying.open(GoldenFiles.bytes("newer/" + name)), StandardCharsets.UTF_8);
        assertThat(line).contains(from);
        return SelfVerifying.seal(line.replace(from, to).getBytes(StandardCharsets.UTF_8));
    }

    private Json.Obj state(String key) {
        return Fields.of(JsonFormat.readObject(
                        SelfVerifying.open(store.bytes(key).orElseThrow())))
                .object("state")
                .json();
    }

    private static String text(Json value) {
        return new String(JsonFormat.write(value), StandardCharsets.UTF_8);
    }
}
