package io.modelregistry.webhooks;

import io.modelregistry.audit.AuditEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to tell a webhook about an event.
 *
 * @param id what the receiver knows a repetition by: the same for each attempt at this event, whoever makes it
 * @param failure why it isn't known to have arrived; null when the endpoint acknowledged it
 */
public record Delivery(
        Webhook webhook,
        AuditEvent event,
        String id,
        @Nullable String failure) {

    public boolean isAcknowledged() {
        return failure == null;
    }

    /** Why it isn't known to have arrived. */
    public Optional<String> reason() {
        return Optional.ofNullable(failure);
    }
}
