package io.modelregistry.core.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.ModelName;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.core.artifact.KeptFiles;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in the cache that verify themselves, because whoever wrote them knew how. */
class LastKnownTest {
    private static final StreamName VERSIONS = KeyLayout.versions(ModelName.of("tumor"));
    private static final Duration LONGEST_AGE = Duration.ofDays(36_500);

    @TempDir
    Path folder;

    private final ManualHost host = new ManualHost();
    private final MemoryStore store = new MemoryStore(host);
    private RegistryOptions options;
    private ModelRegistry registry;
    private LastKnown lastKnown;
    private byte[] entry;

    @BeforeEach
    void register() {
        options = RegistryOptions.defaults().withCacheFolder(folder.resolve("cache"));
        registry = ModelRegistry.on(store.open(), options, host);
        registry.as("ada")
                .model("tumor")
                .register(Registration.empty().file("model.bin", "one".getBytes(StandardCharsets.UTF_8)));
        entry = store.bytes("versions/tumor/0000000001.json").orElseThrow();
        lastKnown = LastKnown.of(host, options, registry.id(), "test://models");
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private void plant(Kept forged) {
        assertThat(KeptFiles.of(host, options, registry.id()).write(Kept.fileName(VERSIONS.path()), forged.encode()))
                .isTrue();
    }

    private Kept forged(long sequence, Instant storedAt, Instant confirmedAt, byte[] content) {
        return new Kept(VERSIONS.path(), sequence, storedAt, confirmedAt, content);
    }

    @Test
    void anEntryThatWasKeptIsKnownWithItsAge() {
        plant(forged(1, host.now(), host.now(), entry));
        host.advance(Duration.ofHours(1));

        LastKnown.Newest newest = lastKnown.newest(VERSIONS).orElseThrow();

        assertThat(newest.entry().sequence()).isEqualTo(1);
        assertThat(newest.age()).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 2, Long.MAX_VALUE, Long.MIN_VALUE})
    void anEntryInAnotherPlaceThanItSaysIsNotBelieved(long sequence) {
        plant(forged(sequence, host.now(), host.now(), entry));

        assertThat(lastKnown.newest(VERSIONS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null\nsha256:0\n", "[[[[[[[[[[[[[[[[[[[["})
    void whatIsNoEntryIsNotBelievedThoughItsHeaderFits(String content) {
        plant(forged(1, host.now(), host.now(), content.getBytes(StandardCharsets.UTF_8)));

        assertThat(lastKnown.newest(VERSIONS)).isEmpty();
    }

    @Test
    void anEntryOfAnotherRegistryIsNotBelieved() {
        LastKnown another = LastKnown.of(host, options, "another", "test://models");
        KeptFiles.of(host, options, "another")
                .write(
                        Kept.fileName(VERSIONS.path()),
                        forged(1, host.now(), host.now(), entry).encode());

        assertThat(another.newest(VERSIONS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "-1000000000-01-01T00:00:00Z, -1000000000-01-01T00:00:00Z",
        "+1000000000-12-31T23:59:59.999999999Z, +1000000000-12-31T23:59:59.999999999Z",
        "-1000000000-01-01T00:00:00Z, +1000000000-12-31T23:59:59.999999999Z",
        "1970-01-01T00:00:00Z, 9999-12-31T23:59:59Z"
    })
    void anAgeIsNeverNegativeNorWithoutAnEndWhateverTimesAreSaid(Instant storedAt, Instant confirmedAt) {
        plant(forged(1, storedAt, confirmedAt, entry));

        assertThat(lastKnown.newest(VERSIONS).orElseThrow().age()).isBetween(Duration.ofDays(20_000), LONGEST_AGE);
    }
}
