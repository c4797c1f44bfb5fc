package io.modelregistry.testkit.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

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

    /** The version an environment serves from here on to whom nothing is known of; 0 for none. */
    long served() {
        return state().path("current").path("arms").path(0).path("version").asLong();
    }

    /** The version that is tried beside it; 0 for none. */
    long tried() {
        return state().path("current").path("arms").path(1).path("version").asLong();
    }

    /** The share that tries it, in basis points. */
    long share() {
        return state().path("current").path("arms").path(1).path("weight").asLong();
    }

    /** All versions that are served. */
    List<Long> versions() {
        return LongStream.of(served(), tried()).filter(v -> v > 0).boxed().toList();
    }

    /** The versions of a rollout: {@code 1} or {@code 1+2}. */
    static String arms(JsonNode rollout) {
        List<String> versions = new ArrayList<>();
        rollout.path("arms").forEach(arm -> versions.add(arm.path("version").asText()));
        return String.join("+", versions);
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
