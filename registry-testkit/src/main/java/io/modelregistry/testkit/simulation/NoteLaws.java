package io.modelregistry.testkit.simulation;

import static io.modelregistry.testkit.simulation.Ledger.require;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelregistry.audit.Finding;
import io.modelregistry.audit.Finding.Severity;
import io.modelregistry.testkit.simulation.NoteBook.Citation;
import io.modelregistry.testkit.simulation.NoteBook.Paper;
import io.modelregistry.version.Note;
import io.modelregistry.version.Note.Erasure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges notes: what is cited stands byte for byte until the trail says who erased it; an acknowledged erasure leaves nothing of the text; what a crash leaves is what
 * {@code verify} names, and erasing again completes it; nothing else is ever erased.
 */
final class NoteLaws {
    private static final String ADD = "add-note";
    private static final String ERASE = "erase-note";

    /** What a refusal says when the entry stands and the deletion isn't certain. */
    private static final String UNFINISHED = "is erased stands in the audit trail";

    private final Ledger ledger;

    NoteLaws(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Judges an entry of a version's evaluations as it comes into being.
     *
     * @param intent whose it is; null for nobody's
     */
    void check(LedgerEntry entry, @Nullable Intent intent) {
        List<String> expected = entry.sequence() == 1
                ? new ArrayList<>()
                : new ArrayList<>(notes(ledger.entry(entry.stream(), entry.sequence() - 1)));
        String note = entry.json().path("change").path("note").asText();
        switch (entry.change()) {
            case ADD -> {
                Paper paper = ledger.notes().at(Paths.note(Paths.segment(entry.stream(), 1), note));
                require("note", entry, "stands while its note stands:", true, paper != null && paper.stands());
                String digest = Objects.requireNonNull(paper).digest();
                String cited = entry.json().path("change").path("sha256").asText();
                require("note", entry, "cites the digest", digest, cited);
                String content = new String(entry.content(), StandardCharsets.UTF_8);
                boolean tells = content.contains(paper.salt()) || content.contains(paper.text());
                require("note", entry, "tells of the text or its salt:", false, tells);
                expected.add(note + " " + digest + " from " + entry.sequence());
            }
            case ERASE -> {
                int place = place(expected, note);
                require("note", entry, "erases a note of this version that stands:", true, place >= 0);
                require("note", entry, "erases", intent == null ? note : String.valueOf(intent.label()), note);
                expected.set(place, expected.get(place) + " to " + entry.sequence());
            }
            default -> {
                // keeps the notes as they are
            }
        }
        require("note", entry, "carries the notes", expected, notes(entry));
    }

    /** Where a note that isn't erased is among those that an entry carries; -1 for nowhere. */
    private static int place(List<String> carried, String note) {
        for (int i = 0; i < carried.size(); i++) {
            if (carried.get(i).startsWith(note) && !carried.get(i).contains(" to ")) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> notes(LedgerEntry entry) {
        List<String> notes = new ArrayList<>();
        entry.state()
                .path("notes")
                .forEach(note -> notes.add(note.path("id").asText() + " "
                        + note.path("sha256").asText() + " from "
                        + note.path("added").asText()
                        + (note.has("erased") ? " to " + note.path("erased").asText() : "")));
        return notes;
    }

    /** Nobody deletes a text before it stands who erased it. */
    void requireErased(String process, String key) {
        String model = Paths.segment(key, 1);
        String note = Paths.segment(key, 2);
        boolean erased = ledger.notes().citations().stream()
                .filter(c -> c.model().equals(model) && c.note().equals(note))
                .anyMatch(c -> erasure(c.stream(), note) != null);
        require("note", key, "is deleted by " + process + " after it was erased:", true, erased);
    }

    /** The entry that erased a note; null while none does. */
    private @Nullable LedgerEntry erasure(String stream, String note) {
        return find(stream, ERASE, note).orElse(null);
    }

    private Optional<LedgerEntry> find(String stream, String change, String note) {
        return ledger.entries(stream).stream()
                .filter(e -> e.change().equals(change)
                        && e.json().path("change").path("note").asText().equals(note))
                .findFirst();
    }

    void checkAdded(Attempt attempt, LedgerEntry entry) {
        String note = String.valueOf(attempt.answer);
        require(
                "note",
                attempt,
                "is told of",
                entry.json().path("change").path("note").asText(),
                note);
        boolean stands = ledger.notes().stands(Paths.note(attempt.intent.model(), note));
        require("note", attempt, "stands, or was erased:", true, stands || erasure(entry.stream(), note) != null);
    }

    /** By whomever: who erases again does only what was left undone. */
    void checkErased(Attempt attempt) {
        Intent intent = attempt.intent;
        String note = String.valueOf(intent.label());
        LedgerEntry erasure = erasure(intent.stream(), note);
        if (erasure == null) {
            throw new Violation("note", attempt + " was acknowledged, and no entry says that it is erased");
        }
        attempt.position = erasure.sequence();
        boolean stands = ledger.notes().stands(Paths.note(intent.model(), note));
        require("note", attempt, "leaves its text in the store:", false, stands);
    }

    /** Whether a note was among those of a version after so many entries of its stream. */
    boolean isKnown(String stream, long position, @Nullable String note) {
        return position > 0
                && notes(ledger.entry(stream, position)).stream().anyMatch(known -> known.startsWith(note + " "));
    }

    /** Some moment of the attempt had these notes, and each is told as it was added or erased. */
    void checkRead(Attempt attempt, long low) {
        String stream = attempt.intent.stream();
        long high = ledger.countAt(stream, attempt.returned);
        List<Note> told = ((List<?>) Objects.requireNonNull(attempt.answer))
                .stream().map(Note.class::cast).toList();
        boolean found = told.isEmpty() && low == 0;
        for (long position = Math.max(1, low); position <= high && !found; position++) {
            found = ids(ledger.entry(stream, position))
                    .equals(told.stream().map(note -> note.id().value()).toList());
        }
        require("note", attempt, "told the notes of some moment between " + low + " and " + high + ":", true, found);
        told.forEach(note -> checkNote(attempt, note, low, high));
    }

    private static List<String> ids(LedgerEntry entry) {
        List<String> ids = new ArrayList<>();
        entry.state().path("notes").forEach(note -> ids.add(note.path("id").asText()));
        return ids;
    }

    private void checkNote(Attempt attempt, Note note, long low, long high) {
        String stream = attempt.intent.stream();
        LedgerEntry added = find(stream, ADD, note.id().value()).orElseThrow();
        require("note", attempt, "tells who wrote it", by(added.json()), note.writtenBy() + " " + note.writtenAt());
        LedgerEntry erasure = erasure(stream, note.id().value());
        Erasure told = note.erased().orElse(null);
        if (told != null) {
            boolean stood = erasure != null && erasure.sequence() <= high;
            require("note", attempt, "tells of an erasure that stands:", true, stood);
            JsonNode json = Objects.requireNonNull(erasure).json();
            String expected = by(json) + " " + json.path("reason").asText();
            require(
                    "note",
                    attempt,
                    "tells who erased it",
                    expected,
                    told.by() + " " + told.at() + " " + told.reason());
            require(
                    "note",
                    attempt,
                    "tells nothing of an erased text:",
                    true,
                    note.text().isEmpty());
        } else {
            boolean before = erasure != null && erasure.sequence() <= low;
            require("note", attempt, "tells a text that was erased before:", false, before);
            Paper paper = Objects.requireNonNull(ledger.notes()
                    .at(Paths.note(attempt.intent.model(), note.id().value())));
            require("note", attempt, "tells the text", paper.text(), note.text().orElse(""));
        }
    }

    private static String by(JsonNode entry) {
        return entry.path("actor").path("id").asText() + " "
                + entry.path("time").asText();
    }

    /** A refusal says whether the erasure stands, and so it is. */
    void checkRefused(Attempt attempt) {
        Intent intent = attempt.intent;
        if (intent.kind() == Kind.ERASE_NOTE && isUnfinished(attempt)) {
            boolean stands = erasure(intent.stream(), String.valueOf(intent.label())) != null;
            require("note", attempt, "says that an erasure stands:", true, stands);
        }
    }

    static boolean isUnfinished(Attempt attempt) {
        Throwable error = attempt.error;
        return error != null && String.valueOf(error.getMessage()).contains(UNFINISHED);
    }

    /** What {@code verify} has to say of the notes, as things stand. */
    void checkFindings(List<Finding> findings) {
        List<String> expected = new ArrayList<>();
        for (Citation citation : ledger.notes().citations()) {
            if (erasure(citation.stream(), citation.note()) != null) {
                boolean left = ledger.notes().stands(citation.key());
                expected.add((left ? Severity.WARNING : Severity.NOTE) + " " + citation.key());
            }
        }
        for (Paper paper : ledger.notes().papers()) {
            if (paper.stands() && !ledger.notes().isCited(paper.key())) {
                expected.add(Severity.NOTE + " " + paper.key());
            }
        }
        List<String> found = findings.stream()
                .filter(finding -> finding.key().startsWith(Paths.NOTES))
                .map(finding -> finding.severity() + " " + finding.key())
                .sorted()
                .toList();
        require(
                "verify",
                "verify()",
                "finds of the notes",
                expected.stream().sorted().toList(),
                found);
    }

    /** Erased notes whose text is still there, or there again. */
    List<Citation> left() {
        return ledger.notes().citations().stream()
                .filter(c -> ledger.notes().stands(c.key()) && erasure(c.stream(), c.note()) != null)
                .toList();
    }
}
