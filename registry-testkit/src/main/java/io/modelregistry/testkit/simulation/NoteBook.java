package io.modelregistry.testkit.simulation;

import static io.modelregistry.testkit.simulation.Ledger.require;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelregistry.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands and ever stood under {@code notes/}, and which entries cited it: the {@link Ledger}'s part of what can be deleted. Refuses at once that a note
 * changes, or is deleted before the trail says who erased it.
 */
final class NoteBook {
    private final Map<String, Paper> papers = new LinkedHashMap<>();
    private final Map<String, Citation> citations = new LinkedHashMap<>();

    /**
     * A note's object.
     *
     * @param digest of its bytes
     * @param stands whether it is in the store now
     * @param returned whether a create that was long under way brought it back after it had been deleted
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Paper(
            String key, byte[] content, String digest, String salt, String text, boolean stands, boolean returned) {
        Paper standing(boolean now) {
            return new Paper(key, content, digest, salt, text, now, returned || now);
        }
    }

    /** That an entry cited a note. */
    record Citation(String stream, String note) {
        String model() {
            return Paths.segment(stream, 1);
        }

        long version() {
            return Long.parseLong(Paths.segment(stream, 2));
        }

        String key() {
            return Paths.note(model(), note);
        }
    }

    NoteBook copy() {
        NoteBook copy = new NoteBook();
        copy.papers.putAll(papers);
        copy.citations.putAll(citations);
        return copy;
    }

    void create(String key, byte[] content) {
        Paper before = papers.get(key);
        if (before != null) {
            require("note", key, "holds what it held:", true, Arrays.equals(before.content(), content));
            papers.put(key, before.standing(true));
            return;
        }
        JsonNode json = Ledger.json(key, content);
        require(
                "note",
                key,
                "names itself",
                Paths.segment(key, 2),
                json.path("id").asText());
        String salt = json.path("salt").asText();
        require("note", key, "has so many digits of salt:", 32, salt.length());
        papers.put(
                key,
                new Paper(
                        key,
                        content.clone(),
                        Digest.of(content).hex(),
                        salt,
                        json.path("text").asText(),
                        true,
                        false));
    }

    void delete(String key) {
        Paper paper = papers.get(key);
        if (paper != null) {
            papers.put(
                    key,
                    new Paper(
                            key, paper.content(), paper.digest(), paper.salt(), paper.text(), false, paper.returned()));
        }
    }

    void cite(String stream, String note) {
        Citation citation = new Citation(stream, note);
        citations.putIfAbsent(citation.key(), citation);
    }

    /** The object that stands or stood at a key; null for none. */
    @Nullable
    Paper at(String key) {
        return papers.get(key);
    }

    boolean stands(String key) {
        Paper paper = papers.get(key);
        return paper != null && paper.stands();
    }

    Collection<Paper> papers() {
        return Collections.unmodifiableCollection(papers.values());
    }

    boolean isCited(String key) {
        return citations.containsKey(key);
    }

    /** In the order in which they were added. */
    List<Citation> citations() {
        return new ArrayList<>(citations.values());
    }
}
