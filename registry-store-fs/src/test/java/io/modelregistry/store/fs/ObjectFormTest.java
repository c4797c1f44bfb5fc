package io.modelregistry.store.fs;

import static io.modelregistry.store.fs.Fixture.CONTENT;
import static io.modelregistry.store.fs.Fixture.OTHER_CONTENT;
import static io.modelregistry.store.fs.Fixture.assertFailure;
import static io.modelregistry.store.fs.Fixture.failureOf;
import static io.modelregistry.store.fs.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.fs.FaultyFiles.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files where there are hard links, folders where there are none, and nothing where neither can be relied upon. */
final class ObjectFormTest {

    @TempDir
    private Path folder;

    @Test
    void withLinksAnObjectIsAFile() {
        Fixture fixture = new Fixture(folder, Form.LINKS);

        fixture.backend.create("models/a", CONTENT);

        assertThat(fixture.path("models/a")).isRegularFile().hasBinaryContent(CONTENT);
    }

    @Test
    void withoutLinksAnObjectIsAFolderWithOneFile() {
        Fixture fixture = new Fixture(folder, Form.FOLDERS);

        fixture.backend.create("models/a", CONTENT);

        assertThat(fixture.path("models/a/_entry")).isRegularFile().hasBinaryContent(CONTENT);
        assertThat(fixture.path("models/a").toFile().list()).hasSize(1);
        assertThat(fixture.temporaries()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {SystemErrors.EPERM, "Operation not supported", "Not supported", "Function not implemented"})
    void everyWayOfSayingThatThereAreNoLinksIsUnderstood(String refusal) {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        fixture.files.fail(Step.LINK, FaultyFiles.error(refusal));

        assertThat(fixture.backend.create("models/a", CONTENT)).isEqualTo(CreateOutcome.CREATED);

        assertThat(fixture.path("models/a/_entry")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fuse.s3fs", "fuse.gcsfuse", "fuse", "FUSE.rclone"})
    void aMountedBucketIsRefused(String type) {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        FileOperations bucket = new FilesWithoutLinks(fixture.files) {
            @Override
            public String fileSystemType(Path path) {
                return type;
            }
        };

        assertFailure(
                failureOf(() -> new FileBackend(fixture.root, Host.system(), bucket).create("models/a", CONTENT)),
                Kind.UNSUITABLE,
                "The file system of " + fixture.path("models") + " (" + type.toLowerCase(java.util.Locale.ROOT)
                        + ") makes no hard links",
                "Nothing was changed",
                "Open a bucket with s3:// or gs://");
        assertThat(fixture.other.list("", Depth.ALL, "", 10).keys()).isEmpty();
        assertThat(fixture.temporaries()).isEmpty();
    }

    @Test
    void aFileSystemWhoseRenameReplacesFullFoldersIsRefused() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        FileOperations careless = new FilesWithoutLinks(fixture.files) {
            @Override
            public void rename(Path from, Path to) throws IOException {
                Files.deleteIfExists(to.resolve(ObjectTree.ENTRY));
                super.rename(from, to);
            }
        };

        assertFailure(
                failureOf(() -> new FileBackend(fixture.root, Host.system(), careless).create("models/a", CONTENT)),
                Kind.UNSUITABLE,
                "a rename replaces a folder that is not empty");
        assertThat(fixture.temporaries()).isEmpty();
    }

    @Test
    void aFileSystemThatReplacesAFolderAndCallsItAnErrorIsRefused() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        FileOperations lying = new FilesWithoutLinks(fixture.files) {
            @Override
            public void rename(Path from, Path to) throws IOException {
                Path there = to.resolve(ObjectTree.ENTRY);
                if (Files.exists(there)) {
                    Files.copy(from.resolve(ObjectTree.ENTRY), there, StandardCopyOption.REPLACE_EXISTING);
                    throw new FileSystemException(from.toString(), to.toString(), "Input/output error");
                }
                super.rename(from, to);
            }
        };

        assertFailure(
                failureOf(() -> new FileBackend(fixture.root, Host.system(), lying).create("models/a", CONTENT)),
                Kind.UNSUITABLE,
                "a refused rename replaces a folder all the same");
    }

    @Test
    void bothFormsAreReadByEveryoneAndRefuseEachOther() {
        Fixture files = new Fixture(folder, Form.LINKS);
        Fixture folders = new Fixture(folder, Form.FOLDERS);
        files.backend.create("models/file", CONTENT);
        folders.backend.create("models/folder", CONTENT);

        for (FileBackend backend : List.of(files.freshProcess(), folders.freshProcess())) {
            assertThat(backend.create("models/file", OTHER_CONTENT)).isEqualTo(CreateOutcome.EXISTS);
            assertThat(backend.create("models/folder", OTHER_CONTENT)).isEqualTo(CreateOutcome.EXISTS);
            assertThat(text(backend, "models/file")).isEqualTo("content 1");
            assertThat(text(backend, "models/folder")).isEqualTo("content 1");
            assertThat(backend.list("", Depth.ALL, "", 10).keys()).containsExactly("models/file", "models/folder");
            assertThat(backend.list("models/", Depth.ONE, "", 10).keys())
                    .containsExactly("models/file", "models/folder");
        }
    }

    /** Why nothing has to record the form: two processes that disagree about it still take turns. */
    @Test
    void exactlyOneOfManyWritersOfBothFormsWins() throws Exception {
        Fixture files = new Fixture(folder, Form.LINKS);
        Fixture folders = new Fixture(folder, Form.FOLDERS);
        int racers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(racers);
        try {
            for (int round = 0; round < 30; round++) {
                String key = "race/" + round;
                CyclicBarrier start = new CyclicBarrier(racers);
                List<Future<CreateOutcome>> outcomes = IntStream.range(0, racers)
                        .mapToObj(racer -> threads.submit(() -> {
                            FileBackend backend = (racer % 2 == 0 ? files : folders).backend;
                            start.await();
                            return backend.create(key, Integer.toString(racer).getBytes(StandardCharsets.US_ASCII));
                        }))
                        .toList();

                int winner = -1;
                for (int racer = 0; racer < racers; racer++) {
                    if (outcomes.get(racer).get() == CreateOutcome.CREATED) {
                        assertThat(winner).as("a second winner of " + key).isEqualTo(-1);
                        winner = racer;
                    }
                }
                assertThat(text(files.other, key)).isEqualTo(Integer.toString(winner));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anOverwriteKeepsTheFormThatItFinds() {
        Fixture fixture = new Fixture(folder, Form.FOLDERS);
        fixture.backend.create("notes/created", CONTENT);

        fixture.backend.overwrite("notes/created", OTHER_CONTENT);
        fixture.backend.overwrite("notes/new", OTHER_CONTENT);

        assertThat(text(fixture.other, "notes/created")).isEqualTo("content 2");
        assertThat(text(fixture.other, "notes/new")).isEqualTo("content 2");
        assertThat(fixture.path("notes/created/_entry")).isRegularFile();
        assertThat(fixture.path("notes/new")).isRegularFile();
        assertThat(fixture.backend.create("notes/new", CONTENT)).isEqualTo(CreateOutcome.EXISTS);
    }
}
