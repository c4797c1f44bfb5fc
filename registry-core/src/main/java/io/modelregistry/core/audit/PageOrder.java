package io.modelregistry.core.audit;

import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Position;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts the events of a page in order: nothing comes before what its writer had seen. What an event cites may have landed after the listing, or lie beyond
 * the page; the event then waits for a later page. Used once.
 */
final class PageOrder {
    private final Streams streams;
    private final Map<StreamName, Long> listed;
    private final Map<String, Long> delivered;
    private final Map<String, Deque<AuditEvent>> waiting = new TreeMap<>();
    private final Set<String> stopped = new HashSet<>();
    /** Cited entries beyond the listing, and whether they stand. */
    private final Map<String, Boolean> looked = new HashMap<>();

    PageOrder(Streams streams, Position since, Map<StreamName, Long> listed) {
        this.streams = streams;
        this.listed = listed;
        this.delivered = new TreeMap<>(since.delivered());
    }

    void add(StreamRun run) {
        if (!run.damaged().isEmpty()) {
            stopped.add(run.name().path());
        }
        if (!run.events().isEmpty()) {
            waiting.put(run.name().path(), new ArrayDeque<>(run.events()));
        }
    }

    List<AuditEvent> run() {
        List<AuditEvent> events = new ArrayList<>();
        Optional<Deque<AuditEvent>> next = next(events);
        while (next.isPresent()) {
            take(next.get(), events);
            next = next(events);
        }
        return events;
    }

    /** Citations that go round in circles were forged, and long ones reach beyond any page: neither stops the feed. */
    private Optional<Deque<AuditEvent>> next(List<AuditEvent> events) {
        Optional<Deque<AuditEvent>> ready = ready();
        return ready.isEmpty() && events.isEmpty()
                ? earliest(waiting.values().stream()
                        .filter(queue -> allListed(queue.getFirst()))
                        .toList())
                : ready;
    }

    Position position() {
        return new Position(streams.registry(), new TreeMap<>(delivered));
    }

    boolean heldBack() {
        return !waiting.isEmpty();
    }

    private void take(Deque<AuditEvent> queue, List<AuditEvent> events) {
        AuditEvent event = queue.removeFirst();
        events.add(event);
        delivered.put(event.revision().stream(), event.revision().sequence());
        if (queue.isEmpty()) {
            waiting.remove(event.revision().stream());
        }
    }

    private Optional<Deque<AuditEvent>> ready() {
        return earliest(waiting.values().stream()
                .filter(queue -> queue.getFirst().seen().entrySet().stream()
                        .allMatch(cited -> isBehind(cited.getKey(), cited.getValue())))
                .toList());
    }

    private static Optional<Deque<AuditEvent>> earliest(Collection<Deque<AuditEvent>> queues) {
        return queues.stream()
                .min(Comparator.comparing(queue -> queue.getFirst().at()));
    }

    /** Whether a cited entry has been delivered, or never will be. */
    private boolean isBehind(String stream, long sequence) {
        return sequence <= delivered.getOrDefault(stream, 0L)
                || stopped.contains(stream)
                || (!isListed(stream, sequence) && !stands(stream, sequence));
    }

    private boolean isListed(String stream, long sequence) {
        return listed.getOrDefault(new StreamName(stream), 0L) >= sequence;
    }

    private boolean allListed(AuditEvent event) {
        return event.seen().entrySet().stream()
                .allMatch(cited ->
                        isBehind(cited.getKey(), cited.getValue()) || isListed(cited.getKey(), cited.getValue()));
    }

    /** What landed after the listing stands, and the next listing has it. */
    private boolean stands(String stream, long sequence) {
        if (sequence > KeyLayout.MAX_SEQUENCE
                || KeyLayout.stream(stream + "/0000000001.json").isEmpty()) {
            return false;
        }
        String key = KeyLayout.entry(new StreamName(stream), sequence);
        return looked.computeIfAbsent(
                key, k -> streams.store().stat(k, streams.store().deadline()).isPresent());
    }
}
