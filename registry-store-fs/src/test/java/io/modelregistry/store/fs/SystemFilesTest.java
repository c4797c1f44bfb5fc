package io.modelregistry.store.fs;

import static io.modelregistry.store.fs.Fixture.CONTENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.store.fs.FileOperations.NewFile;
import io.modelregistry.store.fs.FileOperations.Next;
import io.modelregistry.store.fs.FileOperations.OpenFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the module takes for granted of the JDK and of a local file system. */
final class SystemFilesTest {
    private final FileOperations files = new SystemFiles();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.write(folder.resolve("file"), CONTENT);
    }

    @Test
    void noStepIsDisturbedByAnInterrupt() throws IOException {
        Thread.currentThread().interrupt();
        try {
            try (InputStream in = files.open(file)) {
                assertThat(in.skip(8)).isEqualTo(8);
                assertThat(in.read()).isEqualTo('1');
            }
            try (NewFile out = files.createFile(folder.resolve("new"))) {
                out.write(CONTENT, 0, 3);
                out.sync();
                out.write(CONTENT, 3, 6);
                out.sync();
            }
            try (OpenFolder open = files.openFolder(folder)) {
                open.sync();
                open.sync();
            }
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(folder.resolve("new")).hasBinaryContent(CONTENT);
    }

    @Test
    void aStreamSkipsBySeeking() throws IOException {
        try (InputStream in = files.open(file)) {
            assertThat(in.skip(Long.MAX_VALUE)).isEqualTo(CONTENT.length);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void aTakenNameIsNeverReplacedByALinkOrANewFile() throws IOException {
        Path other = Files.createFile(folder.resolve("other"));

        assertThatThrownBy(() -> files.link(file, other)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> files.createFile(file)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> files.createFolder(file)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasBinaryContent(CONTENT);
    }

    @Test
    void aFolderIsRenamedOntoNothingThatHoldsSomething() throws IOException {
        Path full = Files.createDirectory(folder.resolve("full"));
        Files.createFile(full.resolve("child"));
        Path staged = Files.createDirectory(folder.resolve("staged"));

        assertThatThrownBy(() -> files.rename(staged, full)).isInstanceOf(FileSystemException.class);
        assertThatThrownBy(() -> files.rename(staged, file)).isInstanceOf(FileSystemException.class);
        assertThat(full.resolve("child")).exists();
        assertThat(file).hasBinaryContent(CONTENT);
    }

    @Test
    void factsAreOfTheNameAndNotOfWhatItPointsTo() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        Path second = Files.createLink(folder.resolve("second"), file);

        assertThat(files.facts(link).kind()).isEqualTo(FileFacts.Kind.LINK);
        assertThat(files.facts(folder).kind()).isEqualTo(FileFacts.Kind.FOLDER);
        assertThat(files.facts(file).kind()).isEqualTo(FileFacts.Kind.FILE);
        assertThat(files.facts(file).sizeBytes()).isEqualTo(9);
        assertThat(files.facts(file).isSameFileAs(files.facts(second))).isTrue();
        assertThat(files.facts(file).isSameFileAs(files.facts(link))).isFalse();
        assertThatThrownBy(() -> files.open(link)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> files.facts(folder.resolve("missing"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aVisitorSeesEachNameUntilItSaysStop() throws IOException {
        Files.createFile(folder.resolve("other"));
        List<Path> seen = new ArrayList<>();

        assertThat(files.visitChildren(folder, child -> {
                    seen.add(child);
                    return Next.GO_ON;
                }))
                .isFalse();
        assertThat(seen).containsExactlyInAnyOrder(file, folder.resolve("other"));
        assertThat(files.visitChildren(folder, child -> Next.STOP)).isTrue();
    }

    @Test
    void errorsOfTheSystemAreRecognised() {
        assertThat(OsError.of(new AccessDeniedException("x"))).isEqualTo(OsError.ACCESS_DENIED);
        assertThat(OsError.of(new NoSuchFileException("x"))).isEqualTo(OsError.MISSING);
        assertThat(OsError.of(new IOException("Stale NFS file handle"))).isEqualTo(OsError.STALE);
        assertThat(OsError.of(new IOException("There is not enough space on the disk")))
                .isEqualTo(OsError.NO_SPACE);
        assertThat(OsError.of(new IOException())).isEqualTo(OsError.OTHER);
        assertThat(OsError.reason(new IOException())).isEqualTo("IOException");
    }
}
