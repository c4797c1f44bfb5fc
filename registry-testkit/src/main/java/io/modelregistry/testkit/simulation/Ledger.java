package io.modelregistry.testkit.simulation;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.modelregistry.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What really stands, in the order in which it came into being: the truth that every answer is compared with. Kept below all faults, beside the
 * store. Refuses at once what no schedule may do to a stream: I1 (dense), I2 (chained, in the right place), I3 (nothing changes).
 */
final class Ledger {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private final Map<String, List<LedgerEntry>> streams = new LinkedHashMap<>();
    private final String registry;
    private NoteBook notes = new NoteBook();
    private long tick;

    Ledger(String registry) {
        this.registry = registry;
    }

    /** Another ledger, of what has come into being so far. */
    Ledger copy() {
        Ledger copy = new Ledger(registry);
        streams.forEach((stream, entries) -> copy.streams.put(stream, new ArrayList<>(entries)));
        copy.tick = tick;
        copy.notes = notes.copy();
        return copy;
    }

    /** The present moment. Counts up at everything that happens, so that two moments are never the same. */
    long now() {
        return ++tick;
    }

    LedgerEntry append(String key, byte[] content, Instant storedAt, String by) {
        String stream = Paths.streamOf(key);
        List<LedgerEntry> entries = streams.computeIfAbsent(stream, s -> new ArrayList<>());
        JsonNode json = parse(key, content);
        LedgerEntry entry = new LedgerEntry(
                stream,
                Paths.sequenceOf(key),
                content,
                Digest.of(content).hex(),
                storedAt,
                now(),
                by,
                json,
                reason(stream, json));
        if (entry.sequence() != entries.size() + 1) {
            throw new Violation("I1", entry + " was created after entry " + entries.size());
        }
        requireInPlace(entry, entries.isEmpty() ? null : entries.get(entries.size() - 1));
        entries.add(entry);
        return entry;
    }

    private String reason(String stream, JsonNode json) {
        if (!json.path("change").path("type").asText().equals("add-note")) {
            return json.path("reason").asText();
        }
        String note = json.path("change").path("note").asText();
        notes.cite(stream, note);
        NoteBook.Paper paper = notes.at(Paths.note(Paths.segment(stream, 1), note));
        return paper == null ? "" : paper.text().split(" ", -1)[0];
    }

    private void requireInPlace(LedgerEntry entry, @Nullable LedgerEntry before) {
        JsonNode json = entry.json();
        JsonNode previous = json.path("previous");
        require(
                "I2",
                entry,
                "names the registry",
                registry,
                json.path("registry").asText());
        require(
                "I2",
                entry,
                "names the stream",
                entry.stream(),
                json.path("stream").asText());
        require(
                "I2",
                entry,
                "has the sequence",
                entry.sequence(),
                json.path("sequence").asLong());
        if (before == null) {
            require("I2", entry, "has a previous entry", true, previous.isNull());
            require(
                    "I2",
                    entry,
                    "has the origin",
                    json.path("commit").asText(),
                    json.path("origin").asText());
        } else {
            require(
                    "I2",
                    entry,
                    "is chained to",
                    before.sha256(),
                    previous.path("sha256").asText());
            require("I2", entry, "has the origin", before.json().path("origin"), json.path("origin"));
            require(
                    "I15",
                    entry,
                    "pins the time",
                    before.time(),
                    Instant.parse(previous.path("storedAt").asText()));
        }
        boolean attributed = !json.path("actor").path("id").asText().isEmpty()
                && !json.path("time").asText().isEmpty();
        require("I17", entry, "has an actor and a time", true, attributed);
    }

    private static JsonNode parse(String key, byte[] content) {
        String[] lines = new String(content, StandardCharsets.UTF_8).split("\n", -1);
        if (lines.length != 3
                || !lines[2].isEmpty()
                || !lines[1].equals("sha256:"
                        + Digest.of(lines[0].getBytes(StandardCharsets.UTF_8)).hex())) {
            throw new Violation("I2", key + " is not a line and its digest: " + String.join("\\n", lines));
        }
        return json(key, lines[0].getBytes(StandardCharsets.UTF_8));
    }

    static JsonNode json(String key, byte[] content) {
        try {
            return JSON.readTree(content);
        } catch (IOException e) {
            throw new Violation("I2", key + " is not JSON: " + new String(content, StandardCharsets.UTF_8), e);
        }
    }

    static void require(String invariant, Object what, String says, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new Violation(invariant, what + ": it " + says + " " + found + " instead of " + expected);
        }
    }

    String registry() {
        return registry;
    }

    NoteBook notes() {
        return notes;
    }

    Set<String> streams() {
        return Collections.unmodifiableSet(streams.keySet());
    }

    /** All entries of a stream so far. */
    List<LedgerEntry> entries(String stream) {
        return Collections.unmodifiableList(streams.getOrDefault(stream, List.of()));
    }

    long count(String stream) {
        return streams.getOrDefault(stream, List.of()).size();
    }

    /** How many entries stood at a moment. */
    long countAt(String stream, long moment) {
        List<LedgerEntry> entries = streams.getOrDefault(stream, List.of());
        int count = entries.size();
        while (count > 0 && entries.get(count - 1).tick() > moment) {
            count--;
        }
        return count;
    }

    /** How many entries had been stored before an instant of the store's clock. */
    long countStoredBefore(String stream, Instant instant) {
        return entries(stream).stream()
                .filter(e -> e.storedAt().isBefore(instant))
                .count();
    }

    /** An entry that stands. */
    LedgerEntry entry(String stream, long sequence) {
        return entries(stream).get((int) sequence - 1);
    }

    /** The entry at a key that stands there; null for none. */
    @Nullable
    LedgerEntry at(String key) {
        List<LedgerEntry> entries = streams.getOrDefault(Paths.streamOf(key), List.of());
        long sequence = Paths.sequenceOf(key);
        return sequence <= entries.size() ? entries.get((int) sequence - 1) : null;
    }
}
