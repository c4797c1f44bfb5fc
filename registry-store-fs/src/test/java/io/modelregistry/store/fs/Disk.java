package io.modelregistry.store.fs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of its own, in a file, whose power can be cut: what was not flushed is lost, as after a reset. */
final class Disk implements AutoCloseable {
    private static final int MOST_UNMOUNTS = 50;

    private final Path image;
    private final Path folder;
    private boolean mounted;

    private Disk(String type, Path scratch) {
        this.image = scratch.resolve(type + ".image");
        this.folder = scratch.resolve(type);
    }

    /** Why there can be none of this type here; empty when there can. */
    static String obstacle(String type, Path scratch) {
        try (Disk disk = make(type, Files.createDirectory(scratch.resolve(type + "-attempt")))) {
            disk.cutPower();
            disk.restart();
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalStateException e) {
            return "no " + type + " file system whose power can be cut: " + e.getMessage();
        }
    }

    /** @param type {@code xfs} or {@code ext4} */
    static Disk make(String type, Path scratch) throws IOException {
        Disk disk = new Disk(type, scratch);
        Files.createDirectory(disk.folder);
        try (RandomAccessFile file = new RandomAccessFile(disk.image.toFile(), "rw")) {
            file.setLength(400L << 20); // xfs takes no less than 300 MiB; it stays sparse
        }
        Command.run("mkfs." + type, "-q", disk.image.toString());
        disk.mount();
        return disk;
    }

    Path folder() {
        return folder;
    }

    private void mount() {
        Command.run("mount", "-o", "loop", image.toString(), folder.toString());
        mounted = true;
    }

    /** From now on every access fails. */
    void cutPower() {
        Command.run("xfs_io", "-x", "-c", "shutdown", folder.toString());
    }

    /** Mounts again what the power cut left. */
    void restart() {
        close();
        mount();
    }

    @Override
    public void close() {
        if (!mounted) {
            return;
        }
        List<String> command = List.of("umount", folder.toString());
        String complaint = "";
        // the kernel may hold on to it for a moment
        for (int attempt = 0; attempt < MOST_UNMOUNTS; attempt++) {
            complaint = Command.complaint(command.toArray(String[]::new));
            if (complaint.isEmpty()) {
                mounted = false;
                return;
            }
        }
        throw new IllegalStateException(complaint);
    }
}
