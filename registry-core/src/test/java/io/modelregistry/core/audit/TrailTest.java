package io.modelregistry.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.IntegrityException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.RequestId;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history of a model as a person reads it. The registry is the golden one. */
final class TrailTest {
    private static final String LABEL = "labels/fraud-detector/1.0.0/0000000001.json";

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

    @Test
    void everythingThatHappenedIsToldInOrder() {
        assertThat(told()).isEqualTo("""
                        ci:train  register fraud-detector@1: 3 files, unknown, manifest sha256:89f14f407f68, asks for label 1.0.0  "first baseline"  [versions/fraud-detector#1]
                        ci:train  claim label 1.0.0: fraud-detector@1  "registered as 1.0.0"  [labels/fraud-detector/1.0.0#1]
                        ci:train  claim fraud-detector  "first registration"  [models/fraud-detector#1]
                        u-ada  register fraud-detector@2: 2 files, unknown, manifest sha256:1f234abb3c27, asks for label 1.1.0-rc.1  [versions/fraud-detector#2]
                        u-ada  claim label 1.1.0-rc.1: fraud-detector@2  "registered as 1.1.0-rc.1"  [labels/fraud-detector/1.1.0-rc.1#1]
                        u-ada  register fraud-detector@3: 1 files, unknown, manifest sha256:e73432611ae6  [versions/fraud-detector#3]
                        u-ben  evaluate fraud-detector@1: auc on week 1 = 0.95  "weekly"  [evaluations/fraud-detector/0000000001#1]
                        u-ben  evaluate fraud-detector@1: auc on week 1 = 0.96, latency-ms [p99] = 12.0  [evaluations/fraud-detector/0000000001#2]
                        ci:train  submit fraud-detector@1: submission 1  "please"  [submissions/fraud-detector/0000000001#1]
                        u-ben  approve fraud-detector@1: approved  [reviews/fraud-detector/0000000001#1]
                        ci:train  submit fraud-detector@2: submission 1  "please"  [submissions/fraud-detector/0000000002#1]
                        u-ben  reject fraud-detector@2: rejected  "no model card"  [reviews/fraud-detector/0000000002#1]
                        ci:train  submit fraud-detector@2: submission 2  "again"  [submissions/fraud-detector/0000000002#2]
                        u-ada  approve fraud-detector@2: rejected → approved  "fine"  [reviews/fraud-detector/0000000002#2]
                        u-ada  deprecate fraud-detector@1: approved → deprecated  "drift"  [reviews/fraud-detector/0000000001#2]
                        u-ada  reinstate fraud-detector@1: deprecated → approved  "no drift after all"  [reviews/fraud-detector/0000000001#3]
                        u-ada  promote production: version 1  "go live"  [environments/production/fraud-detector#1]
                        u-ada  promote production: version 1 → version 2  "better"  [environments/production/fraud-detector#2]
                        u-ben  roll-back production: version 2 → version 1  "slower"  [environments/production/fraud-detector#3]
                        u-ben  promote staging: version 3  [environments/staging/fraud-detector#1]
                        u-ben  withdraw staging: version 3 → nothing  "empty file"  [environments/staging/fraud-detector#2]
                        u-ada  begin-retirement fraud-detector@3: retiring  "mistake"  [reviews/fraud-detector/0000000003#1]
                        u-ada  finish-retirement fraud-detector@3: retiring → retired  "mistake"  [reviews/fraud-detector/0000000003#2]
                        u-ada  begin-retirement fraud-detector@1: approved → retiring  "old"  [reviews/fraud-detector/0000000001#4]
                        u-ada  abandon-retirement fraud-detector@1: retiring → approved  "served by production"  [reviews/fraud-detector/0000000001#5]
                        """);
    }

    @Test
    void itIsToldTheSameInEveryLocale() {
        String usual = told();
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(told()).isEqualTo(usual);
        } finally {
            Locale.setDefault(before);
        }
    }

    /** Without the times. */
    private String told() {
        return history().stream()
                .map(event -> event.toString().split("  ", 2)[1] + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void anEventSaysWhenByTheStoresClockAndOnWhatItRests() {
        AuditEvent promotion = history().stream()
                .filter(event -> event.revision().toString().equals("environments/production/fraud-detector#2"))
                .findFirst()
                .orElseThrow();

        assertThat(promotion.at()).isEqualTo(Instant.parse("2026-01-01T00:14:21.001728384Z"));
        assertThat(promotion.writtenAt()).isEqualTo(Instant.parse("2026-01-01T00:14:21.001Z"));
        assertThat(promotion.request()).isEqualTo(RequestId.of("release/2"));
        assertThat(promotion.seen())
                .isEqualTo(Map.of(
                        "reviews/fraud-detector/0000000002",
                        2L,
                        "submissions/fraud-detector/0000000002",
                        2L,
                        "versions/fraud-detector",
                        2L));
        assertThat(promotion.entry())
                .isEqualTo(
                        io.modelregistry.Digest.of(store.bytes("environments/production/fraud-detector/0000000002.json")
                                .orElseThrow()));
    }

    @Test
    void nothingComesBeforeWhatItsWriterHadSeenWhateverTheStoresClockSays() {
        store.put(LABEL, store.bytes(LABEL).orElseThrow(), Instant.parse("2000-01-01T00:00:00Z"));

        List<String> revisions =
                history().stream().map(event -> event.revision().toString()).toList();

        assertThat(revisions)
                .containsSubsequence(
                        "versions/fraud-detector#1", "labels/fraud-detector/1.0.0#1", "versions/fraud-detector#2");
        assertThat(revisions).hasSize(25);
    }

    @Test
    void withoutSuchTiesTheStoresClockDecides() {
        store.put(LABEL, store.bytes(LABEL).orElseThrow(), Instant.parse("2030-01-01T00:00:00Z"));

        assertThat(history())
                .last()
                .extracting(event -> event.revision().stream())
                .isEqualTo("labels/fraud-detector/1.0.0");
    }

    @Test
    void entriesThatClaimToHaveSeenEachOtherAreToldAllTheSame() {
        reseal("models/fraud-detector/0000000001.json", "\"seen\":{}", "\"seen\":{\"labels/fraud-detector/1.0.0\":1}");
        reseal(LABEL, "\"seen\":{", "\"seen\":{\"models/fraud-detector\":1,");

        assertThat(history()).hasSize(25);
    }

    @Test
    void aDamagedEntryEndsTheStoryWithItsKey() {
        store.put(LABEL, new byte[0]);

        assertThatThrownBy(this::history)
                .isInstanceOf(IntegrityException.class)
                .hasMessageStartingWith("The entry " + LABEL + " is damaged: it has 0 bytes");
    }

    @Test
    void aModelWithoutAHistoryHasNone() {
        assertThat(registry.model("nobody").history()).isEmpty();
    }

    private List<AuditEvent> history() {
        return registry.model("fraud-detector").history();
    }

    private void reseal(String key, String from, String to) {
        String line = new String(SelfVerifying.open(store.bytes(key).orElseThrow()), StandardCharsets.UTF_8);
        assertThat(line).contains(from);
        store.put(key, SelfVerifying.seal(line.replace(from, to).getBytes(StandardCharsets.UTF_8)));
    }
}
