package io.modelregistry.lifecycle;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the review of a version stands.
 *
 * @param submission number of the newest submission; 0 while there is none
 * @param approvals those of the submission that was judged last, oldest first; empty for a newer one that nobody has judged
 */
public record Review(LifecycleState state, long submission, List<Signature> approvals) {
    public Review {
        approvals = List.copyOf(approvals);
    }

    /**
     * An approval that was given.
     *
     * @param manifest names the bytes that were approved
     * @param printedName null when none was given
     * @param authenticatedAt when the signer had last proved his identity; null when not stated
     * @param at by the writer's clock
     */
    public record Signature(
            Actor actor,
            Approval.Meaning meaning,
            Digest manifest,
            @Nullable String printedName,
            @Nullable Instant authenticatedAt,
            Instant at) {}
}
