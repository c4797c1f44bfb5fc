package io.modelregistry.store.fs;

import static io.modelregistry.store.fs.Fixture.CONTENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.testkit.ManualHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a power cut may not undo, seen as the order of the steps: content before its name, a name before it is relied upon. */
final class DurabilityTest {
    private static final Set<String> LOOKING = Set.of("OPEN_FOLDER", "SET_MODE", "SET_GROUP");

    @TempDir
    private Path folder;

    private static List<String> changes(Fixture fixture) {
        return fixture.files.steps().stream()
                .filter(step -> !LOOKING.contains(step.substring(0, step.indexOf(' '))))
                .toList();
    }

    @Test
    void contentIsFlushedBeforeItHasItsKeyAndTheFolderAfterwards() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        fixture.backend.create("models/a/1.json", CONTENT);
        fixture.files.heal();

        fixture.backend.create("models/a/2.json", CONTENT);

        assertThat(changes(fixture))
                .containsExactly(
                        "CREATE_FILE models/a/TEMP",
                        "WRITE models/a/TEMP",
                        "SYNC_FILE models/a/TEMP",
                        "LINK models/a/2.json",
                        "DELETE models/a/TEMP",
                        "SYNC_FOLDER models/a");
    }

    @Test
    void withoutLinksContentAndItsFolderAreFlushedBeforeTheyHaveTheirKey() {
        Fixture fixture = new Fixture(folder, Form.FOLDERS);
        fixture.backend.create("models/a/1.json", CONTENT);
        fixture.files.heal();

        fixture.backend.create("models/a/2.json", CONTENT);

        assertThat(changes(fixture))
                .containsExactly(
                        "CREATE_FILE models/a/TEMP",
                        "WRITE models/a/TEMP",
                        "SYNC_FILE models/a/TEMP",
                        "CREATE_FOLDER models/a/TEMP",
                        "RENAME models/a/TEMP/_entry",
                        "SYNC_FOLDER models/a/TEMP",
                        "RENAME models/a/2.json",
                        "SYNC_FOLDER models/a");
    }

    @Test
    void eachNewFolderIsFlushedIntoTheOneAboveBeforeAnythingIsInIt() {
        Fixture fixture = new Fixture(folder, Form.LINKS);

        fixture.backend.create("models/a/1.json", CONTENT);

        String above = folder.toAbsolutePath().toString();
        assertThat(changes(fixture))
                .startsWith(
                        "CREATE_FOLDER ",
                        "SYNC_FOLDER " + above,
                        "CREATE_FOLDER models",
                        "SYNC_FOLDER ",
                        "CREATE_FOLDER models/a",
                        "SYNC_FOLDER models",
                        "CREATE_FILE models/a/TEMP");
    }

    @Test
    void aFolderThatAnotherProcessMadeIsFlushedOnceBecauseThatOneMayHaveBeenKilled() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        fixture.other.create("models/a/1.json", CONTENT);

        fixture.backend.create("models/a/2.json", CONTENT);
        fixture.backend.create("models/a/3.json", CONTENT);

        assertThat(changes(fixture))
                .startsWith(
                        "SYNC_FOLDER " + folder.toAbsolutePath(),
                        "SYNC_FOLDER ",
                        "SYNC_FOLDER models",
                        "CREATE_FILE models/a/TEMP");
        assertThat(changes(fixture).stream().filter("SYNC_FOLDER models"::equals))
                .hasSize(1);
    }

    @Test
    void aYoungObjectIsFlushedByWhoeverReadsItBecauseItsWriterMayNotHave() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        fixture.other.create("models/a/1.json", CONTENT);

        fixture.backend.get("models/a/1.json", 10);
        fixture.backend.stat("models/a/1.json");
        fixture.backend.upload("models/a/1.json", new TextBlob("ignored"));

        assertThat(changes(fixture)).filteredOn("SYNC_FOLDER models/a"::equals).hasSize(3);
    }

    @Test
    void anObjectOfThreeMinutesIsDurableWithoutThat() throws Exception {
        ManualHost later = new ManualHost();
        Fixture fixture = new Fixture(folder, Form.LINKS, later);
        fixture.other.create("models/a/1.json", CONTENT);
        FileFacts facts = new SystemFiles().facts(fixture.path("models/a/1.json"));
        later.turnWallClock(Duration.between(later.now(), facts.changed()).plusMinutes(3));

        fixture.backend.get("models/a/1.json", 10);
        fixture.backend.stat("models/a/1.json");
        fixture.backend.upload("models/a/1.json", new TextBlob("ignored"));

        assertThat(changes(fixture)).containsOnly("OPEN models/a/1.json");
    }

    @Test
    void withoutLinksAnObjectIsAsYoungAsTheLastChangeOfTheFolderItIsIn() throws Exception {
        ManualHost later = new ManualHost();
        Fixture fixture = new Fixture(folder, Form.FOLDERS, later);
        fixture.other.create("models/a/1.json", CONTENT);
        Path entry = fixture.path("models/a/1.json/_entry");
        FileFacts facts = new SystemFiles().facts(entry);
        later.turnWallClock(Duration.between(later.now(), facts.changed()).plusMinutes(1));

        fixture.backend.get("models/a/1.json", 10);

        assertThat(changes(fixture)).contains("SYNC_FOLDER models/a");
        assertThat(Files.isRegularFile(entry)).isTrue();
    }

    @Test
    void aFolderThatMayBeSearchedButNotReadNeedNotBeFlushedByThisProcess() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        fixture.other.create("models/a/1.json", CONTENT);
        fixture.files.failWhere(
                FaultyFiles.Step.OPEN_FOLDER,
                path -> path.equals(fixture.path("models")),
                FaultyFiles.error(SystemErrors.EACCES));

        assertThat(fixture.backend.create("models/a/2.json", CONTENT)).isEqualTo(CreateOutcome.CREATED);
        assertThat(fixture.backend.get("models/b", 10)).isEmpty();
    }

    @Test
    void anOverwriteFlushesNothing() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        fixture.backend.overwrite("hints/a", CONTENT);
        fixture.files.heal();

        fixture.backend.overwrite("hints/a", CONTENT);

        assertThat(changes(fixture)).containsExactly("CREATE_FILE hints/TEMP", "WRITE hints/TEMP", "RENAME hints/a");
    }
}
