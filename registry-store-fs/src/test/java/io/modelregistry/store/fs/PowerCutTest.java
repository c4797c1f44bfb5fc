package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.modelregistry.store.fs.FileOperations.OpenFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Power cuts under a real file system. Needs the right to mount, and the tools that make and stop a file system. */
final class PowerCutTest {

    @TempDir
    private Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"xfs", "ext4"})
    void whatWasAcknowledgedSurvivesAPowerCut(String type) throws Exception {
        assumeThat(Disk.obstacle(type, scratch)).as("skipped, no power is cut").isEmpty();
        try (Disk disk = Disk.make(type, scratch)) {
            PowerCuts cuts = new PowerCuts(disk, new Random());

            for (Form form : Form.values()) {
                for (PowerCuts.Round round : PowerCuts.Round.values()) {
                    cuts.run(round, form);
                }
            }

            assertThat(cuts.acknowledged()).isPositive();
        }
    }

    /** XFS, once it was shut down, says that a folder was flushed when it has given up what was to be flushed. */
    @ParameterizedTest
    @ValueSource(strings = {"xfs", "ext4"})
    void aFileSystemThatWasShutDownFlushesNoFolderHoweverOftenItIsAsked(String type) throws Exception {
        assumeThat(Disk.obstacle(type, scratch)).as("skipped, no power is cut").isEmpty();
        FileOperations files = new SystemFiles();
        try (Disk disk = Disk.make(type, scratch)) {
            Path folder = Files.createDirectory(disk.folder().resolve("folder"));
            try (OpenFolder open = files.openFolder(folder)) {
                Files.createFile(folder.resolve("file"));
                disk.cutPower();

                for (int attempt = 0; attempt < 5; attempt++) {
                    assertThatThrownBy(open::sync).isInstanceOf(IOException.class);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xfs", "ext4"})
    @Tag("proof")
    void powerIsCutAsLongAsThereIsTime(String type) throws Exception {
        assumeThat(Disk.obstacle(type, scratch)).as("skipped, no power is cut").isEmpty();
        long end = System.nanoTime() + Sampling.time().toNanos() / 2;
        try (Disk disk = Disk.make(type, scratch)) {
            PowerCuts cuts = new PowerCuts(disk, new Random());

            while (System.nanoTime() - end < 0) {
                for (Form form : Form.values()) {
                    for (PowerCuts.Round round : PowerCuts.Round.values()) {
                        cuts.run(round, form);
                    }
                }
            }

            System.out.println("proof: power cuts on " + type + ": " + cuts.rounds() + ", " + cuts.acknowledged()
                    + " acknowledged creates and changes, all there");
            assertThat(cuts.acknowledged()).isPositive();
        }
    }
}
