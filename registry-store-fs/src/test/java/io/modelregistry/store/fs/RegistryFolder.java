package io.modelregistry.store.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A registry's folder as it lies on the disk, read without the registry's own code, and what must be true of it whatever
 * happened to those who wrote there. Every test with real crashes ends here.
 */
final class RegistryFolder {
    private static final Pattern ENTRY = Pattern.compile("(.+)/([0-9]{10})\\.json");
    private static final Pattern BLOB = Pattern.compile("blobs/.+/sha256/([0-9a-f]{64})");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;
    private final List<Path> temporaries = new ArrayList<>();
    private final SortedMap<String, byte[]> objects = new TreeMap<>();
    private final SortedMap<String, SortedMap<Long, byte[]>> streams = new TreeMap<>();

    private RegistryFolder(Path root) {
        this.root = root;
    }

    static RegistryFolder read(Path root) {
        RegistryFolder folder = new RegistryFolder(root);
        if (Files.exists(root)) {
            try (Stream<Path> all = Files.walk(root)) {
                all.forEach(folder::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return folder;
    }

    private void add(Path path) {
        List<Path> names = new ArrayList<>();
        root.relativize(path).forEach(names::add);
        long temporary = names.stream()
                .filter(name -> TemporaryNames.isOwn(name.toString()))
                .count();
        if (temporary > 0) {
            if (TemporaryNames.isOwn(path.getFileName().toString())) {
                temporaries.add(path);
            }
            return;
        }
        if (!Files.isRegularFile(path)) {
            return;
        }
        String key = names.stream().map(Path::toString).collect(Collectors.joining("/"));
        byte[] content = content(path);
        key = key.endsWith("/" + ObjectTree.ENTRY) ? key.substring(0, key.lastIndexOf('/')) : key;
        objects.put(key, content);
        Matcher entry = ENTRY.matcher(key);
        if (entry.matches() && !key.startsWith("hints/")) {
            streams.computeIfAbsent(entry.group(1), stream -> new TreeMap<>())
                    .put(Long.parseLong(entry.group(2)), content);
        }
    }

    List<Path> temporaries() {
        return temporaries;
    }

    SortedMap<String, byte[]> objects() {
        return objects;
    }

    long entries() {
        return streams.values().stream().mapToLong(Map::size).sum();
    }

    /** How many entries carry out a request. */
    long carriedOut(String request) {
        return streams.values().stream()
                .flatMap(stream -> stream.values().stream())
                .filter(entry -> line(entry).path("request").asText().equals(request))
                .count();
    }

    /**
     * Streams are dense, chained and of one registry; nothing is torn; no request was carried out twice; blobs are what their names
     * say; and the registry's own {@code verify}, run by a client that knows nothing, finds no error.
     */
    void assertSound(Form form) {
        streams.forEach(RegistryFolder::assertChained);
        objects.forEach((key, content) -> {
            Matcher blob = BLOB.matcher(key);
            if (blob.matches()) {
                assertThat(sha256(content)).as(key).isEqualTo(blob.group(1));
            }
        });
        if (objects.containsKey("registry.json")) {
            assertSealed("registry.json", objects.get("registry.json"));
            try (Client fresh = Client.of(root, form)) {
                assertThat(fresh.registry().verify().errors()).isEmpty();
            }
        } else {
            assertThat(streams).as("streams without a registry.json").isEmpty();
        }
    }

    /** A client that comes when all that was left behind is more than a day old has removed it after it has looked at everything. */
    void assertSweptTomorrow(Form form) {
        FileOperations tomorrow = new ForwardingFiles(form.files()) {
            @Override
            public FileFacts facts(Path path) throws IOException {
                FileFacts now = super.facts(path);
                return temporaries.stream().anyMatch(path::startsWith) ? old(now) : now;
            }
        };
        try (Client client = Client.of(root, tomorrow)) {
            boolean ofProbes = temporaries.stream().map(Path::getParent).anyMatch(root.resolve("probe")::equals);
            if (ofProbes) {
                client.registry().doctor();
            }
            client.registry().verify();
        }
        assertThat(read(root).temporaries).as("left-overs of yesterday").isEmpty();
    }

    private static FileFacts old(FileFacts now) {
        Instant then = now.changed().minus(Duration.ofHours(25));
        return new FileFacts(now.kind(), now.sizeBytes(), then, then, now.identity(), now.mode(), now.group());
    }

    private static void assertChained(String stream, SortedMap<Long, byte[]> entries) {
        byte[] previous = null;
        long expected = 1;
        List<String> requests = new ArrayList<>();
        for (Map.Entry<Long, byte[]> entry : entries.entrySet()) {
            String key = stream + "#" + entry.getKey();
            assertThat(entry.getKey())
                    .as("the entry after " + (expected - 1) + " of " + stream)
                    .isEqualTo(expected);
            assertSealed(key, entry.getValue());
            JsonNode line = line(entry.getValue());
            assertThat(line.path("stream").asText()).as(key).isEqualTo(stream);
            assertThat(line.path("sequence").asLong()).as(key).isEqualTo(expected);
            assertThat(line.path("previous").path("sha256").asText())
                    .as("what " + key + " follows")
                    .isEqualTo(previous == null ? "" : sha256(previous));
            if (line.has("request")) {
                requests.add(line.path("request").asText());
            }
            previous = entry.getValue();
            expected++;
        }
        assertThat(requests).as("requests carried out in " + stream).doesNotHaveDuplicates();
    }

    private static void assertSealed(String key, byte[] content) {
        int end = lineEnd(content);
        assertThat(new String(content, end, content.length - end, UTF_8).strip())
                .as("the seal of %s, which has %d bytes", key, content.length)
                .isEqualTo("sha256:" + sha256(Arrays.copyOf(content, end)));
    }

    private static JsonNode line(byte[] entry) {
        try {
            return JSON.readTree(entry, 0, lineEnd(entry));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int lineEnd(byte[] content) {
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '\n') {
                return i;
            }
        }
        return content.length;
    }

    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
