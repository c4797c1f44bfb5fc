package io.modelregistry.core.audit;

import io.modelregistry.ModelName;
import io.modelregistry.Revision;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.version.CitedEntry;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Merges all streams of a model into one history. */
public final class Trail {
    private final Streams streams;

    public Trail(Streams streams) {
        this.streams = streams;
    }

    /**
     * Everything that happened to a model. Within a stream the order is the stream's; between streams it is that of the store's clock, but nothing comes
     * before what its writer had seen.
     */
    public List<AuditEvent> of(ModelName model) {
        Map<String, Deque<AuditEvent>> waiting = new TreeMap<>();
        for (StreamName name : new ModelStreams(streams.store()).of(model)) {
            waiting.put(name.path(), new ArrayDeque<>(events(name)));
        }
        List<AuditEvent> merged = new ArrayList<>();
        while (!waiting.isEmpty()) {
            merged.add(next(waiting));
            waiting.values().removeIf(Deque::isEmpty);
        }
        return merged;
    }

    /** The entries at these keys, in their order; other keys are passed over. */
    public List<AuditEvent> of(List<String> keys) {
        List<AuditEvent> events = new ArrayList<>();
        for (String key : keys) {
            Optional<StreamName> stream = KeyLayout.stream(key);
            if (stream.isPresent()) {
                EventLog log = streams.log(stream.get());
                long sequence = KeyLayout.sequence(stream.get(), key).orElseThrow();
                StoredEntry stored = log.require(sequence, sequence);
                Entry previous = sequence == 1
                        ? null
                        : log.require(sequence - 1, sequence).entry();
                events.add(event(stored, previous, stored.at()));
            }
        }
        return events;
    }

    /** Entries of another registry, cited in order within each stream. */
    public static List<AuditEvent> cited(String registry, List<CitedEntry> cited) {
        Map<String, Entry> last = new HashMap<>();
        List<AuditEvent> events = new ArrayList<>();
        for (CitedEntry each : cited) {
            Entry entry = each.entry(registry);
            Entry previous = last.put(each.stream().path(), entry);
            events.add(event(new StoredEntry(entry, each.digest(), null), previous, entry.time()));
        }
        return List.copyOf(events);
    }

    private static AuditEvent next(Map<String, Deque<AuditEvent>> waiting) {
        List<Deque<AuditEvent>> ready = waiting.values().stream()
                .filter(queue -> isReady(queue.getFirst(), waiting))
                .toList();
        // only streams that were tampered with leave nothing ready
        return (ready.isEmpty() ? waiting.values() : ready)
                .stream()
                        .min(Comparator.comparing(queue -> queue.getFirst().at()))
                        .orElseThrow()
                        .removeFirst();
    }

    private static boolean isReady(AuditEvent event, Map<String, Deque<AuditEvent>> waiting) {
        return event.seen().entrySet().stream().allMatch(seen -> {
            Deque<AuditEvent> queue = waiting.get(seen.getKey());
            return queue == null
                    || queue.isEmpty()
                    || queue.getFirst().revision().sequence() > seen.getValue();
        });
    }

    private List<AuditEvent> events(StreamName name) {
        EventLog log = streams.log(name);
        Tip tip = log.read();
        // the stream was listed, so that an empty one has lost its first entry
        List<StoredEntry> entries = log.entries(1, Math.max(1, tip.sequence()));
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry previous = i == 0 ? null : entries.get(i - 1).entry();
            StoredEntry stored = entries.get(i);
            Entry.Previous pin =
                    i + 1 < entries.size() ? entries.get(i + 1).entry().previous() : null;
            events.add(event(stored, previous, pin == null ? stored.at() : pin.storedAt()));
        }
        return events;
    }

    static AuditEvent event(StoredEntry stored, @Nullable Entry previous, Instant at) {
        Entry entry = stored.entry();
        Story story = Story.of(entry, previous);
        return new AuditEvent(
                new Revision(entry.stream().path(), entry.sequence()),
                at,
                entry.time(),
                entry.actor(),
                entry.change().fields().get("type") instanceof Json.Str type ? type.value() : "change",
                story.subject(),
                story.before(),
                story.after(),
                entry.reason(),
                entry.request(),
                entry.seen(),
                stored.digest());
    }
}
