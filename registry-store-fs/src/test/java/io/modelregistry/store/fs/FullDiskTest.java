package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.StoreFullException;
import io.modelregistry.store.fs.Aftermath.Ending;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real file system on which only so many pages, or inodes, are free: whatever an operation gets done of it, it says so truly, leaves no
 * temporary, and works once there is room. Needs the right to mount.
 */
final class FullDiskTest {
    private static final int PAGE = 4096;
    private static final int MOST_FREE = 40;

    /** What is scarce. */
    private enum Scarce {
        BYTES("bytes are needed"),
        INODES("free inodes");

        private final String said;

        Scarce(String said) {
            this.said = said;
        }
    }

    /** @param free how many pages or inodes are left for the operation */
    private record Point(WriteOperation operation, Form form, Scarce scarce, int free) {}

    @TempDir
    private Path scratch;

    private Path disk;
    private Stages stages;
    private boolean spoilt;
    private final Map<Ending, Integer> endings = new EnumMap<>(Ending.class);

    @BeforeEach
    void mount() throws IOException {
        disk = Files.createDirectory(scratch.resolve("disk"));
        String complaint =
                Command.complaint("mount", "-t", "tmpfs", "-o", "size=4m,nr_inodes=600", "tmpfs", disk.toString());
        assumeThat(complaint).as("skipped, no disk is filled").isEmpty();
        stages = new Stages(Files.createDirectory(scratch.resolve("stages")));
    }

    @AfterEach
    void unmount() {
        Command.complaint("umount", disk.toString());
    }

    @Test
    void aRegistrationThatFindsNoRoomSaysSoAndWorksOnceThereIs() throws IOException {
        for (Scarce scarce : Scarce.values()) {
            for (int free : List.of(0, 3, 9, MOST_FREE)) {
                fill(new Point(WriteOperation.REGISTER, Form.LINKS, scarce, free));
            }
        }

        assertThat(endings).containsKeys(Ending.SUCCEEDED, Ending.FAILED);
    }

    @Test
    @Tag("proof")
    void anyOperationMayFindNoRoom() throws Exception {
        List<Point> points = new ArrayList<>();
        for (WriteOperation operation : WriteOperation.values()) {
            for (Form form : Form.values()) {
                for (Scarce scarce : Scarce.values()) {
                    for (int free = 0; free < MOST_FREE; free++) {
                        points.add(new Point(operation, form, scarce, free));
                    }
                }
            }
        }

        Sampling sample =
                Sampling.run(points, System.nanoTime() + Sampling.time().toNanos(), this::fill);

        System.out.println("proof: full disks: " + sample + " operations with 0 to " + (MOST_FREE - 1)
                + " pages or inodes free: " + endings);
        assertThat(endings).containsKeys(Ending.SUCCEEDED, Ending.FAILED);
    }

    /** One at a time: there is one disk. */
    private synchronized void fill(Point point) {
        if (spoilt) {
            return; // the disk is as the point left it that failed
        }
        spoilt = true;
        Path place = disk.resolve("place");
        Path root = Stages.registry(place);
        try {
            Command.run(
                    "cp", "-a", stages.build(point.operation(), point.form()).toString(), place.toString());
            try (Client client = Client.of(root, point.form())) {
                if (point.operation().needsRegistry()) {
                    client.registry();
                }
                Deque<Path> ballast = load(point.scarce(), point.free());
                RuntimeException failure = perform(point, client);
                Aftermath aftermath = new Aftermath(point.operation(), point.form(), root);
                if (failure != null) {
                    boolean half = failure instanceof OutcomeUnknownException; // registered, but no room for the label
                    assertThat(half ? failure.getCause() : failure)
                            .isInstanceOf(StoreFullException.class)
                            .hasMessageContainingAll(root.toString(), point.scarce().said, "Nothing was");
                }
                endings.merge(aftermath.check(failure), 1, Integer::sum);
                assertThat(RegistryFolder.read(root).temporaries()).isEmpty();
                unload(ballast);

                aftermath.goOn(client);
            }
            Command.run("rm", "-rf", place.toString());
            spoilt = false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (AssertionError e) {
            throw new AssertionError(point + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable RuntimeException perform(Point point, Client client) {
        try {
            point.operation().perform(client, Victim.MODEL);
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    /** Fills the disk but for so many pages or inodes. */
    private Deque<Path> load(Scarce scarce, int free) throws IOException {
        Deque<Path> ballast = new ArrayDeque<>();
        if (scarce == Scarce.BYTES) {
            Path file = disk.resolve("ballast");
            ballast.push(file);
            try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                long pages = 0;
                while (writes(out)) {
                    pages++;
                }
                out.setLength(Math.max(0, (pages - free) * PAGE));
            }
        } else {
            while (makes(disk.resolve("ballast-" + ballast.size()))) {
                ballast.push(disk.resolve("ballast-" + ballast.size()));
            }
            for (int i = 0; i < free; i++) {
                Files.delete(ballast.pop());
            }
        }
        return ballast;
    }

    private static boolean writes(RandomAccessFile out) {
        try {
            out.write(new byte[PAGE]);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean makes(Path file) {
        try {
            Files.createFile(file);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void unload(Deque<Path> ballast) throws IOException {
        for (Path file : ballast) {
            Files.delete(file);
        }
    }
}
