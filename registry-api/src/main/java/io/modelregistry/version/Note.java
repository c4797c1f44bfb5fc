package io.modelregistry.version;

import io.modelregistry.Actor;
import io.modelregistry.NoteId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Free text about a version that, unlike everything else, can be erased. The audit trail holds its digest, which says nothing once the text and its
 * salt are gone.
 *
 * @param writtenAt by the writer's clock
 * @param content null when it was erased
 * @param erasure null while it stands
 */
public record Note(
        NoteId id,
        Actor writtenBy,
        Instant writtenAt,
        @Nullable String content,
        @Nullable Erasure erasure) {

    /**
     * That a note was erased. This stays.
     *
     * @param at by the clock of who erased it
     */
    public record Erasure(Actor by, Instant at, String reason) {}

    /** The text, compared with the digest in the audit trail; empty when it was erased. */
    public Optional<String> text() {
        return Optional.ofNullable(content);
    }

    /** Who erased it, when and why; empty while it stands. */
    public Optional<Erasure> erased() {
        return Optional.ofNullable(erasure);
    }
}
