package io.modelregistry.core.artifact;

import static io.modelregistry.core.artifact.ArtifactRig.MODEL;
import static io.modelregistry.core.artifact.ArtifactRig.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.testkit.CountingBackend;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.Operation;
import io.modelregistry.version.Registration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangingFileTest {
    private static final byte[] ANNOUNCED = noise(1, 400_000);

    @TempDir
    Path folder;

    private Path file;
    private ArtifactRig rig;
    private PreparedArtifact prepared;

    @BeforeEach
    void prepare() throws IOException {
        file = folder.resolve("weights.bin");
        Files.write(file, ANNOUNCED);
        rig = new ArtifactRig(folder.resolve("cache"));
        prepared = rig.artifacts.prepare(Registration.of(file));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 399_999, 400_001, 400_000, 8_000_000})
    void aFileThatIsAnotherNowIsRefusedAfterASecondLook(int newLength) throws IOException {
        Files.write(file, noise(2, newLength));

        assertThatThrownBy(this::upload)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The file " + file + " changed while it was being registered: ")
                .hasMessageEndingWith(". Nothing was registered; register it again once nobody writes to it any more");
        assertThat(rig.backend.counts()).containsEntry(Operation.UPLOAD, 2);
        assertThat(rig.memory.keys()).isEmpty();
    }

    @Test
    void aFileThatIsGoneIsRefusedByName() throws IOException {
        Files.delete(file);

        assertThatThrownBy(this::upload)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith(
                        "The file " + file + " can't be read any more: java.nio.file.NoSuchFileException");
    }

    @Test
    void aLinkThatTookAFilesPlaceIsNotFollowed() throws IOException {
        Path elsewhere = Files.write(folder.resolve("elsewhere"), ANNOUNCED);
        Files.delete(file);
        Files.createSymbolicLink(file, elsewhere);

        assertThatThrownBy(this::upload)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The file " + file + " can't be read any more");
        assertThat(rig.memory.keys()).isEmpty();
    }

    @Test
    void aFileThatIsWholeAgainAtTheSecondLookIsRegistered() throws IOException {
        Files.write(file, noise(2, 10));
        AtomicInteger uploads = new AtomicInteger();
        Artifacts artifacts = rig.another(new FaultyBackend(rig.memory.open(), call -> {
            if (uploads.incrementAndGet() == 2) {
                write(ANNOUNCED);
            }
            return Fault.NONE;
        }));

        artifacts.upload(MODEL, prepared, Set.of(), List.of());

        assertThat(rig.memory.bytes(ArtifactRig.blobKey(ANNOUNCED))).hasValue(ANNOUNCED);
    }

    @Test
    void failuresOfTheStoreInBetweenAreNotTheFiles() throws IOException {
        Files.write(file, noise(2, 10));
        AtomicInteger uploads = new AtomicInteger();
        CountingBackend counting = new CountingBackend(new FaultyBackend(rig.memory.open(), call -> {
            int upload = uploads.incrementAndGet();
            if (upload == 4) {
                write(ANNOUNCED);
            }
            return upload == 2 || upload == 3 ? Fault.UNAVAILABLE : Fault.NONE;
        }));

        rig.another(counting).upload(MODEL, prepared, Set.of(), List.of());

        assertThat(rig.memory.bytes(ArtifactRig.blobKey(ANNOUNCED))).hasValue(ANNOUNCED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 70_000})
    void aStreamGivesItsLastBytesOnlyWhenAllAreTheAnnouncedOnes(int length) throws IOException {
        byte[] announced = noise(1, length);
        byte[] other = announced.clone();
        byte[] longer = noise(1, length + 1);

        assertThat(source(announced, announced).open().readAllBytes()).isEqualTo(announced);
        assertFailsBeforeTheEnd(source(announced, longer), length, "it has become longer");
        if (length > 0) {
            other[length - 1] ^= 1;
            assertFailsBeforeTheEnd(source(announced, other), length, "its content is another");
            assertFailsBeforeTheEnd(source(announced, noise(1, length - 1)), length, "it has become shorter");
        }
    }

    private static void assertFailsBeforeTheEnd(BlobSource source, int length, String reason) throws IOException {
        try (InputStream in = source.open()) {
            AtomicInteger given = new AtomicInteger();
            byte[] buffer = new byte[1_000];

            assertThatThrownBy(() -> {
                        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                            given.addAndGet(n);
                        }
                    })
                    .isInstanceOf(SourceException.class)
                    .hasMessage("The file there changed while it was being registered: " + reason);
            if (length > 0) {
                assertThat(given).hasValueLessThan(length);
            }
        }
    }

    private static CheckedSource source(byte[] announced, byte[] actual) {
        return new CheckedSource(
                "there",
                "path",
                () -> new ByteArrayInputStream(actual),
                announced.length,
                Digest.of(announced),
                "",
                ProgressMeter.silent());
    }

    private void upload() {
        rig.artifacts.upload(MODEL, prepared, Set.of(), List.of());
    }

    private void write(byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
