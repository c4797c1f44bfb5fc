package io.modelregistry.benchmarks;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The least that a durable create on a file system can be: write, flush, link, unlink, flush the folder. */
final class BareFiles {
    private BareFiles() {}

    static void create(Path target, byte[] content) throws IOException {
        Path folder = target.resolveSibling("");
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        try (FileOutputStream file = new FileOutputStream(temporary.toFile())) {
            file.write(content);
            file.getFD().sync();
        }
        Files.createLink(target, temporary);
        Files.delete(temporary);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    static void deleteTree(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> found = Files.walk(folder)) {
            paths = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
