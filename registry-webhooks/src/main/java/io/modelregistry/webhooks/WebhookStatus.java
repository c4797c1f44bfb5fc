package io.modelregistry.webhooks;

import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Finding;
import io.modelregistry.audit.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where a publisher stands with a webhook: for health checks.
 *
 * @param position the first event that wasn't acknowledged is after it
 * @param acknowledged when the endpoint last acknowledged an event to this publisher; null when it never did
 * @param failure what failed last; null when nothing did. It may be over: the state tells
 * @param waiting how many events were waiting when the feed was read last; null when that is unknown, or more than a page of the feed
 * @param damaged entries that can't be read: what their streams tell waits until they are restored
 */
public record WebhookStatus(
        Webhook webhook,
        State state,
        Position position,
        @Nullable Instant acknowledged,
        @Nullable Failure failure,
        @Nullable Long waiting,
        List<Finding> damaged) {
    public WebhookStatus {
        damaged = List.copyOf(damaged);
    }

    /** Whether a webhook is told what happens. */
    public enum State {
        /** The last attempt didn't fail, or there was none yet. */
        WORKING,
        /** The last attempt failed; there will be another. */
        RETRYING,
        /** The endpoint answered 410 Gone: nothing more is sent. Take the webhook out; a new publisher would ask again. */
        GONE
    }

    /**
     * A failure.
     *
     * @param at by this process's clock
     * @param times how often it failed in a row
     * @param event what was to be told; null when it failed before that
     * @param nextAttempt not before then, by the same clock; {@link Instant#MAX} for never
     */
    public record Failure(
            String reason, Instant at, int times, @Nullable AuditEvent event, Instant nextAttempt) {

        /** What was to be told. */
        public Optional<AuditEvent> untold() {
            return Optional.ofNullable(event);
        }
    }

    public Optional<Instant> lastAcknowledged() {
        return Optional.ofNullable(acknowledged);
    }

    public Optional<Failure> lastFailure() {
        return Optional.ofNullable(failure);
    }

    /** How many events were waiting when the feed was read last, if that is known. */
    public OptionalLong eventsWaiting() {
        return waiting == null ? OptionalLong.empty() : OptionalLong.of(waiting);
    }
}
