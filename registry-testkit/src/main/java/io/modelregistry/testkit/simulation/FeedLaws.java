package io.modelregistry.testkit.simulation;

import static io.modelregistry.testkit.simulation.Ledger.require;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Changes;
import io.modelregistry.audit.Position;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges the feed: each reader is told every entry once, in the order of its stream, as it stands, and after what its writer had seen; a page that says it is the
 * last one leaves out nothing that stood when it was asked for.
 */
final class FeedLaws {
    /** Streams whose events tell the state before and after. */
    private static final Set<String> CARRIED = Set.of("models", "reviews", "environments");

    private final Ledger ledger;

    FeedLaws(Ledger ledger) {
        this.ledger = ledger;
    }

    void check(Attempt attempt) {
        if (attempt.answer instanceof Position present) {
            checkPresent(attempt, present);
        } else if (attempt.answer instanceof Changes page) {
            checkPage(attempt, page, attempt.process.reading());
        }
    }

    /** What happened before is before it, what began afterwards is after it. */
    private void checkPresent(Attempt attempt, Position present) {
        require("feed", attempt, "prints as", present, Position.parse(present.toString()));
        for (String stream : ledger.streams()) {
            long at = present.delivered(stream);
            long low = ledger.countAt(stream, attempt.invoked);
            long high = ledger.countAt(stream, attempt.returned);
            require(
                    "feed",
                    attempt,
                    "is at " + at + " of " + stream + ", between " + low + " and " + high + ":",
                    true,
                    low <= at && at <= high);
        }
        boolean known = ledger.streams().containsAll(present.delivered().keySet());
        require("feed", attempt, "names streams that stand:", true, known);
        attempt.process.readFrom(present);
    }

    private void checkPage(Attempt attempt, Changes page, Reading reading) {
        int most = attempt.intent.content();
        long before = untold(reading, attempt.returned);
        boolean alone = before == untold(reading, attempt.invoked);
        List<AuditEvent> events = page.events();
        require("feed", attempt, "is damaged:", List.of(), page.damaged());
        require("feed", attempt, "is no longer than " + most + ":", true, events.size() <= most);
        for (int i = 0; i < events.size(); i++) {
            AuditEvent event = events.get(i);
            checkTold(attempt, event, reading);
            // what lies further on than a page may keep nobody waiting
            if (i > 0 || before <= most) {
                checkSeen(attempt, event, reading);
            }
            reading.tell(event);
        }
        require("feed", attempt, "ends at", reading.told(), page.next().delivered());
        require(
                "feed",
                attempt,
                "ends in the registry",
                ledger.registry(),
                page.next().registry());
        require(
                "feed",
                attempt,
                "prints as",
                page.next(),
                Position.parse(page.next().toString()));
        long left = untold(reading, attempt.invoked);
        if (!page.more() || (alone && before <= most)) {
            require("feed", attempt, "leaves out of what stood when it began", 0L, left);
        }
        if (page.more()) {
            boolean stands = untold(reading, attempt.returned) > 0;
            require("feed", attempt, "says that there is more, and there is:", true, stands);
            require("feed", attempt, "gets on:", true, !events.isEmpty() || !alone);
        }
        reading.note(page);
    }

    /** How many entries stood at a moment that a reader hasn't been told of. */
    private long untold(Reading reading, long moment) {
        return ledger.streams().stream()
                .mapToLong(stream -> Math.max(0, ledger.countAt(stream, moment) - reading.told(stream)))
                .sum();
    }

    private void checkTold(Attempt attempt, AuditEvent event, Reading reading) {
        String stream = event.revision().stream();
        long sequence = event.revision().sequence();
        require("feed", attempt, "goes on in " + stream + " with", reading.told(stream) + 1, sequence);
        require("feed", attempt, "tells of what stands: " + event, true, sequence <= ledger.count(stream));
        LedgerEntry entry = ledger.entry(stream, sequence);
        JsonNode json = entry.json();
        require(
                "feed",
                attempt,
                "tells " + entry + " by its digest",
                entry.sha256(),
                event.entry().hex());
        require("feed", attempt, "tells of " + entry, told(entry), told(event));
        require("feed", attempt, "tells the time of " + entry, entry.time(), event.at());
        if (CARRIED.contains(Paths.segment(stream, 0))) {
            String before = sequence == 1 ? "" : reading.after(stream, event.before());
            require("feed", attempt, "tells what " + entry + " came after", before, event.before());
        }
        Map<String, Long> seen = new TreeMap<>();
        json.path("seen")
                .properties()
                .forEach(other -> seen.put(other.getKey(), other.getValue().asLong()));
        require("feed", attempt, "tells what " + entry + " rests on:", seen, event.seen());
    }

    private static String told(LedgerEntry entry) {
        JsonNode json = entry.json();
        return json.path("actor").path("id").asText() + " " + entry.change() + " "
                + Instant.parse(json.path("time").asText()) + " \""
                + json.path("reason").asText() + "\" "
                + json.path("request").asText();
    }

    private static String told(AuditEvent event) {
        return event.actor() + " " + event.what() + " " + event.writtenAt() + " \"" + event.reason() + "\" "
                + (event.request() == null ? "" : event.request().value());
    }

    private static void checkSeen(Attempt attempt, AuditEvent event, Reading reading) {
        event.seen()
                .forEach((stream, sequence) -> require(
                        "feed",
                        attempt,
                        "tells " + event + " after " + stream + "#" + sequence + ":",
                        true,
                        sequence <= reading.told(stream)));
    }

    /** A reader that has come to the end. */
    void requireAll(Attempt attempt, Reading reading) {
        Map<String, Long> standing = new TreeMap<>();
        ledger.streams().forEach(stream -> standing.put(stream, ledger.count(stream)));
        require("I20", attempt, "has read up to", standing, reading.told());
    }
}
