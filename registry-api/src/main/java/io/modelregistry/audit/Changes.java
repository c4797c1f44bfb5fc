package io.modelregistry.audit;

import java.util.List;

/**
 * A page of what happened after a {@link Position}. Within a stream the events are in its order, without gaps; between streams nothing comes before
 * what its writer had seen, unless that was removed, is damaged, or lies more than a page further on.
 *
 * @param next where the next page begins. Keep it with what was done about these events, and none is lost or done twice
 * @param more whether there is more at once; otherwise ask again later
 * @param damaged entries that can't be read: their streams stay where they are until they are restored, the others go on
 */
public record Changes(List<AuditEvent> events, Position next, boolean more, List<Finding> damaged) {
    public Changes {
        events = List.copyOf(events);
        damaged = List.copyOf(damaged);
    }
}
