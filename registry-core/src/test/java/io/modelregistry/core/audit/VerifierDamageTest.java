package io.modelregistry.core.audit;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.IntegrityException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.audit.Finding;
import io.modelregistry.audit.Finding.Severity;
import io.modelregistry.audit.Verification;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.core.log.Store;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * After one corruption of any kind of key, {@code verify} names that key. What it can't know is tested here too, one test for each:
 *
 * <ul>
 *   <li>the newest entries of a stream are gone, nothing cites them, and their hint is gone as well or says less;
 *   <li>the newest entry was written anew, sealed and consistent: nothing is signed yet;
 *   <li>a whole stream that nothing cites is gone with its hint, such as all evaluations of a version;
 *   <li>a hint is gone or lags behind, which harms nobody.
 * </ul>
 */
final class VerifierDamageTest {
    private static final int CORRUPTIONS_OF_EACH_KIND = 100;
    private static final int MOST_TRIES = 10_000;

    /** An object has what befell it beside it in all but these combinations, which don't exist. */
    private static final Map<Corruption, Set<String>> IMPOSSIBLE = Map.of(
            Corruption.COPY_OF_ITS_KIND, Set.of("registry.json"),
            Corruption.COPY_FROM_THE_OTHER_MODEL,
                    Set.of("registry.json", "labels", "evaluations", "submissions", "reviews", "blobs"),
            Corruption.COPY_OF_ANOTHER_SEQUENCE, Set.of("registry.json", "models", "labels", "blobs", "hints"),
            Corruption.OF_ANOTHER_REGISTRY, Set.of("blobs", "hints"),
            Corruption.ANOTHER_STATE, Set.of("registry.json", "blobs", "hints"),
            Corruption.BROKEN_CHAIN, Set.of("registry.json", "models", "labels", "blobs", "hints"),
            Corruption.PLANT, Set.of("hints"));

    private static final AtomicLong CORRUPTIONS = new AtomicLong();
    private static final AtomicLong NAMED = new AtomicLong();

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

    @AfterAll
    static void count() {
        System.out.println("proof: verify: " + CORRUPTIONS + " corruptions, "
                + (CORRUPTIONS.get() == NAMED.get() ? "all" : NAMED) + " named");
    }

    @ParameterizedTest
    @EnumSource
    void everySingleCorruptionIsNamed(Corruption corruption) {
        SplittableRandom random = new SplittableRandom(corruption.name().hashCode());
        Set<String> hit = new TreeSet<>();
        int done = 0;
        for (int tries = 0; done < CORRUPTIONS_OF_EACH_KIND && tries < MOST_TRIES; tries++) {
            done += tryOne(corruption, random, hit) ? 1 : 0;
        }
        assertThat(done).isEqualTo(CORRUPTIONS_OF_EACH_KIND);
        Set<String> kinds = whole.keySet().stream().map(Corruption::authority).collect(toCollection(TreeSet::new));
        kinds.removeAll(IMPOSSIBLE.getOrDefault(corruption, Set.of()));
        assertThat(hit).as("kinds of objects that it befell").isEqualTo(kinds);
    }

    @Test
    @Tag("proof")
    void everySingleCorruptionIsNamedForAsLongAsOneLikes() {
        long start = System.nanoTime();
        long nanos = 1_000_000_000L * Long.getLong("proof.seconds", 5);
        long seed = Long.getLong("verify.seed", new SplittableRandom().nextLong());
        System.out.println("verify: seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<Corruption> kinds = List.of(Corruption.values());
        while (System.nanoTime() - start < nanos) {
            tryOne(kinds.get(random.nextInt(kinds.size())), random, new TreeSet<>());
        }
    }

    /** Whether it was possible. */
    private boolean tryOne(Corruption corruption, SplittableRandom random, Set<String> hit) {
        restore();
        String chosen = randomKey(random);
        Map<String, byte[]> changed = new TreeMap<>(corruption.of(chosen, whole, random));
        changed.entrySet().removeIf(change -> Arrays.equals(change.getValue(), whole.get(change.getKey())));
        if (changed.isEmpty()) {
            return false;
        }
        changed.forEach((key, content) -> {
            if (content == null) {
                store.remove(key);
            } else {
                store.put(key, content);
            }
        });
        CORRUPTIONS.incrementAndGet();
        Verification verification = registry.verify();
        for (String key : changed.keySet()) {
            assertNamed(corruption.toString(), key, verification);
        }
        hit.add(Corruption.authority(chosen));
        NAMED.incrementAndGet();
        return true;
    }

    /** Each authority as often as any other. */
    private String randomKey(SplittableRandom random) {
        Set<String> authorities =
                whole.keySet().stream().map(Corruption::authority).collect(toCollection(TreeSet::new));
        String authority = Corruption.any(authorities, random);
        return Corruption.any(
                whole.keySet().stream()
                        .filter(key -> Corruption.authority(key).equals(authority))
                        .collect(toCollection(TreeSet::new)),
                random);
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
        assertThat(isCitedByItsHint(key, findings) || isOneOfTwo(key, findings))
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

    /** Two neighbours don't belong together: the error has the earlier one's key, and names this one in what it says. */
    private static boolean isOneOfTwo(String key, List<Finding> findings) {
        StreamName stream = KeyLayout.stream(key).orElse(null);
        long sequence = stream == null ? 0 : KeyLayout.sequence(stream, key).getAsLong();
        return sequence > 1
                && findings.stream()
                        .anyMatch(finding -> finding.severity() == Severity.ERROR
                                && finding.key().equals(KeyLayout.entry(stream, sequence - 1))
                                && finding.message().contains("entry " + sequence + " "));
    }

    /** A hint that is gone or lags behind: the newest entry is found all the same. */
    private void assertHarmless(String what, String key, Verification verification) {
        assertThat(verification.findings()).as("%s of %s", what, key).isEmpty();
        StreamName stream = new StreamName(key.substring(KeyLayout.HINTS.length(), key.length() - ".json".length()));
        Streams fresh = new Streams(new Store(store.open(), host, Duration.ofSeconds(60)), History.REGISTRY, "test");
        assertThat(fresh.log(stream).read().sequence())
                .as("%s of %s", what, key)
                .isEqualTo(Corruption.last(stream, whole));
    }

    /** At every third byte here; the tests that take longer try every byte and bit of every entry. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "models/fraud-detector/0000000001.json",
                "versions/fraud-detector/0000000002.json",
                "labels/fraud-detector/1.0.0/0000000001.json",
                "evaluations/fraud-detector/0000000001/0000000002.json",
                "submissions/fraud-detector/0000000002/0000000002.json",
                "reviews/fraud-detector/0000000001/0000000005.json",
                "environments/production/fraud-detector/0000000003.json"
            })
    void anEntryOfAnyKindCutOrFlippedAnywhereIsNamed(String key) {
        int length = whole.get(key).length;
        try (Alone alone = new Alone(key)) {
            for (int at = 0; at < length; at += 3) {
                alone.assertCutIsNamed(at);
                alone.assertFlipIsNamed(8 * at + at % 8);
            }
        }
    }

    @Test
    @Tag("proof")
    void everyEntryOfTheHistoryCutAtEachByteOrWithEachBitFlippedIsNamedAndRefused() {
        long before = CORRUPTIONS.get();
        for (String key : whole.keySet()) {
            int length = whole.get(key).length;
            if (KeyLayout.stream(key).isEmpty()) {
                continue;
            }
            try (Alone alone = new Alone(key)) {
                for (int at = 0; at < length; at++) {
                    alone.assertCutIsNamed(at);
                }
                for (int bit = 0; bit < 8 * length; bit++) {
                    alone.assertFlipIsNamed(bit);
                }
            }
        }
        System.out.println(
                "proof: verify, exhaustively: " + (CORRUPTIONS.get() - before) + " corruptions, all named and refused");
    }

    /** An entry with nothing beside its stream, so that it is quick to verify. */
    private final class Alone implements AutoCloseable {
        private final MemoryStore alone = new MemoryStore(host);
        private final String key;
        private final StreamName stream;
        private final byte[] content;
        private final ModelRegistry opened;

        Alone(String key) {
            this.key = key;
            this.stream = KeyLayout.stream(key).orElseThrow();
            this.content = whole.get(key);
            alone.put(KeyLayout.REGISTRY, whole.get(KeyLayout.REGISTRY));
            for (String other : whole.keySet()) {
                if (KeyLayout.stream(other).filter(stream::equals).isPresent()) {
                    alone.put(other, whole.get(other));
                }
            }
            opened = ModelRegistry.on(alone.open(), RegistryOptions.defaults().withCacheFolder(cache), host);
        }

        void assertCutIsNamed(int length) {
            assertNamed(Arrays.copyOf(content, length), "cut to " + length);
        }

        void assertFlipIsNamed(int bit) {
            byte[] flipped = content.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertNamed(flipped, "bit " + bit + " flipped");
        }

        /** By verify, and by a process that reads the entry. */
        private void assertNamed(byte[] damaged, String how) {
            alone.put(key, damaged);
            CORRUPTIONS.incrementAndGet();
            Store store = new Store(alone.open(), host, Duration.ofSeconds(60));
            EventLog log = new Streams(store, History.REGISTRY, "test").log(stream);
            try {
                log.entry(KeyLayout.sequence(stream, key).getAsLong());
                throw new AssertionError(key + ", " + how + ", was read");
            } catch (IntegrityException e) {
                assertThat(e.key()).as(how).isEqualTo(key);
            }
            boolean named = opened.verify().errors().stream()
                    .anyMatch(finding ->
                            finding.key().equals(key) && finding.message().contains("is damaged"));
            if (!named) {
                throw new AssertionError(key + ", " + how + ", isn't named by verify");
            }
            NAMED.incrementAndGet();
        }

        @Override
        public void close() {
            opened.close();
        }
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
                        .getBytes(StandardCharsets.UTF_8));

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

    /** Nothing is signed: the newest entry rewritten by somebody who may write there is as good as the one before. */
    @Test
    void theNewestEntryRewrittenWithAnotherActorLeavesNoTrace() {
        String key = "environments/production/fraud-detector/0000000003.json";
        String line = new String(SelfVerifying.open(whole.get(key)), StandardCharsets.UTF_8);
        String forged = line.replace("\"actor\":{\"id\":\"u-ben\"}", "\"actor\":{\"id\":\"u-eve\"}");
        assertThat(forged).isNotEqualTo(line);

        store.put(key, SelfVerifying.seal(forged.getBytes(StandardCharsets.UTF_8)));

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
