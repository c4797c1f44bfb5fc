package io.modelregistry.store.fs;

import static io.modelregistry.store.fs.Fixture.CONTENT;
import static io.modelregistry.store.fs.Fixture.OTHER_CONTENT;
import static io.modelregistry.store.fs.Fixture.assertFailure;
import static io.modelregistry.store.fs.Fixture.failureOf;
import static io.modelregistry.store.fs.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.fs.FaultyFiles.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others put into the folder: it is reported, and neither followed nor taken for the registry's own. */
@Timeout(60)
final class StrangersTest {

    @TempDir
    private Path folder;

    private Fixture fixture;
    private Path outside;

    @BeforeEach
    void plant() throws IOException {
        fixture = new Fixture(folder, Form.LINKS);
        fixture.backend.create("models/a/1.json", CONTENT);
        outside = Files.createDirectory(folder.resolve("outside"));
        Files.write(outside.resolve("secret"), OTHER_CONTENT);
    }

    private void assertRefusedEverywhere(String key, Path culprit, String what) {
        List<ThrowingCallable> calls = List.of(
                () -> fixture.backend.create(key, CONTENT),
                () -> fixture.backend.overwrite(key, CONTENT),
                () -> fixture.backend.upload(key, new TextBlob("blob")),
                () -> fixture.backend.delete(key, new Generation("1")),
                () -> fixture.backend.get(key, 10),
                () -> fixture.backend.stat(key),
                () -> fixture.backend.read(key, 0, 10).close());
        for (ThrowingCallable call : calls) {
            assertFailure(failureOf(call), Kind.UNSUITABLE, culprit + " is " + what, "remove it");
        }
        assertThat(fixture.temporaries()).isEmpty();
    }

    @Test
    void aSymbolicLinkInPlaceOfAnObjectIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(fixture.path("models/a/2.json"), outside.resolve("secret"));
        Path dangling = Files.createSymbolicLink(fixture.path("models/a/3.json"), outside.resolve("nothing"));

        assertRefusedEverywhere("models/a/2.json", link, "a symbolic link, which is never followed");
        assertRefusedEverywhere("models/a/3.json", dangling, "a symbolic link, which is never followed");

        assertThat(outside.resolve("secret")).hasBinaryContent(OTHER_CONTENT);
        assertThat(outside.resolve("nothing")).doesNotExist();
    }

    @Test
    void aSymbolicLinkInPlaceOfAFolderIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(fixture.path("models/b"), outside);

        assertRefusedEverywhere("models/b/secret", link, "a symbolic link");
        assertFailure(
                failureOf(() -> fixture.backend.list("models/b/", Depth.ALL, "", 10)), Kind.UNSUITABLE, "" + link);
        assertFailure(failureOf(() -> fixture.backend.list("models/", Depth.ONE, "", 10)), Kind.UNSUITABLE, "" + link);
        assertThat(fixture.backend.list("", Depth.ALL, "", 10).keys()).containsExactly("models/a/1.json", "models/b");
        assertThat(outside.toFile().list()).containsExactly("secret");
    }

    @Test
    void aFolderThatIsReplacedByALinkLaterIsRefusedToo() throws IOException {
        Files.move(fixture.path("models/a"), outside.resolve("a"));
        Path link = Files.createSymbolicLink(fixture.path("models/a"), outside.resolve("a"));

        assertRefusedEverywhere("models/a/2.json", link, "a symbolic link");
    }

    @Test
    void aPipeIsRefusedAndBlocksNobody() throws Exception {
        Path pipe = fixture.path("models/a/2.json");
        Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(mkfifo.exitValue()).isZero();

        assertRefusedEverywhere("models/a/2.json", pipe, "neither a file nor a folder");
    }

    @Test
    void theRootItselfMayBeReachedOverALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), fixture.root);
        FileBackend backend = FileBackend.at(link, io.modelregistry.Host.system());

        backend.create("models/a/2.json", CONTENT);

        assertThat(backend.location()).isEqualTo("file:" + link.toAbsolutePath());
        assertThat(text(fixture.backend, "models/a/2.json")).isEqualTo("content 1");
    }

    @Test
    void leftOversOfOtherProgramsAreListedWhereVerifyLooks() throws IOException {
        Files.createFile(fixture.path(".DS_Store"));
        Files.createFile(fixture.path("models/a/1.json~"));
        Files.createFile(fixture.path("models/a/1 (conflicted copy).json"));
        Files.createFile(fixture.path("models/a/.1.json.swp"));
        Files.createFile(fixture.path("models/a/.nfs000000000012"));
        Files.createFile(fixture.path("models/a/." + "0".repeat(32) + ".tmp"));
        Files.createDirectories(fixture.path("Models (copy)/deep"));
        Files.createFile(fixture.path("Models (copy)/deep/1.json"));
        Files.createDirectories(fixture.path(".snapshot/models/a"));
        Files.createFile(fixture.path(".snapshot/models/a/1.json"));

        assertThat(fixture.backend.list("", Depth.ALL, "", 100).keys())
                .containsExactly(
                        ".DS_Store",
                        "Models (copy)/deep/1.json",
                        "models/a/.1.json.swp",
                        "models/a/1 (conflicted copy).json",
                        "models/a/1.json",
                        "models/a/1.json~");
        assertThat(fixture.backend.list("", Depth.ONE, "", 100).keys()).containsExactly("models/");
        assertThat(fixture.backend.list("models/a/", Depth.ONE, "", 100).keys()).containsExactly("models/a/1.json");
    }

    @Test
    void aForeignFolderThatMayNotBeReadHidesNothingElse() throws IOException {
        Files.createDirectory(fixture.path("lost+found"));
        fixture.files.failWhere(
                Step.VISIT, path -> path.endsWith("lost+found"), FaultyFiles.error(SystemErrors.EACCES));

        assertThat(fixture.backend.list("", Depth.ALL, "", 100).keys()).containsExactly("models/a/1.json");
    }

    @Test
    void aFolderOfTheRegistryThatMayNotBeReadIsDeniedAndNotEmpty() {
        fixture.files.failWhere(Step.VISIT, path -> path.endsWith("a"), FaultyFiles.error(SystemErrors.EACCES));

        for (Depth depth : Depth.values()) {
            assertFailure(
                    failureOf(() -> fixture.backend.list("", depth, "", 100)),
                    Kind.DENIED,
                    "list ",
                    fixture.path("models/a").toString(),
                    "Permission denied",
                    "read permission");
        }
    }
}
