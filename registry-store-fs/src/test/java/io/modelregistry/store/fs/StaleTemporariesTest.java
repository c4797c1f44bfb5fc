package io.modelregistry.store.fs;

import static io.modelregistry.store.fs.Fixture.CONTENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What killed processes leave behind goes away after a day, and what living ones work on doesn't. */
final class StaleTemporariesTest {
    private static final String FILE = "." + "a".repeat(32) + ".tmp";
    private static final String FOLDER = "." + "b".repeat(32) + ".tmp";

    @TempDir
    private Path folder;

    private Fixture fixture;

    @BeforeEach
    void leaveBehind() throws IOException {
        fixture = new Fixture(folder, Form.LINKS);
        fixture.other.create("models/a/1.json", CONTENT);
        Files.write(fixture.path("models/a/" + FILE), CONTENT);
        Files.createDirectory(fixture.path("models/a/" + FOLDER));
        Files.write(fixture.path("models/a/" + FOLDER + "/_entry"), CONTENT);
        Files.write(fixture.path("models/a/.foreign.tmp"), CONTENT);
    }

    private void sweepAfter(Duration age) throws IOException {
        FileFacts newest = new SystemFiles().facts(fixture.path("models/a/" + FOLDER));
        new StaleTemporaries(new SystemFiles())
                .sweepOnce(fixture.path("models/a"), newest.changed().plus(age));
    }

    @Test
    void afterADayTheyAreRemovedAndNothingElseIs() throws IOException {
        sweepAfter(Duration.ofHours(24).plusSeconds(1));

        assertThat(fixture.path("models/a").toFile().list()).containsExactlyInAnyOrder("1.json", ".foreign.tmp");
    }

    @Test
    void beforeThatTheyMayBeALivingWriters() throws IOException {
        sweepAfter(Duration.ofHours(24).minusSeconds(1));

        assertThat(fixture.path("models/a").toFile().list()).hasSize(4);
    }

    /** Shows a process the two left-overs, and nothing else, as they will be tomorrow. */
    private FileBackend tomorrow(Form form) {
        return new FileBackend(fixture.root, Host.system(), new ForwardingFiles(form.files()) {
            @Override
            public FileFacts facts(Path path) throws IOException {
                FileFacts now = super.facts(path);
                Instant old = Instant.EPOCH;
                return path.toString().contains(FILE) || path.toString().contains(FOLDER)
                        ? new FileFacts(now.kind(), now.sizeBytes(), old, old, now.identity(), now.mode(), now.group())
                        : now;
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void theFirstCreateInAFolderSweepsIt(Form form) {
        FileBackend backend = tomorrow(form);

        backend.get("models/a/1.json", 10);
        assertThat(fixture.temporaries()).containsExactlyInAnyOrder(FILE, FOLDER);

        backend.create("models/a/2.json", CONTENT);
        assertThat(fixture.temporaries()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aListingSweepsEachFolderThatItReads(Form form) throws IOException {
        Files.write(fixture.path(FILE), CONTENT);
        FileBackend backend = tomorrow(form);

        backend.list("", Depth.ONE, "", 10);
        assertThat(fixture.path(FILE)).doesNotExist();
        assertThat(fixture.temporaries()).containsExactlyInAnyOrder(FILE, FOLDER);

        backend.list("", Depth.ALL, "", 10);
        assertThat(fixture.temporaries()).isEmpty();
    }

    @Test
    void aListingLeavesWhatIsYoung() {
        fixture.backend.list("", Depth.ALL, "", 10);

        assertThat(fixture.temporaries()).containsExactlyInAnyOrder(FILE, FOLDER);
    }

    @Test
    void askingTheTimeSweepsTheRoot() throws IOException {
        Files.write(fixture.path(FILE), CONTENT);

        tomorrow(Form.LINKS).storeTime();

        assertThat(fixture.path(FILE)).doesNotExist();
    }

    @Test
    void aFolderIsSweptOncePerProcess() {
        fixture.backend.create("models/a/2.json", CONTENT);
        fixture.backend.create("models/a/3.json", CONTENT);

        assertThat(fixture.files.steps().stream().filter("VISIT models/a"::equals))
                .hasSize(1);
    }

    @Test
    void aSweepThatFailsDisturbsNobody() {
        fixture.files.fail(FaultyFiles.Step.VISIT, FaultyFiles.error(SystemErrors.EIO));

        assertThat(fixture.backend.create("models/a/2.json", CONTENT)).isEqualTo(CreateOutcome.CREATED);
    }

    @Test
    void theyAreNeverListedAndKeepNoFolderAlive() throws IOException {
        Files.createDirectories(fixture.path("versions/a"));
        Files.write(fixture.path("versions/a/" + FILE), CONTENT);

        assertThat(fixture.backend.list("", Depth.ALL, "", 10).keys())
                .containsExactly("models/a/.foreign.tmp", "models/a/1.json");
        assertThat(fixture.backend.list("", Depth.ONE, "", 10).keys()).containsExactly("models/");
    }

    @Test
    void aWriterWhoseFileWasSweptHasCreatedNothingAndStartsAgain() {
        fixture.files.failOnce(FaultyFiles.Step.SYNC_FILE, (step, path) -> Files.delete(path));

        assertThat(fixture.backend.create("models/a/2.json", CONTENT)).isEqualTo(CreateOutcome.CREATED);

        assertThat(fixture.other.get("models/a/2.json", 100).orElseThrow().content())
                .isEqualTo(CONTENT);
    }
}
