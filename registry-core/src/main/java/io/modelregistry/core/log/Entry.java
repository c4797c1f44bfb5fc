package io.modelregistry.core.log;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.RequestId;
import io.modelregistry.core.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One immutable step of a stream: the change, and the whole small state that results. {@code docs/format.md} describes each field.
 *
 * @param origin the commit id of the stream's entry 1
 * @param previous null for entry 1
 * @param commit identity of the operation that wrote it
 * @param request the caller's idempotency key; null when there was none
 * @param time by the writer's clock; orders nothing
 * @param seen positions of other streams the decision was based on
 * @param recent the last {@value #RECENT_REQUESTS} requests of the stream, this entry's own included, oldest first
 * @param requires features a reader must understand
 * @param writer the software that wrote it
 */
public record Entry(
        String registry,
        StreamName stream,
        String origin,
        long sequence,
        @Nullable Previous previous,
        String commit,
        @Nullable RequestId request,
        Instant time,
        Actor actor,
        String reason,
        Map<String, Long> seen,
        Json.Obj change,
        Json.Obj state,
        List<RecentRequest> recent,
        List<String> requires,
        String writer) {

    /** How many requests a stream remembers. */
    public static final int RECENT_REQUESTS = 32;

    /**
     * The entry before.
     *
     * @param digest of its stored bytes
     * @param storedAt the store's time of it, as the writer of this entry saw it
     */
    public record Previous(Digest digest, Instant storedAt) {}

    /**
     * A request that was carried out.
     *
     * @param change digest of the change's JSON: the same id with another change is an error
     */
    public record RecentRequest(RequestId request, long sequence, Digest change) {}

    public Optional<RecentRequest> recent(RequestId id) {
        return recent.stream().filter(r -> r.request().equals(id)).findFirst();
    }
}
