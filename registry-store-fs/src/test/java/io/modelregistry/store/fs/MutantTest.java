package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that find nothing prove nothing: each of these mistakes in the file store is caught by one of the tests with real crashes. */
final class MutantTest {
    private static final int MOST_RACES = 2_000;
    private static final int MOST_CUTS = 40;

    private static final Mutant RENAME = Mutant.of(
            "rename instead of link",
            Publisher.class,
            "files.link(place, staged.top());",
            "files.rename(staged.top(), place);");
    private static final Mutant BELIEVE = Mutant.of(
            "a name that is taken is taken for one's own",
            Publisher.class,
            "isSameFileAs(staged.facts()) ? CreateOutcome.CREATED : CreateOutcome.EXISTS",
            "isSameFileAs(staged.facts()) ? CreateOutcome.CREATED : CreateOutcome.CREATED");
    private static final Mutant NO_FOLDER_FLUSH =
            Mutant.of("no folder fsync", Publisher.class, "open.sync();", "files.facts(folder);");
    private static final Mutant NO_FILE_FLUSH =
            Mutant.of("no file fsync", Staging.class, "if (flush == Flush.YES) {", "if (flush == null) {");
    private static final Mutant NO_FLUSH_BY_READERS =
            Mutant.of("no folder fsync by readers", Folders.class, "sync(object.folder());", "clock.estimate();");
    private static final Mutant NO_FLUSH_BY_LOSERS = Mutant.of(
            "no folder fsync by whoever finds the key taken",
            ObjectWriter.class,
            "folders.sync(standing.get().folder());",
            "");
    private static final Mutant COPY = Mutant.of(
            "copy instead of link",
            SystemFiles.class,
            "Files.createLink(newName, existing);",
            "Files.copy(existing, newName);");
    private static final Mutant LITTER =
            Mutant.of("temporaries are never removed", Staged.class, "        discard(files, top);", "");
    private static final Mutant FLUSH_FAILED = Mutant.of(
            "a failed folder fsync is a certain failure",
            Publisher.class,
            "throw placed.outcome() == CreateOutcome.CREATED ? new UncertainException(e) : e;",
            "throw e;");

    @TempDir
    private Path scratch;

    private final List<String> caught = new ArrayList<>();
    private int folders;

    /** What catches a mutant. */
    private interface Trial {
        void run(Path scratch) throws Throwable;
    }

    private static void run(Mutant mutant, String trial, Object... arguments) throws Throwable {
        mutant.run(List.of(FileBackend.class, MutantTest.class), MutantTest.class, trial, arguments);
    }

    private void catchIt(Mutant mutant, String how, Trial trial) throws Exception {
        Path folder = Files.createDirectory(scratch.resolve("mutant-" + folders++));
        try {
            trial.run(folder);
        } catch (AssertionError e) {
            assertThat(e.getMessage()).doesNotContain("must follow the code");
            caught.add(mutant.name() + " (by " + how + ")");
            return;
        } catch (Throwable e) {
            throw new AssertionError("The mutant \"" + mutant.name() + "\" fell over rather than do harm", e);
        }
        throw new AssertionError("The mutant \"" + mutant.name() + "\" was not caught by " + how);
    }

    @Test
    void aRaceCatchesWhateverReplacesWhatStands() throws Exception {
        catchIt(RENAME, "a race", folder -> run(RENAME, "race", folder));
        catchIt(BELIEVE, "a race", folder -> run(BELIEVE, "race", folder));

        race(scratch.resolve("real"));
        assertThat(caught).hasSize(2);
    }

    @Test
    @Tag("proof")
    void eachMistakeIsCaught() throws Exception {
        List<Mutant> byRaces = List.of(RENAME, BELIEVE);
        for (Mutant mutant : byRaces) {
            catchIt(mutant, "a race", folder -> run(mutant, "race", folder));
        }
        int expected = byRaces.size();
        if (Disk.obstacle("ext4", scratch).isEmpty()) {
            List<Mutant> byPowerCuts = List.of(NO_FOLDER_FLUSH, NO_FILE_FLUSH, NO_FLUSH_BY_READERS, NO_FLUSH_BY_LOSERS);
            for (Mutant mutant : byPowerCuts) {
                catchIt(mutant, "a power cut", folder -> run(mutant, "cutPower", folder));
            }
            expected += byPowerCuts.size();
        }
        if (Strace.obstacle().isEmpty()) {
            for (Mutant mutant : List.of(COPY, LITTER)) {
                catchIt(mutant, "kill -9", folder -> KillTest.killEverywhere(folder, mutant));
            }
            catchIt(FLUSH_FAILED, "EIO", folder -> run(FLUSH_FAILED, "disturb", folder));
            expected += 3;
        }

        assertThat(caught).hasSize(expected);
        assumeThat(expected).as("mutants that could be tried here, of 9").isEqualTo(9);
        System.out.println(
                "proof: mutants of the file store: " + expected + " of 9 caught: " + String.join(", ", caught));
    }

    // The trials. They are called in a class loader that has the mutant instead of the real class.

    static void race(Path folder) throws Exception {
        Race.run(folder.resolve("registry"), Form.LINKS, MOST_RACES);
    }

    static void cutPower(Path folder) throws Exception {
        try (Disk disk = Disk.make("ext4", folder)) {
            PowerCuts cuts = new PowerCuts(disk, new Random());
            for (int i = 0; i < MOST_CUTS; i++) {
                cuts.run(PowerCuts.Round.AFTER_ACKNOWLEDGEMENT, Form.LINKS);
                cuts.run(PowerCuts.Round.AFTER_READING, Form.LINKS);
            }
        }
    }

    static void disturb(Path folder) throws Exception {
        ErrorTest.disturb(folder, "PROMOTE LINKS fsync 4 EIO onwards");
    }
}
