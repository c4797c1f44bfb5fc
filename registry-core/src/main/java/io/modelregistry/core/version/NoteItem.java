package io.modelregistry.core.version;

import io.modelregistry.Digest;
import io.modelregistry.NoteId;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * What the state of a stream in {@code evaluations/} says of a note.
 *
 * @param digest of the note's object, its salt included
 * @param added the entry that cited it first
 * @param erased the entry that erased it; 0 while it stands
 */
public record NoteItem(NoteId id, Digest digest, long added, long erased) {
    private static final String NOTES = "notes";

    /** The notes that an entry carries. */
    public static List<NoteItem> of(Json.Obj state) {
        return Fields.of(state).objects(NOTES, NoteItem::decode);
    }

    public boolean isErased() {
        return erased > 0;
    }

    /** All notes once an entry added another. */
    public static List<NoteItem> adding(List<NoteItem> before, NoteId id, Digest digest, long entry) {
        List<NoteItem> after = new ArrayList<>(before);
        after.add(new NoteItem(id, digest, entry, 0));
        return List.copyOf(after);
    }

    /** All notes once an entry erased one. */
    public static List<NoteItem> erasing(List<NoteItem> before, NoteId id, long entry) {
        return before.stream()
                .map(note -> note.id().equals(id) ? new NoteItem(id, note.digest(), note.added(), entry) : note)
                .toList();
    }

    /** The state with these notes. */
    static Json.Obj state(Json.Obj before, List<NoteItem> notes) {
        return Json.object()
                .optional("metrics", before.fields().get("metrics"), metrics -> metrics)
                .put(NOTES, Json.array(notes, NoteItem::encode))
                .keep(before.fields())
                .build();
    }

    private Json.Obj encode() {
        return Json.object()
                .put("id", id.value())
                .put("sha256", digest.hex())
                .put("added", added)
                .optional("erased", isErased() ? erased : null)
                .build();
    }

    private static NoteItem decode(Fields fields) {
        Long erased = fields.numberOrNull("erased");
        return new NoteItem(
                NoteId.of(fields.text("id")),
                new Digest(fields.text("sha256")),
                fields.number("added"),
                erased == null ? 0 : erased);
    }
}
