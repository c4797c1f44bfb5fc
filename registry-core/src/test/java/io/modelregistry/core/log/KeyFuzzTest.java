package io.modelregistry.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.modelregistry.core.audit.GoldenFiles;
import io.modelregistry.storage.KeyGrammar;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any name of an object, and any hint: a wrong one costs requests, never an answer. See {@code bin/fuzz}. */
final class KeyFuzzTest {
    private static final StreamName STREAM = LogFixture.VERSIONS;
    private static final LogFixture THREE_ENTRIES = threeEntries();

    private static LogFixture threeEntries() {
        LogFixture fixture = new LogFixture();
        fixture.write(STREAM, 3);
        return fixture;
    }

    static Stream<byte[]> keys() throws IOException {
        return GoldenFiles.tree("history/2").keySet().stream().map(key -> key.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<byte[]> hints() throws IOException {
        return GoldenFiles.tree("history/2").entrySet().stream()
                .filter(file -> file.getKey().startsWith(KeyLayout.HINTS))
                .map(java.util.Map.Entry::getValue);
    }

    @MethodSource("keys")
    @FuzzTest
    void anyKey(byte[] bytes) {
        String key = new String(bytes, StandardCharsets.UTF_8);

        KeyLayout.stream(key).ifPresent(stream -> {
            long sequence = KeyLayout.sequence(stream, key).orElseThrow();
            assertThat(KeyLayout.entry(stream, sequence)).isEqualTo(key);
            assertThat(KeyGrammar.isKey(key)).isTrue();
        });
        assertThat(KeyLayout.sequence(STREAM, key).isPresent())
                .isEqualTo(KeyLayout.stream(key).filter(STREAM::equals).isPresent());
        assertThat(KeyLayout.lastSegment(key)).doesNotContain("/");
    }

    @MethodSource("hints")
    @FuzzTest
    void anyHint(byte[] hint) {
        ManualHost host = THREE_ENTRIES.host;
        MemoryStore store = THREE_ENTRIES.store;
        store.put(KeyLayout.hint(STREAM), hint);

        Streams cold = new Streams(new Store(store.open(), host, Duration.ofSeconds(60)), LogFixture.REGISTRY, "test");

        assertThat(cold.log(STREAM).read().sequence()).isEqualTo(3);
    }
}
