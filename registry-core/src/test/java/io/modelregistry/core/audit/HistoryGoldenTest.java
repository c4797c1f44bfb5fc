package io.modelregistry.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.environment.Rollout;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.ModelVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is stored, byte for byte: a change of the format shows here, whether or not it was meant. */
final class HistoryGoldenTest {
    /** The history that the present code writes. */
    private static final String PRESENT = "3";

    private static final Path ACTUAL = Path.of("target", "golden", "history");

    @TempDir
    private Path cache;

    @Test
    void theSameHistoryIsWrittenInTheSameBytes() throws IOException {
        Map<String, byte[]> expected = GoldenFiles.tree("history/" + PRESENT);
        expected.remove("registry.json");

        MemoryStore written = History.write(cache);

        save(written);
        assertThat(written.keys())
                .as("keys; what was written lies in %s", ACTUAL)
                .containsExactlyElementsOf(expected.keySet());
        for (String key : written.keys()) {
            assertThat(new String(written.bytes(key).orElseThrow(), StandardCharsets.UTF_8))
                    .as("%s; what was written lies in %s", key, ACTUAL)
                    .isEqualTo(new String(expected.get(key), StandardCharsets.UTF_8));
            assertThat(written.bytes(key)).contains(expected.get(key));
        }
    }

    /** So that a new history can be added beside the old ones. */
    private static void save(MemoryStore written) throws IOException {
        for (String key : written.keys()) {
            Path file = ACTUAL.resolve(key);
            Files.createDirectories(file.getParent());
            Files.write(file, written.bytes(key).orElseThrow());
        }
    }

    @Test
    void aRegistryIsNamedInTheSameBytes() throws IOException {
        byte[] golden = GoldenFiles.bytes("history/" + PRESENT + "/registry.json");
        ManualHost host = new ManualHost();
        MemoryStore store = new MemoryStore(host);

        ModelRegistry.on(store.open(), options(), host).close();

        assertThat(store.keys()).containsExactly("registry.json");
        assertThat(withGoldenWriter(store.bytes("registry.json").orElseThrow())).isEqualTo(golden);
    }

    /** The one field that says which release wrote it. */
    private static byte[] withGoldenWriter(byte[] stored) {
        String line = new String(SelfVerifying.open(stored), StandardCharsets.UTF_8);
        String writer =
                Fields.of(JsonFormat.readObject(SelfVerifying.open(stored))).text("writer");
        assertThat(writer).startsWith("model-registry ");
        return SelfVerifying.seal(
                line.replace("\"" + writer + "\"", "\"model-registry golden\"").getBytes(StandardCharsets.UTF_8));
    }

    static Stream<String> everyHistory() throws IOException {
        return GoldenFiles.folders("history");
    }

    @ParameterizedTest
    @MethodSource("everyHistory")
    void everyHistoryEverWrittenVerifiesAndAnswers(String name) throws IOException {
        ManualHost host = new ManualHost();
        MemoryStore store = GoldenFiles.load("history/" + name, host);
        try (ModelRegistry registry = ModelRegistry.on(store.open(), options(), host)) {
            assertThat(registry.verify().findings()).isEmpty();
            assertThat(registry.models())
                    .extracting(Object::toString)
                    .containsExactly("fraud-detector", "tumor-classifier");
            assertThat(registry.environments()).extracting(Object::toString).containsExactly("production", "staging");
            assertThat(registry.model("fraud-detector").versions())
                    .extracting(ModelVersion::number)
                    .containsExactly(1L, 2L, 3L);
            assertThat(registry.version("fraud-detector@1.0.0").id().number()).isEqualTo(1);
            assertThat(registry.version("fraud-detector@1.1.0-rc.1").id().number())
                    .isEqualTo(2);
            assertThat(registry.version("fraud-detector@1").state()).isEqualTo(LifecycleState.APPROVED);
            assertThat(registry.version("fraud-detector@2").state()).isEqualTo(LifecycleState.APPROVED);
            assertThat(registry.version("fraud-detector@3").state()).isEqualTo(LifecycleState.RETIRED);
            assertThat(registry.version("tumor-classifier@1").files()).hasSize(257);
            assertThat(registry.version("fraud-detector@1").metrics()).hasSize(6);
            assertThat(registry.resolve("fraud-detector:production").version().number())
                    .isEqualTo(1);
            assertThat(registry.model("fraud-detector")
                            .environment("staging")
                            .current()
                            .orElseThrow()
                            .rollout())
                    .isEmpty();
            assertThat(registry.model("tumor-classifier")
                            .environment("production")
                            .current()
                            .orElseThrow()
                            .rollout())
                    .contains(Rollout.of(1));
            assertThat(registry.model("fraud-detector").history())
                    .extracting(AuditEvent::what)
                    .hasSize(25)
                    .contains("claim", "register", "evaluate", "submit", "approve", "promote", "roll-back", "withdraw")
                    .endsWith("finish-retirement", "begin-retirement", "abandon-retirement");
        }
    }

    @ParameterizedTest
    @MethodSource("everyHistory")
    void everyHistoryEverWrittenCanBeContinued(String name) throws IOException {
        ManualHost host = new ManualHost();
        MemoryStore store = GoldenFiles.load("history/" + name, host);
        Map<String, byte[]> before = new TreeMap<>();
        store.keys().forEach(key -> before.put(key, store.bytes(key).orElseThrow()));
        try (ModelRegistry registry =
                ModelRegistry.on(store.open(), options(), host).as("u-carla")) {
            registry.model("fraud-detector").environment("production").promote(2, "at last");

            assertThat(registry.verify().errors()).isEmpty();
            assertThat(registry.model("fraud-detector")
                            .environment("production")
                            .rollback("no")
                            .served())
                    .isEqualTo(Rollout.of(1));
        }
        before.keySet().removeIf(key -> key.startsWith("hints/"));
        before.forEach((key, bytes) -> assertThat(store.bytes(key)).as(key).contains(bytes));
    }

    private RegistryOptions options() {
        return RegistryOptions.defaults().withCacheFolder(cache);
    }
}
