package io.modelregistry.core.artifact;

import static io.modelregistry.core.artifact.ArtifactRig.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SourceFilesTest {
    @TempDir
    Path folder;

    @Test
    void everythingInAFolderIsFoundInTheOrderOfPathsHiddenFilesIncluded() throws IOException {
        write("model.onnx", "m");
        write(".config", "hidden");
        write(".DS_Store", "finder");
        write("tokenizer/vocab.txt", "v");
        write("tokenizer-2/vocab.txt", "v");

        assertThat(paths(Registration.of(folder)))
                .containsExactly(".DS_Store", ".config", "model.onnx", "tokenizer-2/vocab.txt", "tokenizer/vocab.txt");
    }

    @Test
    void aFileIsFoundUnderItsOwnName() throws IOException {
        write("model.onnx", "m");

        assertThat(paths(Registration.of(folder.resolve("model.onnx")))).containsExactly("model.onnx");
    }

    @Test
    void filesAddedOneByOneStandBesideThoseOfTheFolder() throws IOException {
        write("model.onnx", "m");

        Registration registration = Registration.of(folder)
                .file("notes/readme.txt", bytes("r"))
                .file("notes/copy.onnx", folder.resolve("model.onnx"));

        assertThat(paths(registration)).containsExactly("model.onnx", "notes/copy.onnx", "notes/readme.txt");
    }

    @Test
    void aFileOfNoBytesIsKept() throws IOException {
        write("__init__.py", "");

        assertThat(SourceFiles.of(Registration.of(folder)))
                .singleElement()
                .satisfies(file -> assertThat(file.sizeBytes()).isZero());
    }

    @Test
    void emptySubfoldersLeaveNoTrace() throws IOException {
        write("model.onnx", "m");
        Files.createDirectories(folder.resolve("empty/inside"));

        assertThat(paths(Registration.of(folder))).containsExactly("model.onnx");
    }

    @Test
    void anEmptyFolderIsRefused() {
        assertRefused(Registration.of(folder))
                .hasMessage("There are no files in " + folder + "; a version has at least one");
    }

    @Test
    void noFilesAtAllAreRefused() {
        assertRefused(Registration.empty())
                .hasMessage("A version has at least one file; add some with Registration.file, or start with"
                        + " Registration.of(folder)");
    }

    @Test
    void aPathThatLeadsNowhereIsRefused() {
        assertRefused(Registration.of(folder.resolve("nothing")))
                .hasMessage("There is no file or folder " + folder.resolve("nothing"));
    }

    @Test
    void aFolderIsNotAFile() {
        assertRefused(Registration.empty().file("model", folder))
                .hasMessageContaining(folder + " is a folder, and \"model\" can only be a file");
    }

    @Test
    void theSamePathFromFolderAndCallerIsRefused() throws IOException {
        write("model.onnx", "m");

        assertRefused(Registration.of(folder).file("model.onnx", bytes("other")))
                .hasMessage("The file \"model.onnx\" was added twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", ".", "../nothing-there", "loop", "model.onnx"})
    void symbolicLinksInAFolderAreRefusedByNameAndNeverFollowed(String target) throws IOException {
        write("model.onnx", "m");
        Path link = folder.resolve("loop");
        Files.createSymbolicLink(link, Path.of(target));

        assertRefused(Registration.of(folder))
                .hasMessage(
                        link.toRealPath(LinkOption.NOFOLLOW_LINKS) + " is a symbolic link to " + target
                                + "; links inside a folder are not followed. Put the file itself there (cp -rL makes such a copy)");
    }

    @Test
    void aLinkThatTheCallerNamesIsFollowed() throws IOException {
        write("run-42/model.onnx", "m");
        Path latest = Files.createSymbolicLink(folder.resolve("latest"), Path.of("run-42"));
        Path model = Files.createSymbolicLink(folder.resolve("best.onnx"), Path.of("run-42/model.onnx"));

        assertThat(paths(Registration.of(latest))).containsExactly("model.onnx");
        assertThat(paths(Registration.of(model))).containsExactly("best.onnx");
    }

    @Test
    void aNamedLinkThatLeadsNowhereIsRefused() throws IOException {
        Path latest = Files.createSymbolicLink(folder.resolve("latest"), Path.of("gone"));

        assertRefused(Registration.of(latest)).hasMessage(latest + " is a symbolic link that leads nowhere to gone");
    }

    @Test
    void aFifoIsRefusedWithoutWaitingForItsWriter() throws Exception {
        Path fifo = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();

        assertRefused(Registration.of(folder))
                .hasMessage(fifo + " is a FIFO, a socket or a device; only plain files can be registered. Remove it");
        assertRefused(Registration.empty().file("pipe", fifo)).hasMessageContaining("is a FIFO");
    }

    @Test
    void aSocketIsRefused() throws IOException {
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));

            assertRefused(Registration.of(folder)).hasMessageContaining("socket is a FIFO, a socket or a device");
        }
    }

    record Refused(String name, String reason) {}

    static final List<Refused> REFUSED = List.of(
            new Refused("a:b.onnx", "':' (U+003A) at position 2 is not allowed"),
            new Refused("a\\b.onnx", "'\\' (U+005C) at position 2 is not allowed"),
            new Refused("a\nb.onnx", "\"a\\u000ab.onnx\": U+000A at position 2 is not allowed"),
            new Refused("aux.onnx", "\"aux\" is a device name on Windows"),
            new Refused("model.onnx.", "starts or ends with a space, or ends with a dot"),
            new Refused("model.onnx ", "starts or ends with a space, or ends with a dot"),
            new Refused("e\u0301.onnx", "it is not in Unicode normal form C"),
            new Refused("..%2fmodel", "it has a percent-encoded dot, slash or NUL"),
            new Refused("\uff0e\uff0e", "'\uff0e' (U+FF0E) at position 1 is not allowed"),
            new Refused("\u202exnno", "U+202E at position 1 is not allowed"));

    @ParameterizedTest
    @FieldSource("REFUSED")
    void namesThatSomeSystemWouldWriteElsewhereAreRefused(Refused refused) throws IOException {
        write(refused.name, "m");

        assertRefused(Registration.of(folder))
                .hasMessageStartingWith("Not a path for a file of an artifact: \"")
                .hasMessageContaining(refused.reason);
    }

    @Test
    void namesThatDifferInCaseOnlyAreRefused() throws IOException {
        write("Model.bin", "1");
        write("model.bin", "2");
        assumeThat(folder.toFile().list()).as("this file system has both").hasSize(2);

        assertRefused(Registration.of(folder))
                .hasMessage("The files \"Model.bin\" and \"model.bin\" would be the same file on a system that ignores"
                        + " case; rename one");
    }

    @Test
    void aNameThatIsNoTextIsRefusedWithTheEncodingAndTheRemedy() throws Exception {
        String command = "touch " + folder + "/$(printf 'na\\377ve')";
        assertThat(new ProcessBuilder("bash", "-c", command).start().waitFor()).isZero();

        assertRefused(Registration.of(folder))
                .hasMessageContaining("it is no valid text in its encoding")
                .hasMessageContaining("sun.jnu.encoding")
                .hasMessageContaining("LC_ALL=C.UTF-8")
                .hasMessageContaining("Registration.file(path, bytes) takes any name");
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(Registration registration) {
        return assertThatThrownBy(() -> SourceFiles.of(registration)).isInstanceOf(InvalidRequestException.class);
    }

    private static List<String> paths(Registration registration) {
        return SourceFiles.of(registration).stream()
                .map(file -> file.path().value())
                .toList();
    }

    private void write(String path, String content) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
