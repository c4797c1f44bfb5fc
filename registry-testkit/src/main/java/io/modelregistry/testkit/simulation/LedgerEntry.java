package io.modelregistry.testkit.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Locale;

/**
 * One entry as it came into being.
 *
 * @param content as it was created
 * @param sha256 of the content
 * @param tick the moment, on the {@linkplain Ledger#now simulation's own count}
 * @param by the process that sent it
 * @param json its first line
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LedgerEntry(
        String stream,
        long sequence,
        byte[] content,
        String sha256,
        Instant storedAt,
        long tick,
        String by,
        JsonNode json) {

    String key() {
        return Paths.entry(stream, sequence);
    }

    String reason() {
        return json.path("reason").asText();
    }

    String change() {
        return json.path("change").path("type").asText();
    }

    JsonNode state() {
        return json.path("state");
    }

    /** The position of another stream that this entry says its decision rests on; 0 for none. */
    long seen(String other) {
        return json.path("seen").path(other).asLong();
    }

    /** The version an environment serves from here on; 0 for none. */
    long served() {
        return state().path("current").path("arms").path(0).path("version").asLong();
    }

    /** Where a review leads: {@code APPROVED}, as the constant is named. */
    String judged() {
        return state().path("state").asText().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    @Override
    public String toString() {
        return stream + "#" + sequence + " (" + change() + ", \"" + reason() + "\", by " + by + ")";
    }
}
