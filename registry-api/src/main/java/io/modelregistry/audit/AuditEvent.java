package io.modelregistry.audit;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.RequestId;
import io.modelregistry.Revision;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One entry of one stream, for a reader.
 *
 * @param at the store's time
 * @param writtenAt the writer's clock
 * @param what the change's type: {@code register}, {@code promote}, {@code roll-back}, {@code withdraw}, {@code evaluate}, {@code approve} …
 * @param subject what it was done to: {@code fraud-detector@12}, {@code production}, {@code label 1.4.0}
 * @param before the state before in a few words; empty for the first
 * @param after the state after in a few words
 * @param seen the positions of other streams that the decision was based on
 * @param entry digest of the stored entry
 */
public record AuditEvent(
        Revision revision,
        Instant at,
        Instant writtenAt,
        Actor actor,
        String what,
        String subject,
        String before,
        String after,
        String reason,
        @Nullable RequestId request,
        Map<String, Long> seen,
        Digest entry) {
    public AuditEvent {
        seen = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(seen));
    }

    /** {@code 2026-11-22T09:30:00Z  ada  promote production: 11 → 12  "better sensitivity"  [environments/production/m#7]} */
    @Override
    public String toString() {
        String change = before.isEmpty() ? after : before + " → " + after;
        return at + "  " + actor + "  " + what + " " + subject + (change.isEmpty() ? "" : ": " + change)
                + (reason.isEmpty() ? "" : "  \"" + reason + "\"") + "  [" + revision + "]";
    }
}
