package io.modelregistry.store.fs;

import static io.modelregistry.store.fs.Fixture.CONTENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.store.fs.FaultyFiles.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A team that shares a folder sees and extends each other's work, whatever their umasks are. */
final class InheritedModeTest {
    private static final int PERMISSIONS = 07777;

    @TempDir
    private Path folder;

    private static String mode(Path path) throws IOException {
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS;
        return Integer.toOctalString(mode);
    }

    @ParameterizedTest
    @CsvSource({"700, 600, 700", "755, 644, 755", "770, 640, 770", "2770, 640, 2770", "2775, 644, 2775", "777, 644, 777"
    })
    void whatIsNewHasTheModeOfTheRootAndOnlyItsOwnerWritesToAFile(String root, String file, String newFolder)
            throws IOException {
        for (Form form : Form.values()) {
            Fixture fixture = new Fixture(Files.createDirectory(folder.resolve(form.name())), form);
            Files.createDirectory(fixture.root);
            Files.setAttribute(fixture.root, "unix:mode", Integer.parseInt(root, 8));

            fixture.backend.create("models/a", CONTENT);
            fixture.backend.overwrite("hints/b", CONTENT);
            fixture.backend.upload("blobs/c", new TextBlob("c"));

            assertThat(mode(fixture.path("models"))).isEqualTo(newFolder);
            assertThat(mode(fixture.path("hints/b"))).isEqualTo(file);
            if (form == Form.LINKS) {
                assertThat(mode(fixture.path("models/a"))).isEqualTo(file);
                assertThat(mode(fixture.path("blobs/c"))).isEqualTo(file);
            } else {
                assertThat(mode(fixture.path("models/a"))).isEqualTo(newFolder);
                assertThat(mode(fixture.path("models/a/_entry"))).isEqualTo(file);
            }
        }
    }

    @Test
    void whatIsNewBelowAFolderOfAnotherModeHasThatFoldersMode() throws IOException {
        for (Form form : Form.values()) {
            Fixture fixture = new Fixture(Files.createDirectory(folder.resolve(form.name())), form);
            Files.createDirectories(fixture.path("reviews"));
            Files.setAttribute(fixture.root, "unix:mode", 0750);
            Files.setAttribute(fixture.path("reviews"), "unix:mode", 03775);

            fixture.backend.create("reviews/a/b", CONTENT);
            fixture.backend.create("models/a/b", CONTENT);

            assertThat(mode(fixture.path("reviews/a"))).isEqualTo("3775");
            assertThat(mode(fixture.path("models/a"))).isEqualTo("750");
            if (form == Form.LINKS) {
                assertThat(mode(fixture.path("reviews/a/b"))).isEqualTo("644");
                assertThat(mode(fixture.path("models/a/b"))).isEqualTo("640");
            }
        }
    }

    @Test
    void aFileHasItsModeBeforeItHasItsKey() throws IOException {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        Files.createDirectory(fixture.root);
        Files.setAttribute(fixture.root, "unix:mode", 0700);
        fixture.backend.create("models/a", CONTENT);
        fixture.files.heal();

        fixture.backend.create("models/b", CONTENT);

        assertThat(fixture.files.steps())
                .containsSubsequence("CREATE_FILE models/TEMP", "SET_MODE models/TEMP", "LINK models/b")
                .doesNotContain("SET_MODE models/b");
    }

    /** The root belongs to a group that this process may or may not be a member of. */
    private FileBackend withRootOfGroup(Fixture fixture, int group) throws IOException {
        Files.createDirectory(fixture.root);
        Files.setAttribute(fixture.root, "unix:mode", 0770);
        return new FileBackend(fixture.root, Host.system(), new ForwardingFiles(fixture.files) {
            @Override
            public FileFacts facts(Path path) throws IOException {
                FileFacts facts = super.facts(path);
                return path.equals(fixture.root)
                        ? new FileFacts(
                                facts.kind(),
                                facts.sizeBytes(),
                                facts.modified(),
                                facts.changed(),
                                facts.identity(),
                                facts.mode(),
                                group)
                        : facts;
            }
        });
    }

    @Test
    void whatIsNewHasTheGroupOfItsFolder() throws IOException {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        FileBackend backend = withRootOfGroup(fixture, 4711);
        fixture.files.failWhere(
                Step.SET_GROUP, path -> true, (step, path) -> assertThat(path).exists());

        backend.create("models/a", CONTENT);

        assertThat(fixture.files.steps()).contains("SET_GROUP models", "SET_GROUP models/TEMP");
    }

    @Test
    void aGroupThatIsNotTheFoldersIsNotLetIn() throws IOException {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        FileBackend backend = withRootOfGroup(fixture, 4711);
        fixture.files.fail(Step.SET_GROUP, FaultyFiles.error(SystemErrors.EPERM));

        assertThat(backend.create("models/a", CONTENT)).isEqualTo(CreateOutcome.CREATED);

        assertThat(Integer.parseInt(mode(fixture.path("models/a")), 8) & 0020).isZero();
        assertThat(Integer.parseInt(mode(fixture.path("models")), 8) & 0020).isZero();
    }

    @Test
    void aFileSystemThatSetsNoModesIsUsedAsItIs() throws IOException {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        Files.createDirectory(fixture.root);
        Files.setAttribute(fixture.root, "unix:mode", 0777);
        fixture.files.fail(Step.SET_MODE, FaultyFiles.error(SystemErrors.EPERM));

        assertThat(fixture.backend.create("models/a", CONTENT)).isEqualTo(CreateOutcome.CREATED);
    }
}
