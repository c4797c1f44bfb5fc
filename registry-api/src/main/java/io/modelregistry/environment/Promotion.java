package io.modelregistry.environment;

import io.modelregistry.RequestId;
import io.modelregistry.Revision;
import io.modelregistry.Texts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change of what an environment serves.
 *
 * @param version number of the version to serve
 * @param reason why, for the audit trail: up to 200 characters, kept for ever
 * @param expected the revision that must still be the newest; null for the one this handle last returned, else the newest at the start of the call
 */
public record Promotion(
        long version,
        String reason,
        @Nullable Revision expected,
        @Nullable RequestId requestId) {
    public Promotion {
        Texts.line("reason", reason, 200);
    }

    public static Promotion of(long version, String reason) {
        return new Promotion(version, reason, null, null);
    }

    /** Refuses with a {@link io.modelregistry.ConflictException} if anything was changed since this revision. */
    public Promotion expecting(Revision revision) {
        return new Promotion(version, reason, revision, requestId);
    }

    /** Promoting again with the same id returns the first outcome. */
    public Promotion request(String id) {
        return new Promotion(version, reason, expected, RequestId.of(id));
    }

    public Optional<RequestId> request() {
        return Optional.ofNullable(requestId);
    }
}
