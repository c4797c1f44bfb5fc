package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.modelregistry.testkit.mutant.Mutant;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
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
    private static final int FEW_RACES = 100;
    private static final int MOST_RACES = 2_000;
    private static final int MOST_CUTS = 40;

    private static final Mutant RENAME = Mutant.named("rename instead of link")
            .edit(Publisher.class.getName(), "files.link(place, staged.top());", "files.rename(staged.top(), place);");
    private static final Mutant BELIEVE = Mutant.named("a name that is taken is taken for one's own")
            .edit(
                    Publisher.class.getName(),
                    "isSameFileAs(staged.facts()) ? CreateOutcome.CREATED : CreateOutcome.EXISTS",
                    "isSameFileAs(staged.facts()) ? CreateOutcome.CREATED : CreateOutcome.CREATED");
    private static final Mutant NO_FOLDER_FLUSH =
            Mutant.named("no folder fsync").edit(Publisher.class.getName(), "open.sync();", "files.facts(folder);");
    private static final Mutant NO_FILE_FLUSH = Mutant.named("no file fsync")
            .edit(Staging.class.getName(), "if (flush == Flush.YES) {", "if (flush == null) {");
    private static final Mutant NO_FLUSH_BY_READERS = Mutant.named("no folder fsync by readers")
            .edit(Folders.class.getName(), "sync(object.folder());", "clock.estimate();");
    private static final Mutant NO_FLUSH_BY_LOSERS = Mutant.named("no folder fsync by whoever finds the key taken")
            .edit(ObjectWriter.class.getName(), "folders.sync(standing.get().folder());", "");
    private static final Mutant COPY = Mutant.named("copy instead of link")
            .edit(
                    SystemFiles.class.getName(),
                    "Files.createLink(newName, existing);",
                    "Files.copy(existing, newName);");
    private static final Mutant LITTER = Mutant.named("temporaries are never removed")
            .edit(Staged.class.getName(), "        discard(files, top);", "");
    private static final Mutant FLUSH_FAILED = Mutant.named("a failed folder fsync is a certain failure")
            .edit(
                    Publisher.class.getName(),
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

    /** Calls a trial in a class loader that has the mutant instead of the real class. */
    private static void run(Mutant mutant, String trial, Path folder) throws Throwable {
        ClassLoader broken = mutant.load(Jvm.folder(FileBackend.class), Jvm.folder(MutantTest.class));
        Method method = broken.loadClass(MutantTest.class.getName()).getDeclaredMethod(trial, Path.class);
        method.setAccessible(true);
        try {
            method.invoke(null, folder);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
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

        Race.run(scratch.resolve("real"), Form.LINKS, FEW_RACES);
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
