package io.modelregistry.webhooks;

import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Changes;
import io.modelregistry.audit.Finding;
import io.modelregistry.audit.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What of a page of the feed is still to be told to a webhook, and the position that says so. Not thread-safe. */
final class Backlog {
    private final String registry;
    private final Changes page;
    private final boolean moves;
    private final Deque<AuditEvent> left = new ArrayDeque<>();
    private Position position;

    Backlog(String registry, Position since, Changes page, Webhook webhook) {
        this.registry = registry;
        this.page = page;
        this.moves = !page.next().equals(since);
        page.events().stream().filter(webhook::wants).forEach(left::add);
        this.position = left.isEmpty() ? page.next() : since;
    }

    /** The event that is to be told next; null when all are told. */
    @Nullable
    AuditEvent next() {
        return left.peekFirst();
    }

    /**
     * The next event was told. Until the page's last one the position leaves behind what was told and no more; unwanted events of other streams are read once more after
     * a failure, and are unwanted again.
     */
    void told() {
        AuditEvent told = left.removeFirst();
        TreeMap<String, Long> delivered = new TreeMap<>(position.delivered());
        delivered.put(told.revision().stream(), told.revision().sequence());
        position = left.isEmpty() ? page.next() : new Position(registry, delivered);
    }

    Position position() {
        return position;
    }

    /** Whether another page is worth reading at once. One that leads nowhere would be read for ever: a damaged entry can be in the way. */
    boolean more() {
        return page.more() && moves;
    }

    /** How many are left, if the feed has no more than is known here. */
    @Nullable
    Long waiting() {
        return page.more() ? null : Long.valueOf(left.size());
    }

    List<Finding> damaged() {
        return page.damaged();
    }
}
