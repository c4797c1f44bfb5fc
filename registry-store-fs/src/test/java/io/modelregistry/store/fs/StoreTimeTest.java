package io.modelregistry.store.fs;

import static io.modelregistry.store.fs.FaultyFiles.error;
import static io.modelregistry.store.fs.Fixture.CONTENT;
import static io.modelregistry.store.fs.Fixture.assertFailure;
import static io.modelregistry.store.fs.Fixture.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.fs.FaultyFiles.Step;
import io.modelregistry.testkit.ManualHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The times of objects, and the clock that they are taken from. */
final class StoreTimeTest {

    @TempDir
    private Path folder;

    private final ManualHost host = new ManualHost();
    private Fixture fixture;

    @BeforeEach
    void open() {
        fixture = new Fixture(folder, Form.LINKS, host);
    }

    private static Instant storedAt(FileBackend backend, String key) {
        return backend.stat(key).orElseThrow().storedAt();
    }

    /** As a quota that a server checks when a file is closed. */
    @Test
    void askingTheTimeLeavesNothingWhenTheNewFileIsRefusedAfterItWasMade() {
        fixture.other.create("models/a", CONTENT);
        fixture.files.failOnce(Step.CREATE_FILE, (step, path) -> {
            Files.createFile(path);
            throw new IOException(SystemErrors.EDQUOT);
        });

        fixture.backend.storeTime();

        assertThat(fixture.temporaries()).isEmpty();
    }

    /** The temporary name is removed after the link, perhaps a day after: that moves ctime, and must not move the store time. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void theTimeOfAnObjectIsTheSameBetweenEveryTwoStepsOfItsWriter(Form form) {
        Fixture each = new Fixture(folder.resolve("outside"), form);
        List<Instant> seen = new ArrayList<>();
        for (Step step : List.of(Step.DELETE, Step.SYNC_FOLDER)) {
            each.files.fail(
                    step, (s, path) -> each.other.stat("models/a").ifPresent(info -> seen.add(info.storedAt())));
            each.backend.create("models/a", CONTENT);
        }
        each.files.heal();

        assertThat(seen).isNotEmpty().containsOnly(storedAt(each.other, "models/a"));
    }

    @Test
    void ownersModesAndBackupsDoNotMoveTheTimeOfAnObject() throws IOException {
        fixture.backend.create("models/a", CONTENT);
        Instant storedAt = storedAt(fixture.backend, "models/a");

        Files.setAttribute(fixture.path("models/a"), "unix:mode", 0440);
        Files.createLink(folder.resolve("backup"), fixture.path("models/a"));

        assertThat(storedAt(fixture.other, "models/a")).isEqualTo(storedAt);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aWriterThatSleptBeforeItsLinkGivesUpInsteadOfLyingAboutTheTime(Form form) {
        Fixture each = new Fixture(folder.resolve("outside"), form, host);
        each.backend.create("models/0", CONTENT);
        each.files.failOnce(Step.SYNC_FILE, (step, path) -> host.advance(Duration.ofMinutes(11)));

        assertFailure(
                failureOf(() -> each.backend.create("models/a", CONTENT)),
                Kind.UNAVAILABLE,
                "create models/a",
                "The file was written 660 s ago",
                "Nothing was changed");
        assertThat(each.temporaries()).isEmpty();
        assertThat(each.backend.create("models/a", CONTENT)).isEqualTo(CreateOutcome.CREATED);
    }

    @Test
    void aMachineThatWasSuspendedIsNoticedByItsWallClock() {
        fixture.files.failOnce(Step.SYNC_FILE, (step, path) -> host.turnWallClock(Duration.ofHours(3)));

        assertFailure(
                failureOf(() -> fixture.backend.create("models/a", CONTENT)),
                Kind.UNAVAILABLE,
                "The file was written 10800 s ago");
    }

    @Test
    void theClockIsThatOfTheFileSystemAndNotOfTheMachine() {
        fixture.backend.create("models/a", CONTENT);

        assertThat(fixture.backend.storeTime()).isEqualTo(storedAt(fixture.other, "models/a"));
        host.advance(Duration.ofMinutes(4));
        assertThat(fixture.backend.storeTime())
                .isEqualTo(storedAt(fixture.other, "models/a").plus(Duration.ofMinutes(4)));
    }

    @Test
    void theFileSystemIsAskedOnlyWhenNothingWasWrittenForFiveMinutes() {
        fixture.backend.create("models/a", CONTENT);
        fixture.files.heal();

        host.advance(Duration.ofMinutes(5));
        fixture.backend.storeTime();
        assertThat(fixture.files.steps()).isEmpty();

        host.advance(Duration.ofNanos(1));
        Instant asked = fixture.backend.storeTime();
        fixture.backend.storeTime();
        assertThat(fixture.files.steps().stream().filter("CREATE_FILE TEMP"::equals))
                .hasSize(1);
        assertThat(asked).isAfterOrEqualTo(storedAt(fixture.other, "models/a"));
        assertThat(fixture.temporaries()).isEmpty();
    }

    @Test
    void aFlushThatTookLongSaysNothingAboutTheClock() {
        fixture.files.failOnce(Step.SYNC_FILE, (step, path) -> host.advance(Duration.ofSeconds(2)));
        fixture.backend.create("models/a", CONTENT);
        fixture.files.heal();

        fixture.backend.storeTime();

        assertThat(fixture.files.steps()).contains("CREATE_FILE TEMP");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SystemErrors.EACCES,
                SystemErrors.EPERM,
                SystemErrors.EROFS,
                SystemErrors.ENOSPC,
                SystemErrors.EDQUOT,
                SystemErrors.ENOENT
            })
    void aProcessThatMayNotWriteGoesByItsOwnClock(String error) {
        fixture.files.fail(Step.CREATE_FILE, error(error));

        assertThat(fixture.backend.storeTime()).isEqualTo(ManualHost.START);
    }

    @ParameterizedTest
    @ValueSource(strings = {SystemErrors.EIO, SystemErrors.EMFILE, SystemErrors.ESTALE})
    void aFileSystemThatFailsTellsNoTime(String error) {
        fixture.other.create("models/a", CONTENT);
        fixture.files.fail(Step.CREATE_FILE, error(error));

        assertFailure(failureOf(fixture.backend::storeTime), Kind.UNAVAILABLE, "ask the time", error);
    }
}
