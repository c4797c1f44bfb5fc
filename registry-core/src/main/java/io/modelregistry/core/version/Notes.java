package io.modelregistry.core.version;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelName;
import io.modelregistry.NotFoundException;
import io.modelregistry.NoteId;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.Texts;
import io.modelregistry.VersionId;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.Draft;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Operation;
import io.modelregistry.core.log.Store;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import io.modelregistry.storage.StoredObject;
import io.modelregistry.version.Note;
import io.modelregistry.version.Note.Erasure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Texts that can be erased: objects under {@code notes/}, cited by the digest of their bytes in the version's stream in {@code evaluations/}. The bytes hold a
 * salt of 128 random bits, so that the digest that stays gives nothing away.
 *
 * <p>The note is written before the entry that cites it, and deleted after the entry that says so: a crash leaves a note that nobody cites, which does no
 * harm, or an erasure that is repeated. Thread-safe.
 */
public final class Notes {
    public static final String ADD = "add-note";
    public static final String ERASE = "erase-note";
    /** The field of a change that names the note. */
    public static final String NOTE = "note";

    public static final String DIGEST = "sha256";

    private static final int MOST_NOTES = 200;
    private static final int MOST_CHARACTERS = 10_000;
    private static final int MOST_BYTES = 128 * 1024;

    private final Streams streams;

    public Notes(Streams streams) {
        this.streams = streams;
    }

    /** Adds to a version that stands. */
    public NoteId add(VersionId version, String text, Actor actor) {
        Store store = streams.store();
        Texts.check("note", text, MOST_CHARACTERS);
        NoteId id = new NoteId(store.host().newId());
        byte[] content = JsonFormat.write(Json.object()
                .put("format", 1)
                .put("id", id.value())
                .put("salt", store.host().newId())
                .put("text", text)
                .build());
        Digest digest = Digest.of(content);
        Json.Obj change = Json.object()
                .put("type", ADD)
                .put(NOTE, id.value())
                .put(DIGEST, digest.hex())
                .build();
        Operation operation = new Operation(change, actor, "", null);
        EventLog log = log(version);
        streams.guard().check(operation);
        checkRoom(version, log.cached().orElseGet(log::read));
        store.createIdempotently(KeyLayout.note(version.model(), id), content);
        log.append(operation, List.of(), tip -> {
            checkRoom(version, tip);
            List<NoteItem> notes = NoteItem.adding(tip.decode(NoteItem::of), id, digest, tip.sequence() + 1);
            return Optional.of(new Draft(NoteItem.state(tip.state(), notes), seen(version)));
        });
        return id;
    }

    /** All notes of a version; asks the store for each. */
    public List<Note> all(VersionId version) {
        EventLog log = log(version);
        Tip tip = log.read();
        List<Callable<Note>> reads = tip.decode(NoteItem::of).stream()
                .<Callable<Note>>map(item -> () -> read(version, log, item))
                .toList();
        return streams.parallel().call(reads);
    }

    /** Says who erases it and why, and then deletes it; does what is left to do. */
    public void erase(VersionId version, NoteId id, String reason, Actor actor) {
        Json.Obj change = Json.object().put("type", ERASE).put(NOTE, id.value()).build();
        EventLog log = log(version);
        Operation operation = new Operation(change, actor, Texts.line("reason", reason, 200), null);
        require(version, id, log.read());
        log.append(
                operation,
                List.of(),
                tip -> require(version, id, tip).isErased()
                        ? Optional.empty()
                        : Optional.of(new Draft(
                                NoteItem.state(
                                        tip.state(),
                                        NoteItem.erasing(tip.decode(NoteItem::of), id, tip.sequence() + 1)),
                                seen(version))));
        String unfinished = "That the note " + id + " of " + version
                + " is erased stands in the audit trail, but it is not known whether its text is deleted: ";
        try {
            streams.store().erase(KeyLayout.note(version.model(), id));
        } catch (AccessDeniedException e) {
            throw new AccessDeniedException(
                    unfinished + e.getMessage() + ". Let somebody who may delete under notes/ erase it again", e);
        } catch (StoreUnavailableException e) {
            throw new StoreUnavailableException(unfinished + e.getMessage() + ". Erase it again: that only deletes", e);
        }
    }

    /**
     * Compares a note that should stand with what does.
     *
     * @return what is wrong; null for nothing
     */
    public @Nullable IntegrityException check(ModelName model, NoteItem item) {
        try {
            text(model, item);
            return null;
        } catch (IntegrityException e) {
            return e;
        }
    }

    private Note read(VersionId version, EventLog log, NoteItem item) {
        Entry added = log.require(item.added(), item.added()).entry();
        if (item.isErased()) {
            Entry erased = log.require(item.erased(), item.erased()).entry();
            Erasure erasure = new Erasure(erased.actor(), erased.time(), erased.reason());
            return new Note(item.id(), added.actor(), added.time(), null, erasure);
        }
        try {
            String text = text(version.model(), item);
            return new Note(item.id(), added.actor(), added.time(), text, null);
        } catch (IntegrityException e) {
            // it may have been erased since the stream was read
            NoteItem now = require(version, item.id(), log.read());
            if (now.isErased()) {
                return read(version, log, now);
            }
            throw e;
        }
    }

    private String text(ModelName model, NoteItem item) {
        String key = KeyLayout.note(model, item.id());
        byte[] content = fetch(key)
                .filter(bytes -> Digest.of(bytes).equals(item.digest()))
                .or(() -> fetch(key)) // what a connection spoilt is right when it is read again
                .orElseThrow(() -> damaged(
                        Damage.MISSING_NOTE, key, "it isn't there, and no entry says that it was erased", null));
        Digest found = Digest.of(content);
        if (!found.equals(item.digest())) {
            throw damaged(Damage.CORRUPT_NOTE, key, "it is " + found + " instead of " + item.digest(), null);
        }
        try {
            return Fields.of(JsonFormat.readObject(content)).text("text");
        } catch (MalformedException e) {
            throw damaged(Damage.CORRUPT_NOTE, key, "it was added as it is, but " + e.getMessage(), e);
        }
    }

    private Optional<byte[]> fetch(String key) {
        Store store = streams.store();
        return store.get(key, MOST_BYTES, store.deadline()).map(StoredObject::content);
    }

    private static IntegrityException damaged(Damage damage, String key, String what, @Nullable Throwable cause) {
        return new IntegrityException(
                damage, key, "The note " + key + ": " + what + ". Restore it from a backup or replica", cause);
    }

    private static NoteItem require(VersionId version, NoteId id, Tip tip) {
        return tip.decode(NoteItem::of).stream()
                .filter(note -> note.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("No note " + id + " of " + version));
    }

    private static void checkRoom(VersionId version, Tip tip) {
        if (tip.decode(NoteItem::of).size() >= MOST_NOTES) {
            throw new InvalidRequestException(version + " has " + MOST_NOTES
                    + " notes, as many as are kept. Put long discussions elsewhere and note where");
        }
    }

    private EventLog log(VersionId version) {
        return streams.log(KeyLayout.evaluations(version));
    }

    private static Map<String, Long> seen(VersionId version) {
        return Map.of(KeyLayout.versions(version.model()).path(), version.number());
    }
}
