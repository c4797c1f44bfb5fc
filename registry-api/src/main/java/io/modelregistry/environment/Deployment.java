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
 * @param conclusion of the experiment that it ended; null when it ended none
 */
public record Deployment(
        Revision revision,
        @Nullable Rollout served,
        Change change,
        Actor actor,
        String reason,
        Instant at,
        Digest entry,
        @Nullable Conclusion conclusion) {

    /** What was done to an environment. */
    public enum Change {
        /** A version was promoted. */
        PROMOTE,
        /** A part of the traffic was given to a version that is tried. */
        CANARY,
        /** The canary's share was changed. */
        RAMP,
        /** The canary was given to everybody. */
        COMPLETE,
        /** What was tried was taken out; the stable version remains. */
        HALT,
        /** An experiment was ended. */
        CONCLUDE,
        /** An earlier rollout was restored. */
        ROLL_BACK,
        /** What was served was taken out of service. */
        WITHDRAW,
        /** Something a newer release of this library did; {@code served} still says what is served. */
        OTHER
    }

    /** What is served from here on, as it was decided; {@link Rollout#at} says what scheduled steps made of it. Empty for nothing. */
    public Optional<Rollout> rollout() {
        return Optional.ofNullable(served);
    }

    /** The conclusion of the experiment that it ended. */
    public Optional<Conclusion> concluded() {
        return Optional.ofNullable(conclusion);
    }
}
