package io.modelregistry.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.audit.Finding;
import io.modelregistry.audit.Finding.Severity;
import io.modelregistry.audit.Verification;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Store;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * After one corruption of any kind of key, {@code verify} names that key. What it can't know is tested here too, one test for each:
 *
 * <ul>
 *   <li>the newest entries of a stream are gone, nothing cites them, and their hint is gone as well or says less;
 *   <li>a whole stream that nothing cites is gone with its hint, such as all evaluations of a version;
 *   <li>a hint is gone or lags behind, which harms nobody.
 * </ul>
 */
final class VerifierDamageTest {
    private static final int CORRUPTIONS_OF_EACH_KIND = 100;
    private static final int MOST_TRIES = 10_000;

    private enum Corruption {
        FLIP,
        TRUNCATE,
        GROW,
        DELETE,
        SWAP,
        COPY,
        COPY_FROM_THE_OTHER_MODEL,
        PLANT
    }

    @TempDir
    private Path cache;

    private final ManualHost host = new ManualHost();
    private final Map<String, byte[]> whole = new TreeMap<>();
    private final Map<String, Instant> storedAt = new TreeMap<>();
    private MemoryStore store;
    private ModelRegistry registry;

    @BeforeEach
    void openWholeRegistry() throws IOException {
        store = GoldenFiles.load("history/1", host);
        store.keys().forEach(key -> {
            whole.put(key, store.bytes(key).orElseThrow());
            storedAt.put(key, store.open().stat(key).orElseThrow().storedAt());
        });
        // opened before the damage, as a registry that is verified now and then
        registry = open();
        assertThat(registry.verify().findings()).isEmpty();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @ParameterizedTest
    @EnumSource
    void everySingleCorruptionIsNamed(Corruption corruption) {
        SplittableRandom random = new SplittableRandom(corruption.name().hashCode());
        Set<String> authorities = new LinkedHashSet<>();
        int done = 0;
        for (int tries = 0; done < CORRUPTIONS_OF_EACH_KIND && tries < MOST_TRIES; tries++) {
            restore();
            Set<String> damaged = corrupt(corruption, random);
            if (damaged.isEmpty()) {
                continue;
            }
            Verification verification = registry.verify();

            for (String key : damaged) {
                assertNamed(corruption + " (corruption " + done + ")", key, verification);
                authorities.add(key.split("/", 2)[0]);
            }
            done++;
        }
        assertThat(done).isEqualTo(CORRUPTIONS_OF_EACH_KIND);
        assertThat(authorities).hasSizeGreaterThanOrEqualTo(corruption == Corruption.PLANT ? 3 : 8);
    }

    /** Returns the keys that are no longer what they were. */
    private Set<String> corrupt(Corruption corruption, SplittableRandom random) {
        String key = randomKey(random);
        byte[] content = whole.get(key);
        return switch (corruption) {
            case FLIP -> content.length == 0 ? Set.of() : replace(key, flipped(content, random));
            case TRUNCATE ->
                content.length == 0 ? Set.of() : replace(key, Arrays.copyOf(content, random.nextInt(content.length)));
            case GROW -> replace(key, Arrays.copyOf(content, content.length + 1 + random.nextInt(3)));
            case DELETE -> {
                store.remove(key);
                yield Set.of(key);
            }
            case SWAP -> {
                String other = randomKey(random);
                Set<String> changed = new LinkedHashSet<>(replace(key, whole.get(other)));
                changed.addAll(replace(other, content));
                yield changed;
            }
            case COPY -> replace(randomKey(random), content);
            case COPY_FROM_THE_OTHER_MODEL -> {
                String counterpart = key.contains("fraud-detector")
                        ? key.replace("fraud-detector", "tumor-classifier")
                        : key.replace("tumor-classifier", "fraud-detector");
                boolean both = whole.containsKey(counterpart) && !counterpart.equals(key);
                yield both ? replace(key, whole.get(counterpart)) : replace(key, whole.get(sameKind(key, random)));
            }
            case PLANT -> plant(key, content, random);
        };
    }

    private Set<String> replace(String key, byte[] content) {
        store.put(key, content);
        return Arrays.equals(content, whole.get(key)) ? Set.of() : Set.of(key);
    }

    /** Puts a copy where nothing stood. */
    private Set<String> plant(String key, byte[] content, SplittableRandom random) {
        String place = KeyLayout.stream(key)
                .map(stream -> KeyLayout.entry(stream, lastOf(stream) + 1 + random.nextInt(2)))
                .orElse(key + "." + random.nextInt(1_000));
        if (key.startsWith(KeyLayout.HINTS) || whole.containsKey(place)) {
            return Set.of();
        }
        store.put(place, content);
        return Set.of(place);
    }

    private long lastOf(StreamName stream) {
        return whole.keySet().stream()
                .filter(key -> KeyLayout.stream(key).filter(stream::equals).isPresent())
                .count();
    }

    private static byte[] flipped(byte[] content, SplittableRandom random) {
        byte[] flipped = content.clone();
        flipped[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    /** Each authority as often as any other. */
    private String randomKey(SplittableRandom random) {
        List<String> authorities = whole.keySet().stream()
                .map(key -> key.split("/", 2)[0])
                .distinct()
                .toList();
        String authority = authorities.get(random.nextInt(authorities.size()));
        List<String> keys = whole.keySet().stream()
                .filter(key -> key.split("/", 2)[0].equals(authority))
                .toList();
        return keys.get(random.nextInt(keys.size()));
    }

    private String sameKind(String key, SplittableRandom random) {
        List<String> keys = whole.keySet().stream()
                .filter(other -> other.split("/", 2)[0].equals(key.split("/", 2)[0]))
                .toList();
        return keys.get(random.nextInt(keys.size()));
    }

    private void assertNamed(String what, String key, Verification verification) {
        List<Finding> findings = verification.findings();
        if (findings.stream().anyMatch(finding -> finding.key().equals(key))) {
            boolean mustBeClean = key.startsWith(KeyLayout.HINTS) || !whole.containsKey(key);
            assertThat(mustBeClean || !verification.isClean() || isWarnedOf(key, findings))
                    .as("%s of %s is no more than a note:%n%s", what, key, verification.toText())
                    .isTrue();
            return;
        }
        if (key.startsWith(KeyLayout.HINTS)) {
            assertHarmless(what, key, verification);
            return;
        }
        assertThat(isCitedByItsHint(key, findings))
                .as("%s of %s is not named:%n%s", what, key, verification.toText())
                .isTrue();
    }

    private static boolean isWarnedOf(String key, List<Finding> findings) {
        return findings.stream().anyMatch(f -> f.key().equals(key) && f.severity() == Severity.WARNING);
    }

    /** An entry that nothing cites is gone: its hint says that there was one. */
    private static boolean isCitedByItsHint(String key, List<Finding> findings) {
        StreamName stream = KeyLayout.stream(key).orElse(null);
        return stream != null
                && findings.stream()
                        .anyMatch(finding -> finding.key().equals(KeyLayout.hint(stream))
                                && finding.severity() == Severity.WARNING
                                && finding.message()
                                        .contains(stream + " reaches entry "
                                                + KeyLayout.sequence(stream, key)
                                                        .getAsLong()));
    }

    /** A hint that is gone or lags behind: the newest entry is found all the same. */
    private void assertHarmless(String what, String key, Verification verification) {
        assertThat(verification.findings()).as("%s of %s", what, key).isEmpty();
        StreamName stream = new StreamName(key.substring(KeyLayout.HINTS.length(), key.length() - ".json".length()));
        Streams fresh = new Streams(new Store(store.open(), host, Duration.ofSeconds(60)), History.REGISTRY, "test");
        assertThat(fresh.log(stream).read().sequence())
                .as("%s of %s", what, key)
                .isEqualTo(lastOf(stream));
    }

    // ---- what can't be known

    @Test
    void theNewestEntryAndItsHintGoneTogetherLeaveNoTrace() {
        store.remove("environments/production/fraud-detector/0000000003.json");
        store.remove("hints/environments/production/fraud-detector.json");

        assertThat(verifyAnew().findings()).isEmpty();
    }

    @Test
    void theNewestEntryGoneAndItsHintSetBackLeaveNoTrace() {
        store.remove("environments/production/fraud-detector/0000000003.json");
        store.put(
                "hints/environments/production/fraud-detector.json",
                "{\"format\":1,\"stream\":\"environments/production/fraud-detector\",\"sequence\":2}"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(verifyAnew().findings()).isEmpty();
    }

    @Test
    void aWholeStreamThatNothingCitesLeavesNoTrace() {
        store.keys().stream()
                .filter(key -> key.contains("evaluations/"))
                .forEach(key -> assertThat(store.remove(key)).isTrue());

        assertThat(verifyAnew().findings()).isEmpty();
    }

    @Test
    void allHintsGoneHarmNobody() {
        store.keys().stream().filter(key -> key.startsWith("hints/")).forEach(store::remove);

        assertThat(verifyAnew().findings()).isEmpty();
    }

    /** But a citation in another stream keeps the place. */
    @Test
    void theNewestEntryThatAnotherStreamCitesIsMissedWithoutItsHint() {
        store.remove("submissions/fraud-detector/0000000002/0000000002.json");
        store.remove("hints/submissions/fraud-detector/0000000002.json");

        assertThat(verifyAnew().errors()).singleElement().satisfies(finding -> {
            assertThat(finding.key()).isEqualTo("submissions/fraud-detector/0000000002/0000000002.json");
            assertThat(finding.message())
                    .startsWith("it is missing, though ")
                    .endsWith(" cites it: it was removed. Restore it from a backup or replica, byte for byte");
        });
    }

    private Verification verifyAnew() {
        try (ModelRegistry anew = open()) {
            return anew.verify();
        }
    }

    private ModelRegistry open() {
        return ModelRegistry.on(store.open(), RegistryOptions.defaults().withCacheFolder(cache), host);
    }

    private void restore() {
        store.keys().stream().filter(key -> !whole.containsKey(key)).forEach(store::remove);
        whole.forEach((key, content) -> store.put(key, content, storedAt.get(key)));
    }
}
