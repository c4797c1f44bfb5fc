package io.modelregistry.core.artifact;

import static io.modelregistry.core.artifact.ArtifactRig.bytes;
import static io.modelregistry.core.artifact.ArtifactRig.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.core.log.Parallel;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Artifact;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.ArtifactPath;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {
    private static final byte[] WEIGHTS = noise(1, 500_000);

    @TempDir
    Path folder;

    private final Preparation preparation = new Preparation(new Parallel(new ManualHost()));

    @Test
    void anArtifactListsPathSizeAndDigestOfEveryFile() {
        Artifact artifact = preparation
                .prepare(Registration.empty()
                        .file("weights.bin", WEIGHTS)
                        .file("empty", new byte[0])
                        .file("config.json", bytes("{}")))
                .artifact();

        assertThat(artifact.files())
                .containsExactly(
                        new ArtifactFile(ArtifactPath.of("config.json"), 2, Digest.of(bytes("{}"))),
                        new ArtifactFile(ArtifactPath.of("empty"), 0, Digest.of(new byte[0])),
                        new ArtifactFile(ArtifactPath.of("weights.bin"), 500_000, Digest.of(WEIGHTS)));
        assertThat(artifact.fileCount()).isEqualTo(3);
        assertThat(artifact.sizeBytes()).isEqualTo(500_002);
        assertThat(artifact.manifest()).isEqualTo(Digest.of(ManifestCodec.encode(artifact.files())));
    }

    @Test
    void theManifestDependsOnPathsAndContentsOnly() throws IOException {
        Files.createDirectories(folder.resolve("model/sub"));
        Files.write(folder.resolve("model/weights.bin"), WEIGHTS);
        Files.writeString(folder.resolve("model/sub/config.json"), "{}");
        Digest manifest = manifest(Registration.of(folder.resolve("model")));

        assertThat(manifest(Registration.empty().file("weights.bin", WEIGHTS).file("sub/config.json", bytes("{}"))))
                .isEqualTo(manifest);
        assertThat(manifest(Registration.empty()
                        .file("sub/config.json", bytes("{}"))
                        .file("weights.bin", WEIGHTS)))
                .isEqualTo(manifest);
        assertThat(manifest(Registration.empty().file("weights.bin", WEIGHTS).file("config.json", bytes("{}"))))
                .isNotEqualTo(manifest);
    }

    @Test
    void filesAreHashedSideBySide() throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Registration registration = Registration.empty();
            for (int i = 0; i < 20; i++) {
                registration =
                        registration.file("part-" + i, Files.write(folder.resolve("part-" + i), noise(i, 100_000)));
            }

            PreparedArtifact prepared = new Preparation(new Parallel(new ManualHost(threads))).prepare(registration);

            assertThat(prepared.artifact().manifest()).isEqualTo(manifest(registration));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        assumeThat(System.getProperty("user.name"))
                .as("root may read everything")
                .isNotEqualTo("root");
        Path file = Files.write(folder.resolve("weights.bin"), WEIGHTS);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));

        assertThatThrownBy(() -> preparation.prepare(Registration.of(file)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The file " + file + " can't be read: java.nio.file.AccessDeniedException: " + file
                        + ". Nothing was registered");
    }

    @Test
    void anInterruptEndsTheHashing() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> preparation.prepare(Registration.empty().file("weights.bin", WEIGHTS)))
                .isExactlyInstanceOf(StoreUnavailableException.class)
                .hasMessage("Interrupted while hashing the files to register; nothing was registered");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void moreFilesThanTheRecordHoldsAreInTheManifestOnly() {
        Registration most = Registration.empty();
        for (int i = 0; i < Artifact.FILES_INLINE; i++) {
            most = most.file("part-" + i, new byte[0]);
        }

        assertThat(preparation.prepare(most).artifact().files()).hasSize(Artifact.FILES_INLINE);
        assertThat(preparation
                        .prepare(most.file("another", new byte[0]))
                        .artifact()
                        .files())
                .isEqualTo(List.of());
    }

    private Digest manifest(Registration registration) {
        return preparation.prepare(registration).artifact().manifest();
    }
}
