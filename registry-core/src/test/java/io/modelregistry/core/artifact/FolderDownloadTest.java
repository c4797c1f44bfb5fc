package io.modelregistry.core.artifact;

import static io.modelregistry.core.artifact.ArtifactRig.blobKey;
import static io.modelregistry.core.artifact.ArtifactRig.bytes;
import static io.modelregistry.core.artifact.ArtifactRig.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.Operation;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderDownloadTest {
    private static final byte[] WEIGHTS = noise(1, 300_000);

    @TempDir
    Path folder;

    private Path parent;
    private Path target;
    private ArtifactRig rig;
    private ModelVersion version;

    @BeforeEach
    void register() throws IOException {
        parent = Files.createDirectory(folder.resolve("mine"));
        target = parent.resolve("model");
        rig = new ArtifactRig(folder.resolve("cache"));
        version = rig.register(Registration.empty()
                .file("weights.bin", WEIGHTS)
                .file("sub/copy.bin", WEIGHTS)
                .file("sub/config.json", bytes("{}")));
    }

    @Test
    void theFolderHoldsExactlyTheFilesAndTheCacheIsNotTouched() throws IOException {
        assertThat(download()).isEqualTo(target);

        assertHoldsEverything();
        assertThat(FileTrees.children(parent)).containsExactly(target);
        assertThat(rig.cacheFolder).doesNotExist();
        assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.READ, 2));
    }

    @Test
    void anEmptyFolderAndMissingParentsAreFine() throws IOException {
        Files.createDirectory(target);
        download();
        assertHoldsEverything();

        target = parent.resolve("a/b/c");
        download();
        assertHoldsEverything();
    }

    @Test
    void aFolderThatHoldsSomethingIsRefusedAndLeftAlone() throws IOException {
        Files.createDirectory(target);
        Files.writeString(target.resolve("notes.txt"), "mine");

        assertThatThrownBy(this::download)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Can't write an artifact to " + target
                        + ": it is not empty. Name a folder that doesn't exist, or an empty one");
        assertThat(FileTrees.children(target)).containsExactly(target.resolve("notes.txt"));
        assertThat(rig.backend.counts()).isEmpty();
    }

    @Test
    void aFileOrALinkIsRefused() throws IOException {
        Files.writeString(target, "mine");
        assertThatThrownBy(this::download).hasMessageContaining("it is a file");

        target = Files.createSymbolicLink(parent.resolve("link"), folder);
        assertThatThrownBy(this::download).hasMessageContaining("it is a symbolic link");
    }

    @Test
    void whatIsPutThereMeanwhileIsLeftAlone() throws IOException {
        Artifacts artifacts = rig.another(new FaultyBackend(rig.memory.open(), call -> {
            try {
                Files.createDirectories(target);
                Files.writeString(target.resolve("notes.txt"), "mine");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return Fault.NONE;
        }));

        assertThatThrownBy(() -> artifacts.downloadTo(version, target, Progress.none()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(": it is not empty.");
        assertThat(target.resolve("notes.txt")).hasContent("mine");
        assertThat(FileTrees.children(parent)).containsExactly(target);
    }

    @Test
    void aFailureLeavesNothing() throws IOException {
        rig.memory.put(blobKey(WEIGHTS), noise(2, 300_000));

        assertThatThrownBy(this::download).isInstanceOf(IntegrityException.class);

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void anInterruptLeavesNothing() throws IOException {
        Artifacts artifacts = rig.another(new FaultyBackend(rig.memory.open(), call -> {
            Thread.currentThread().interrupt();
            return Fault.NONE;
        }));

        assertThatThrownBy(() -> artifacts.downloadTo(version, target, Progress.none()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessage("Interrupted while downloading files; the folder was not made");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void whatTheCacheHasIsCopiedFromThere() throws IOException {
        Path cached = rig.download(version);
        rig.backend.reset();

        download();

        assertHoldsEverything();
        assertThat(rig.backend.counts()).isEmpty();
        Files.write(target.resolve("weights.bin"), bytes("changed by its owner"));
        assertThat(cached.resolve("weights.bin")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void whatIsDamagedInTheCacheIsFetched() throws IOException {
        rig.download(version);
        rig.backend.reset();
        Path blob = rig.cachedBlob(WEIGHTS);
        Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-------"));
        Files.write(blob, noise(2, 300_000));

        download();

        assertHoldsEverything();
        assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.READ, 1));
    }

    @Test
    void aStreamThatBreaksIsResumed() throws IOException {
        Artifacts artifacts = rig.another(new FaultyBackend(
                rig.memory.open(), FaultPlan.onceOn(Operation.READ, blobKey(WEIGHTS), 1, Fault.BROKEN)));

        artifacts.downloadTo(version, target, Progress.none());

        assertHoldsEverything();
    }

    @Test
    void theRootOfAFileSystemIsRefused() {
        assertThatThrownBy(() -> rig.artifacts.downloadTo(version, Path.of("/"), Progress.none()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("/ can't be the folder of an artifact; name one below it");
    }

    private Path download() {
        return rig.artifacts.downloadTo(version, target, Progress.none());
    }

    private void assertHoldsEverything() throws IOException {
        assertThat(target.resolve("weights.bin")).hasBinaryContent(WEIGHTS);
        assertThat(target.resolve("sub/copy.bin")).hasBinaryContent(WEIGHTS);
        assertThat(target.resolve("sub/config.json")).hasContent("{}");
        assertThat(FileTrees.children(target)).hasSize(2);
        assertThat(FileTrees.children(target.resolve("sub"))).hasSize(2);
        assertThat(Files.isWritable(target.resolve("weights.bin"))).isTrue();
    }
}
