package io.modelregistry.core.log;

import static io.modelregistry.core.log.LogFixture.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.core.audit.GoldenFiles;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.ManualHost;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault 14: an entry whose bytes are not the ones that were written is never taken for the end of its stream, and never written over. */
final class EntryDamageTest {
    /** Their newest entries carry all that a version and a rollout may carry. */
    private static final List<String> STREAMS =
            List.of("versions/fraud-detector", "environments/production/fraud-detector");

    private static final String GOLDEN_REGISTRY = "0000000100000000000000000000000b";

    private final ManualHost host = new ManualHost();

    @ParameterizedTest
    @ValueSource(strings = {"versions/fraud-detector", "environments/production/fraud-detector"})
    void anEntryTruncatedAtAnyByteIsDamaged(String path) throws IOException {
        Subject subject = new Subject(path, 1);

        for (int length = 0; length < subject.original.length; length++) {
            subject.assertDamaged(Arrays.copyOf(subject.original, length), "cut to " + length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"versions/fraud-detector", "environments/production/fraud-detector"})
    void anEntryWithAnyBitFlippedIsDamaged(String path) throws IOException {
        Subject subject = new Subject(path, 2);

        for (int bit = 0; bit < 8 * subject.original.length; bit++) {
            byte[] flipped = subject.original.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            subject.assertDamaged(flipped, "bit " + bit + " flipped");
        }
    }

    @Test
    void anEntryThatGrewIsDamaged() throws IOException {
        for (String path : STREAMS) {
            Subject subject = new Subject(path, 2);
            byte[] grown = Arrays.copyOf(subject.original, subject.original.length + 1);

            for (int value = 0; value < 256; value++) {
                grown[grown.length - 1] = (byte) value;
                subject.assertDamaged(grown, "one more byte, " + value);
            }
            subject.assertDamaged(Arrays.copyOf(subject.original, 50_000_000), "zeros up to 50 MB");
        }
    }

    @Test
    void aDamagedEntryIsNamedWithWhatWasExpectedAndHowToRestoreIt() throws IOException {
        Subject subject = new Subject("versions/fraud-detector", 3);
        byte[] flipped = subject.original.clone();
        flipped[10] ^= 1;
        subject.store.put(subject.key, flipped);

        assertThatThrownBy(subject::read)
                .isInstanceOf(IntegrityException.class)
                .hasMessageMatching("The entry versions/fraud-detector/0000000003.json is damaged:"
                        + " its first line hashes to sha256:[0-9a-f]{64}, but the entry ends in \"sha256:[0-9a-f]{64}\"\\."
                        + " Restore this key from a backup or replica, byte for byte; nothing is written on top of it");
    }

    @Test
    void onceItIsRestoredEverythingGoesOn() throws IOException {
        Subject subject = new Subject("environments/production/fraud-detector", 3);
        subject.assertDamaged(new byte[0], "emptied");

        subject.store.put(subject.key, subject.original);

        assertThat(subject.read().sequence()).isEqualTo(3);
        assertThat(append(subject.client(), subject.stream).sequence()).isEqualTo(4);
    }

    @Test
    void aProcessThatKnowsTheEntryBeforeRefusesTheDamagedOneToo() throws IOException {
        Subject subject = new Subject("versions/fraud-detector", 3);
        MemoryStore shorter = subject.upTo(2);
        Streams warm = subject.client(shorter.open());
        assertThat(warm.log(subject.stream).read().sequence()).isEqualTo(2);

        shorter.put(subject.key, new byte[] {1, 2, 3});

        for (Consumer<Streams> use : List.<Consumer<Streams>>of(
                streams -> streams.log(subject.stream).read(),
                streams -> streams.log(subject.stream).poll(),
                streams -> append(streams, subject.stream))) {
            assertThatThrownBy(() -> use.accept(warm)).isInstanceOfSatisfying(IntegrityException.class, e -> {
                assertThat(e.damage()).isEqualTo(Damage.CORRUPT_ENTRY);
                assertThat(e.key()).isEqualTo(subject.key);
            });
        }
        assertThat(shorter.bytes(subject.key)).contains(new byte[] {1, 2, 3});
    }

    @Test
    void aDamagedEntryInTheMiddleLeavesTheNewestStateReadable() throws IOException {
        Subject subject = new Subject("versions/fraud-detector", 2);
        subject.store.put(subject.key, new byte[0]);
        EventLog log = subject.client().log(subject.stream);

        assertThat(log.read().sequence()).isEqualTo(3);
        assertThat(log.entry(1)).isPresent();
        assertThat(log.entry(3)).isPresent();
        assertThatThrownBy(() -> log.entry(2))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining(subject.key);
        assertThatThrownBy(() -> log.entries(1, 3))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining(subject.key);
    }

    /** One entry of the golden history, which each look at reads as a process that knows nothing. */
    private final class Subject {
        private final MemoryStore store = GoldenFiles.load("history/2", host);
        private final StreamName stream;
        private final String key;
        private final byte[] original;
        private final long sequence;
        /** A store in which the entry is the last of its stream. */
        private final MemoryStore newest;

        Subject(String path, long sequence) throws IOException {
            this.stream = new StreamName(path);
            this.sequence = sequence;
            this.key = KeyLayout.entry(stream, sequence);
            this.original = store.bytes(key).orElseThrow();
            this.newest = upTo(sequence);
        }

        Streams client() {
            return client(store.open());
        }

        Streams client(StorageBackend backend) {
            return new Streams(new Store(backend, host, Duration.ofSeconds(60)), GOLDEN_REGISTRY, "test");
        }

        StoredEntry read() {
            return client().log(stream).entry(sequence).orElseThrow();
        }

        /** The stream's first entries in a store of their own. */
        MemoryStore upTo(long last) {
            MemoryStore shorter = new MemoryStore(host);
            for (long i = 1; i <= last; i++) {
                shorter.put(
                        KeyLayout.entry(stream, i),
                        store.bytes(KeyLayout.entry(stream, i)).orElseThrow());
            }
            return shorter;
        }

        /** As an entry by its number, as the newest, and under an append. */
        void assertDamaged(byte[] content, String how) {
            store.put(key, content);
            newest.put(key, content);
            assertDamage(how, this::read);
            assertDamage(how, () -> append(client(newest.open()), stream));
            if (newest.keys().size() != sequence) {
                throw new AssertionError(how + ": something was written: " + newest.keys());
            }
        }

        /** Plain comparisons: this runs tens of thousands of times. */
        private void assertDamage(String how, Runnable use) {
            try {
                use.run();
            } catch (IntegrityException e) {
                if (e.damage() == Damage.CORRUPT_ENTRY
                        && e.key().equals(key)
                        && e.getMessage().contains(key)) {
                    return;
                }
                throw new AssertionError(how, e);
            }
            throw new AssertionError(how + ": it was read");
        }
    }
}
