package io.modelregistry.core.artifact;

import static io.modelregistry.core.artifact.ArtifactRig.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Feature;
import com.google.common.jimfs.Jimfs;
import io.modelregistry.StoreFullException;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** File systems that lack something. */
class ScarceFileSystemTest {
    private static final byte[] WEIGHTS = noise(1, 300_000);

    @Test
    void aFullDiskNamesTheFolderAndTheBytesNeededAndLeavesNothing() throws IOException {
        try (FileSystem disk = Jimfs.newFileSystem(Configuration.unix().toBuilder()
                .setMaxSize(200_000)
                .setBlockSize(4_096)
                .build())) {
            Path folder = disk.getPath("/cache");
            ArtifactRig rig = new ArtifactRig(folder);
            ModelVersion version = rig.register(Registration.empty().file("weights.bin", WEIGHTS));
            List<String> keys = rig.memory.keys();

            assertThatThrownBy(() -> rig.download(version))
                    .isInstanceOf(StoreFullException.class)
                    .hasMessageStartingWith("There is no room in /cache for 300000 bytes; ")
                    .hasMessageEndingWith(
                            " are free. The registry is untouched; make room or choose another folder, then try again");
            assertThatThrownBy(() -> rig.artifacts.downloadTo(version, disk.getPath("/mine"), Progress.none()))
                    .isInstanceOf(StoreFullException.class)
                    .hasMessageStartingWith("There is no room in / for 300000 bytes");

            assertThat(rig.cache().resolve("temp")).isEmptyDirectory();
            assertThat(rig.cachedBlob(WEIGHTS)).doesNotExist();
            assertThat(FileTrees.children(disk.getPath("/")))
                    .doesNotContain(disk.getPath("/mine"))
                    .hasSize(2);
            assertThat(rig.memory.keys()).isEqualTo(keys);
        }
    }

    @Test
    void withoutHardLinksFilesAreCopied() throws IOException {
        try (FileSystem disk = Jimfs.newFileSystem(Configuration.unix().toBuilder()
                .setSupportedFeatures(Feature.SYMBOLIC_LINKS)
                .build())) {
            ArtifactRig rig = new ArtifactRig(disk.getPath("/cache"));
            ModelVersion version =
                    rig.register(Registration.empty().file("a.bin", WEIGHTS).file("sub/b.bin", WEIGHTS));

            for (int round = 0; round < 2; round++) {
                Path files = rig.download(version);

                assertThat(Files.readAllBytes(files.resolve("a.bin"))).isEqualTo(WEIGHTS);
                assertThat(Files.readAllBytes(files.resolve("sub/b.bin"))).isEqualTo(WEIGHTS);
            }
            Files.write(
                    rig.cache()
                            .resolve("artifacts")
                            .resolve(version.artifact().manifest().hex())
                            .resolve("a.bin"),
                    new byte[5]);

            assertThat(Files.readAllBytes(rig.download(version).resolve("a.bin")))
                    .isEqualTo(WEIGHTS);
            assertThat(rig.cache().resolve("temp")).isEmptyDirectory();
        }
    }

    @Test
    void windowsPathsWork() throws IOException {
        try (FileSystem disk = Jimfs.newFileSystem(Configuration.windows())) {
            Path source = disk.getPath("C:\\trained");
            Files.createDirectories(source.resolve("sub"));
            Files.write(source.resolve("sub").resolve("weights.bin"), WEIGHTS);
            ArtifactRig rig = new ArtifactRig(disk.getPath("C:\\cache"));

            ModelVersion version = rig.register(Registration.of(source));

            assertThat(version.artifact().files().get(0).path()).hasToString("sub/weights.bin");
            Path files = rig.download(version);
            assertThat(Files.readAllBytes(files.resolve("sub").resolve("weights.bin")))
                    .isEqualTo(WEIGHTS);
            Path mine = rig.artifacts.downloadTo(version, disk.getPath("C:\\mine"), Progress.none());
            assertThat(Files.readAllBytes(mine.resolve("sub").resolve("weights.bin")))
                    .isEqualTo(WEIGHTS);
            rig.host.advance(Duration.ofDays(2));
            rig.download(rig.register(Registration.empty().file("other.bin", noise(2, 10))));
        }
    }
}
