package io.modelregistry.environment;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.Revision;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One change of what an environment serves.
 *
 * @param served what it serves from here on; null for nothing
 * @param change what was done
 * @param at the store's time of the change where it is known, else the writer's
 * @param entry digest of the stored entry
 */
public record Deployment(
        Revision revision,
        @Nullable Rollout served,
        Change change,
        Actor actor,
        String reason,
        Instant at,
        Digest entry) {

    /** What was done to an environment. */
    public enum Change {
        /** A version was promoted. */
        PROMOTE,
        /** An earlier rollout was restored. */
        ROLL_BACK,
        /** What was served was taken out of service. */
        WITHDRAW,
        /** Something a newer release of this library did; {@code served} still says what is served. */
        OTHER
    }

    /** What is served from here on; empty for nothing. */
    public Optional<Rollout> rollout() {
        return Optional.ofNullable(served);
    }
}
