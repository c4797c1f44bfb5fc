package io.modelregistry.testkit.simulation;

import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Changes;
import io.modelregistry.audit.Position;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One reader of the feed, from process to process: what it has written down, and what it was told by then. A process that dies before it writes down a page was told
 * nothing. Not thread-safe.
 */
final class Reading {
    private final SortedMap<String, Long> told;
    /** What each stream's newest event led to, in the words of the feed. */
    private final Map<String, String> after = new HashMap<>();

    private String noted;

    /** @param from where it begins */
    Reading(Position from) {
        told = new TreeMap<>(from.delivered());
        noted = from.toString();
    }

    /** What is read again before each page. */
    Position position() {
        return Position.parse(noted);
    }

    void note(Changes page) {
        noted = page.next().toString();
    }

    /** The newest entry of a stream that it was told of, or that came before its beginning; 0 for none. */
    long told(String stream) {
        return told.getOrDefault(stream, 0L);
    }

    void tell(AuditEvent event) {
        told.put(event.revision().stream(), event.revision().sequence());
        after.put(event.revision().stream(), event.after());
    }

    /** What the newest event of a stream led to; the default when none was told since the beginning. */
    String after(String stream, String otherwise) {
        return after.getOrDefault(stream, otherwise);
    }

    SortedMap<String, Long> told() {
        return Collections.unmodifiableSortedMap(told);
    }
}
