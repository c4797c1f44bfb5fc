package io.modelregistry.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.audit.Finding;
import io.modelregistry.audit.Finding.Severity;
import io.modelregistry.audit.Verification;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault 73, and hints: what nobody reads is reported, does no harm, and is never read. The registry is the golden history. */
final class StrayFileTest {
    @TempDir
    private Path cache;

    private final ManualHost host = new ManualHost();
    private MemoryStore store;
    private ModelRegistry registry;

    @BeforeEach
    void openGoldenHistory() throws IOException {
        store = GoldenFiles.load("history/1", host);
        registry = ModelRegistry.on(store.open(), RegistryOptions.defaults().withCacheFolder(cache), host);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "versions/.DS_Store",
                "versions/fraud-detector/.DS_Store",
                "versions/fraud-detector/0000000001.json~",
                "versions/fraud-detector/.0000000001.json.swp",
                "versions/fraud-detector/#0000000001.json#",
                "versions/fraud-detector/0000000001 (conflicted copy).json",
                "versions/fraud-detector/0000000001.sync-conflict-20260101.json",
                "versions/fraud-detector/Copy of 0000000001.json",
                "versions/fraud-detector/0000000001.JSON",
                "versions/fraud-detector/1.json",
                "versions/fraud-detector/old/0000000001.json",
                "versions/.trash/0000000001.json",
                "versions/0000000001.json",
                "models/desktop.ini",
                "labels/fraud-detector/0000000001.json",
                "evaluations/fraud-detector/1/0000000001.json",
                "reviews/fraud-detector/0000000001.json",
                "environments/thumbs.db",
                "environments/production/fraud-detector/backup/0000000001.json",
                "policy/README.md",
                "gc/x",
                "blobs/.DS_Store",
                "blobs/fraud-detector/sha256/.DS_Store",
                "blobs/fraud-detector/sha256/3bb63c501a2cb9b43bfbf09f0b02a7f12408e1922617522b8441afd37272b915.part",
                "blobs/Fraud/sha256/3bb63c501a2cb9b43bfbf09f0b02a7f12408e1922617522b8441afd37272b915",
                "hints/.DS_Store",
                "hints/versions/fraud-detector.json~",
                "hints/versions/Fraud.json",
                "readme.txt",
                "backup/versions/fraud-detector/0000000001.json"
            })
    void aFileThatSomebodyLeftIsReportedAndNeverRead(String key) {
        store.put(key, "\u0000not an entry".getBytes(StandardCharsets.UTF_8));
        String reported = key.startsWith("backup/") ? "backup/" : key;

        Verification verification = registry.verify();

        assertThat(verification.isClean()).isTrue();
        assertThat(verification.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.key()).isEqualTo(reported);
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.message()).containsAnyOf("Nothing reads it", "nothing reads it");
        });
        assertThat(registry.model("fraud-detector").history()).hasSize(25);
        assertThat(registry.model("fraud-detector").latest().orElseThrow().number())
                .isEqualTo(3);
        assertThat(registry.models()).hasSize(2);
        assertThat(registry.environments()).hasSize(2);
    }

    @Test
    void whatIsReservedForOtherReleasesIsNotAStray() {
        store.put("intents/fraud-detector/c1.json", new byte[] {1});
        store.put("probe/p1", new byte[] {1});

        assertThat(registry.verify().findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"versions/con/", "environments/production/nul/", "environments/aux/fraud-detector/"})
    void aStreamThatCannotBeNamedSoIsReported(String prefix) {
        String path = prefix.substring(0, prefix.length() - 1);
        store.put(
                prefix + "0000000001.json",
                SelfVerifying.seal(new String(
                                SelfVerifying.open(store.bytes("environments/production/fraud-detector/0000000001.json")
                                        .orElseThrow()),
                                StandardCharsets.UTF_8)
                        .replace("environments/production/fraud-detector", path)
                        .getBytes(StandardCharsets.UTF_8)));

        assertThat(registry.verify().findings()).anySatisfy(finding -> {
            assertThat(finding.key()).isEqualTo(prefix);
            assertThat(finding.message())
                    .startsWith("it is not named as a stream is: Not a")
                    .contains("is a device name on Windows");
        });
    }

    @Test
    void aHintThatIsAheadIsAWarningAndAnyOtherBadOneANote() {
        hint("versions/fraud-detector", "versions/fraud-detector", 4);
        hint("versions/tumor-classifier", "versions/fraud-detector", 1);
        store.put("hints/models/fraud-detector.json", new byte[] {'x'});
        store.put("hints/models/tumor-classifier.json", new byte[5_000]);
        hint("reviews/fraud-detector/0000000001", "reviews/fraud-detector/0000000001", 2);

        assertThat(registry.verify().findings())
                .containsExactly(
                        new Finding(
                                Severity.WARNING,
                                "hints/versions/fraud-detector.json",
                                "it says that versions/fraud-detector reaches entry 4, which isn't there:"
                                        + " the newest entries were removed, or the hint was forged"),
                        new Finding(
                                Severity.NOTE,
                                "hints/models/fraud-detector.json",
                                "the hint can't be read; readers do without it, the next writer mends it"),
                        new Finding(
                                Severity.NOTE,
                                "hints/models/tumor-classifier.json",
                                "the hint can't be read; readers do without it, the next writer mends it"),
                        new Finding(
                                Severity.NOTE,
                                "hints/versions/tumor-classifier.json",
                                "the hint is another stream's; readers do without it, the next writer mends it"));
    }

    private void hint(String key, String stream, long sequence) {
        store.put(
                "hints/" + key + ".json",
                JsonFormat.write(Json.object()
                        .put("format", 1)
                        .put("stream", stream)
                        .put("sequence", sequence)
                        .build()));
    }
}
