package io.modelregistry.core.artifact;

import static io.modelregistry.core.artifact.ArtifactRig.noise;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.RegistryOptions;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTrimTest {
    private static final byte[] SHARED = noise(0, 50_000);

    @TempDir
    Path folder;

    private ArtifactRig rig;

    @BeforeEach
    void setUp() {
        rig = new ArtifactRig(folder.resolve("cache"));
    }

    @Test
    void whatWasUsedLongestAgoGoesFirst() {
        ModelVersion first = register(1);
        ModelVersion second = register(2);
        ModelVersion third = register(3);
        Path one = process(Long.MAX_VALUE).download(first, Progress.none()).folder();
        advance(Duration.ofHours(2));
        Path two = process(Long.MAX_VALUE).download(second, Progress.none()).folder();
        advance(Duration.ofHours(2));
        process(Long.MAX_VALUE).download(first, Progress.none());
        advance(Duration.ofHours(2));

        Path three = process(250_000).download(third, Progress.none()).folder();

        assertThat(two).doesNotExist();
        assertThat(rig.cachedBlob(noise(2, 100_000))).doesNotExist();
        assertThat(one.resolve("weights.bin")).hasBinaryContent(noise(1, 100_000));
        assertThat(three.resolve("weights.bin")).hasBinaryContent(noise(3, 100_000));
        assertThat(rig.cachedBlob(SHARED)).as("still linked to by others").exists();
        assertThat(rig.cache()
                        .resolve("used")
                        .resolve(second.artifact().manifest().hex()))
                .doesNotExist();
        assertThat(rig.cache().resolve("temp")).isEmptyDirectory();
    }

    @Test
    void whatThisProcessUsesStays() {
        Artifacts process = process(1);
        Path one = process.download(register(1), Progress.none()).folder();
        advance(Duration.ofDays(30));

        Path two = process.download(register(2), Progress.none()).folder();

        assertThat(one.resolve("weights.bin")).exists();
        assertThat(two.resolve("weights.bin")).exists();
    }

    @Test
    void whatThisProcessHasReleasedAsOftenAsItWasDownloadedGoes() {
        Artifacts process = process(1);
        ModelVersion first = register(1);
        Path one = process.download(first, Progress.none()).folder();
        process.download(first, Progress.none());
        process.release(first);
        advance(Duration.ofHours(2));
        process.download(register(2), Progress.none());
        assertThat(one.resolve("weights.bin")).as("used once still").exists();

        process.release(first);
        advance(Duration.ofHours(2));
        process.download(register(3), Progress.none());

        assertThat(one).doesNotExist();
    }

    @Test
    void whatWasOnlyPrefetchedGoesAnHourLater() {
        Artifacts process = process(1);
        ModelVersion first = register(1);
        process.prefetch(first, Progress.none());
        Path one = rig.cache()
                .resolve("artifacts")
                .resolve(first.artifact().manifest().hex());
        assertThat(one.resolve("weights.bin")).exists();
        advance(Duration.ofHours(2));

        process.download(register(2), Progress.none());

        assertThat(one).doesNotExist();
    }

    @Test
    void whatAnotherProcessUsedWithinTheHourStays() {
        Path one = process(1).download(register(1), Progress.none()).folder();
        advance(Duration.ofMinutes(59));
        Path two = process(1).download(register(2), Progress.none()).folder();
        assertThat(one.resolve("weights.bin")).exists();

        advance(Duration.ofMinutes(2));
        process(1).download(register(3), Progress.none());

        assertThat(one).doesNotExist();
        assertThat(two).exists();
    }

    @Test
    void aCacheBelowItsLimitKeepsEverything() {
        Path one = process(250_000).download(register(1), Progress.none()).folder();
        advance(Duration.ofDays(30));

        process(250_000).download(register(2), Progress.none());

        assertThat(one.resolve("weights.bin")).exists();
    }

    @Test
    void blobsThatNoArtifactHasGoBeforeAnyArtifact() throws IOException {
        Path one = process(1 << 20).download(register(1), Progress.none()).folder();
        Path orphan = Files.write(rig.cachedBlob(noise(9, 400_000)), noise(9, 400_000));
        Files.setLastModifiedTime(orphan, FileTime.from(rig.host.now()));
        advance(Duration.ofDays(1));

        process(300_000).download(register(2), Progress.none());

        assertThat(orphan).doesNotExist();
        assertThat(one.resolve("weights.bin")).exists();
    }

    @Test
    void anEvictedArtifactIsFetchedAgain() {
        ModelVersion first = register(1);
        process(1).download(first, Progress.none());
        advance(Duration.ofHours(2));
        process(1).download(register(2), Progress.none());

        assertThat(process(1).download(first, Progress.none()).file("weights.bin"))
                .hasBinaryContent(noise(1, 100_000));
    }

    private ModelVersion register(int seed) {
        return rig.register(
                Registration.empty().file("weights.bin", noise(seed, 100_000)).file("tokenizer.bin", SHARED));
    }

    private Artifacts process(long cacheBytes) {
        return rig.another(
                rig.memory.open(),
                RegistryOptions.defaults().withCacheFolder(rig.cacheFolder).withCacheBytes(cacheBytes));
    }

    private void advance(Duration duration) {
        rig.host.advance(duration);
    }
}
