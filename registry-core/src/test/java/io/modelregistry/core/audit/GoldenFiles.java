package io.modelregistry.core.audit;

import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files under {@code src/test/resources/golden}. */
public final class GoldenFiles {
    private GoldenFiles() {}

    /** One file. */
    public static byte[] bytes(String path) throws IOException {
        return Files.readAllBytes(root().resolve(path));
    }

    /** The lines of a text file that are neither empty nor comments. */
    public static Stream<String> lines(String path) throws IOException {
        return Files.readAllLines(root().resolve(path)).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"));
    }

    /** The names of the files in a folder. */
    public static List<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(root().resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    static Stream<String> folders(String folder) throws IOException {
        return names(folder).stream()
                .filter(name -> Files.isDirectory(root().resolve(folder).resolve(name)));
    }

    /** All files below a folder by their path. */
    public static Map<String, byte[]> tree(String folder) throws IOException {
        Path base = root().resolve(folder);
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(base)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(base.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        return files;
    }

    /** A store that holds a tree, each entry with the store time that the next one pins, and the newest with its own. */
    public static MemoryStore load(String folder, ManualHost host) throws IOException {
        MemoryStore store = new MemoryStore(host);
        Map<String, byte[]> files = tree(folder);
        files.forEach((key, bytes) -> store.put(key, bytes, storeTime(key, files)));
        return store;
    }

    private static Instant storeTime(String key, Map<String, byte[]> files) {
        StreamName stream = KeyLayout.stream(key).orElse(null);
        if (stream == null) {
            return ManualHost.START;
        }
        byte[] next = files.get(
                KeyLayout.entry(stream, KeyLayout.sequence(stream, key).getAsLong() + 1));
        return next == null
                ? Instant.parse(entry(files.get(key)).text("time")).plusMillis(1)
                : Instant.parse(entry(next).object("previous").text("storedAt"));
    }

    private static Fields entry(byte[] stored) {
        return Fields.of(JsonFormat.readObject(SelfVerifying.open(stored)));
    }

    private static Path root() {
        try {
            return Path.of(GoldenFiles.class.getResource("/golden").toURI());
        } catch (URISyntaxException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
