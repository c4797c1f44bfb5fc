package io.modelregistry.store.fs;

import static io.modelregistry.store.fs.FaultyFiles.error;
import static io.modelregistry.store.fs.Fixture.CONTENT;
import static io.modelregistry.store.fs.Fixture.OTHER_CONTENT;
import static io.modelregistry.store.fs.Fixture.assertFailure;
import static io.modelregistry.store.fs.Fixture.failureOf;
import static io.modelregistry.store.fs.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.modelregistry.Host;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.fs.FaultyFiles.Step;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each error of the file system at each step of a create: what is certain after it, and what is said. */
final class CreateFaultTest {
    private static final String KEY = "models/a/2.json";

    private static final Map<String, Kind> ERRORS = Map.ofEntries(
            Map.entry(SystemErrors.ENOSPC, Kind.FULL),
            Map.entry(SystemErrors.EDQUOT, Kind.FULL),
            Map.entry(SystemErrors.EFBIG, Kind.FULL),
            Map.entry(SystemErrors.EROFS, Kind.DENIED),
            Map.entry(SystemErrors.EACCES, Kind.DENIED),
            Map.entry(SystemErrors.EPERM, Kind.DENIED),
            Map.entry(SystemErrors.EMFILE, Kind.UNAVAILABLE),
            Map.entry(SystemErrors.ENAMETOOLONG, Kind.UNAVAILABLE),
            Map.entry(SystemErrors.ELOOP, Kind.UNAVAILABLE),
            Map.entry(SystemErrors.ENOENT, Kind.UNAVAILABLE),
            Map.entry(SystemErrors.ESTALE, Kind.UNAVAILABLE),
            Map.entry(SystemErrors.EIO, Kind.UNAVAILABLE));

    private static final Set<String> AMBIGUOUS = Set.of(SystemErrors.EIO, SystemErrors.ESTALE);

    @TempDir
    private Path folder;

    static Stream<Arguments> faultsBeforeTheKey() {
        return Stream.of(Form.values()).flatMap(form -> {
            Set<Step> steps = form == Form.LINKS
                    ? EnumSet.of(Step.CREATE_FILE, Step.WRITE, Step.SYNC_FILE, Step.OPEN_FOLDER, Step.LINK)
                    : EnumSet.of(Step.CREATE_FILE, Step.WRITE, Step.SYNC_FILE, Step.CREATE_FOLDER, Step.RENAME);
            return steps.stream()
                    .flatMap(step -> ERRORS.keySet().stream()
                            .filter(error -> step != Step.LINK || !error.equals(SystemErrors.EPERM))
                            .filter(error -> step != Step.LINK || !AMBIGUOUS.contains(error))
                            .map(error -> arguments(form, step, error)));
        });
    }

    @ParameterizedTest
    @MethodSource("faultsBeforeTheKey")
    void anErrorBeforeTheObjectHasItsKeyChangesNothing(Form form, Step step, String error) {
        Fixture fixture = warm(form);
        fixture.files.fail(step, error(error));

        StorageException failure = failureOf(() -> fixture.backend.create(KEY, CONTENT));

        assertFailure(
                failure,
                ERRORS.get(error),
                "create " + KEY,
                fixture.backend.location(),
                folder.toString(),
                error,
                "Nothing was changed");
        assertThat(failure).hasCauseInstanceOf(IOException.class);
        assertThat(fixture.other.get(KEY, 100)).isEmpty();
        assertThat(fixture.temporaries()).isEmpty();
        fixture.files.heal();
        assertThat(fixture.backend.create(KEY, CONTENT)).isEqualTo(CreateOutcome.CREATED);
        assertThat(text(fixture.other, KEY)).isEqualTo("content 1");
    }

    /** What a process has learned once it has written an object into the same folder. */
    private Fixture warm(Form form) {
        Fixture fixture = new Fixture(folder, form);
        fixture.backend.create("models/a/1.json", CONTENT);
        fixture.files.heal();
        return fixture;
    }

    @Test
    void aFullDiskIsNamedWithTheBytesThatAreMissing() {
        Fixture fixture = warm(Form.LINKS);
        fixture.files.fail(Step.WRITE, error(SystemErrors.ENOSPC));

        StorageException failure = failureOf(() -> fixture.backend.create(KEY, new byte[4711]));

        assertThat(failure)
                .hasMessageStartingWith("Could not create " + KEY + " in " + fixture.backend.location() + ": "
                        + fixture.path(KEY)
                        + ": No space left on device; make room, or free inodes (df -i), and try again;"
                        + " 4711 bytes are needed, ")
                .hasMessageEndingWith(" are free. Nothing was changed");
    }

    @Test
    void aMissingPermissionIsNamedWithItsPath() {
        Fixture fixture = warm(Form.LINKS);
        fixture.files.fail(Step.LINK, error(SystemErrors.EACCES));

        StorageException failure = failureOf(() -> fixture.backend.create(KEY, CONTENT));

        assertThat(failure)
                .hasMessage("Could not create " + KEY + " in " + fixture.backend.location() + ": " + fixture.path(KEY)
                        + ": Permission denied; the process needs read, write and search permission on"
                        + " the folder. Nothing was changed");
    }

    /** A system that speaks another language is understood by what it has room for. */
    @Test
    void aFullDiskIsRecognisedInAnyLanguage() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        FileOperations full = new ForwardingFiles(fixture.files) {
            @Override
            public long usableBytes(Path path) {
                return 8;
            }
        };
        fixture.files.fail(Step.SYNC_FILE, error("Auf dem Ger\u00e4t ist kein Speicherplatz mehr verf\u00fcgbar"));

        StorageException failure =
                failureOf(() -> new FileBackend(fixture.root, Host.system(), full).create(KEY, CONTENT));

        assertFailure(failure, Kind.FULL, "9 bytes are needed, 8 are free");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void anErrorThatLeavesTheDecidingStepOpenIsUnknown(Form form) {
        for (String error : AMBIGUOUS) {
            Fixture fixture = warm(form);
            fixture.files.failWhere(
                    form == Form.LINKS ? Step.LINK : Step.RENAME, path -> path.endsWith("2.json"), error(error));

            StorageException failure = failureOf(() -> fixture.backend.create(KEY, CONTENT));

            assertFailure(
                    failure,
                    Kind.UNKNOWN,
                    "It is not known whether this took effect: create " + KEY,
                    error,
                    "Repeat it");
            assertThat(fixture.other.get(KEY, 100)).isEmpty();
            assertThat(fixture.temporaries()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aDecidingStepWhoseAnswerWasLostCountsAsWhatItDid(Form form) {
        Fixture fixture = warm(form);
        Step deciding = form == Form.LINKS ? Step.LINK : Step.RENAME;
        String taken = form == Form.LINKS ? SystemErrors.EEXIST : SystemErrors.ENOTEMPTY;
        int number = 0;
        for (String error : new String[] {taken, SystemErrors.EIO, SystemErrors.ESTALE}) {
            String key = "models/a/lost" + number++;
            fixture.files.failAfterWhere(deciding, path -> path.equals(fixture.path(key)), error(error));

            assertThat(fixture.backend.create(key, CONTENT)).as(error).isEqualTo(CreateOutcome.CREATED);

            assertThat(text(fixture.other, key)).isEqualTo("content 1");
            assertThat(fixture.temporaries()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void anErrorWhileAnotherObjectStandsIsALostRace(Form form) {
        Fixture fixture = warm(form);
        Step deciding = form == Form.LINKS ? Step.LINK : Step.RENAME;
        FaultyFiles.Fault lost = error(SystemErrors.EIO);
        fixture.files.failWhere(deciding, path -> path.equals(fixture.path(KEY)), (step, path) -> {
            fixture.other.create(KEY, OTHER_CONTENT);
            lost.strike(step, path);
        });

        assertThat(fixture.backend.create(KEY, CONTENT)).isEqualTo(CreateOutcome.EXISTS);
        assertThat(text(fixture.other, KEY)).isEqualTo("content 2");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void anObjectWhoseFolderCouldNotBeFlushedIsUnknownAndStands(Form form) {
        Fixture fixture = warm(form);
        fixture.files.failWhere(Step.SYNC_FOLDER, path -> path.endsWith("a"), error(SystemErrors.EIO));

        assertFailure(
                failureOf(() -> fixture.backend.create(KEY, CONTENT)),
                Kind.UNKNOWN,
                "create " + KEY,
                "Input/output error",
                "the disk or the network below it fails");

        assertFailure(failureOf(() -> fixture.backend.create(KEY, CONTENT)), Kind.UNAVAILABLE, "create " + KEY);
        assertFailure(failureOf(() -> fixture.backend.get(KEY, 100)), Kind.UNAVAILABLE, "read " + KEY);
        assertFailure(failureOf(() -> fixture.backend.stat(KEY)), Kind.UNAVAILABLE, "look at " + KEY);
        fixture.files.heal();
        assertThat(fixture.backend.create(KEY, CONTENT)).isEqualTo(CreateOutcome.EXISTS);
        assertThat(text(fixture.backend, KEY)).isEqualTo("content 1");
    }

    @Test
    void existsIsSaidOnlyAfterAFlushOfTheFolder() {
        Fixture fixture = warm(Form.LINKS);

        assertThat(fixture.freshProcess().create("models/a/1.json", OTHER_CONTENT))
                .isEqualTo(CreateOutcome.EXISTS);

        assertThat(fixture.files.steps()).containsExactly("OPEN_FOLDER models/a", "SYNC_FOLDER models/a");
    }

    @Test
    void aFlushThatFailedIsRepeatedWithAnotherFile() {
        Fixture fixture = warm(Form.LINKS);
        fixture.files.failOnce(Step.SYNC_FILE, error(SystemErrors.EIO));
        assertFailure(failureOf(() -> fixture.backend.create(KEY, CONTENT)), Kind.UNAVAILABLE, "Input/output error");

        fixture.backend.create(KEY, CONTENT);

        assertThat(fixture.files.steps().stream().filter(step -> step.equals("CREATE_FILE models/a/TEMP")))
                .hasSize(2);
    }

    @Test
    void aFlushThatAnInterruptBrokeOffIsRepeatedWithAnotherFile() {
        Fixture fixture = warm(Form.LINKS);
        fixture.files.failOnce(Step.SYNC_FILE, (step, path) -> {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        });

        assertThat(fixture.backend.create(KEY, CONTENT)).isEqualTo(CreateOutcome.CREATED);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(text(fixture.other, KEY)).isEqualTo("content 1");
        assertThat(fixture.temporaries()).isEmpty();
    }

    @Test
    void interruptsWithoutEndChangeNothing() {
        Fixture fixture = warm(Form.LINKS);
        fixture.files.fail(Step.SYNC_FILE, (step, path) -> {
            throw new ClosedByInterruptException();
        });

        assertFailure(
                failureOf(() -> fixture.backend.create(KEY, CONTENT)), Kind.UNAVAILABLE, "ClosedByInterruptException");
        assertThat(fixture.temporaries()).isEmpty();
    }

    @Test
    void aTemporaryNameThatCannotBeRemovedDoesNotMatter() {
        Fixture fixture = warm(Form.LINKS);
        fixture.files.fail(Step.DELETE, error(SystemErrors.EIO));

        assertThat(fixture.backend.create(KEY, CONTENT)).isEqualTo(CreateOutcome.CREATED);

        assertThat(fixture.temporaries()).hasSize(1);
        assertThat(fixture.other.list("", Depth.ALL, "", 10).keys()).containsExactly("models/a/1.json", KEY);
    }

    @Test
    void aFolderThatCannotBeMadeChangesNothing() {
        for (Map.Entry<String, Kind> error : ERRORS.entrySet()) {
            Fixture fixture = new Fixture(folder, Form.LINKS);
            fixture.files.fail(Step.CREATE_FOLDER, error(error.getKey()));

            StorageException failure = failureOf(() -> fixture.backend.create(KEY, CONTENT));

            assertFailure(failure, error.getValue(), "create " + KEY, error.getKey(), "Nothing was changed");
            assertThat(fixture.root).doesNotExist();
        }
    }

    @Test
    void aFolderRemovedFromOutsideIsMadeAgain() throws IOException {
        Fixture fixture = warm(Form.LINKS);
        Files.writeString(fixture.path("registry.json"), "{}"); // an empty root would be one that is no longer mounted
        Files.delete(fixture.path("models/a/1.json"));
        Files.delete(fixture.path("models/a"));
        Files.delete(fixture.path("models"));

        assertThat(fixture.backend.create(KEY, CONTENT)).isEqualTo(CreateOutcome.CREATED);

        assertThat(fixture.files.steps()).contains("SYNC_FOLDER ", "SYNC_FOLDER models", "SYNC_FOLDER models/a");
    }

    @Test
    void aFolderWhereAnObjectBelongsIsReported() throws IOException {
        for (Form form : Form.values()) {
            Fixture fixture = warm(form);
            Files.createDirectories(fixture.path(KEY).resolve("something"));

            assertFailure(
                    failureOf(() -> fixture.backend.create(KEY, CONTENT)),
                    Kind.UNSUITABLE,
                    fixture.path(KEY) + " is a folder where an object belongs. Nothing was changed");
            assertThat(fixture.temporaries()).isEmpty();
            Files.delete(fixture.path(KEY).resolve("something"));
            Files.delete(fixture.path(KEY));
        }
    }

    @Test
    void aFileWhereAFolderBelongsIsReported() {
        Fixture fixture = warm(Form.LINKS);

        assertFailure(
                failureOf(() -> fixture.backend.create("models/a/1.json/x", CONTENT)),
                Kind.UNAVAILABLE,
                "create models/a/1.json/x",
                fixture.path("models/a/1.json").toString());
    }
}
