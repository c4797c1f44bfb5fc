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
 * @param reason whose it is: its reason, or, as the entry of a new note has none, what the note says first
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
        JsonNode json,
        String reason) {

    String key() {
        return Paths.entry(stream, sequence);
    }

    String change() {
        return json.path("change").path("type").asText();
    }

    /** The store's time of it, unless that lies before the time that it pins for the entry before. */
    Instant time() {
        JsonNode pin = json.path("previous").path("storedAt");
        Instant pinned = pin.isMissingNode() ? storedAt : Instant.parse(pin.asText());
        return pinned.isAfter(storedAt) ? pinned : storedAt;
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

    private JsonNode steps() {
        return state().path("current").path("steps");
    }

    /** How many of the scheduled steps are due at an instant. */
    int stepsDue(Instant instant) {
        int due = 0;
        for (JsonNode step : steps()) {
            due += step.has("at") && !Instant.parse(step.path("at").asText()).isAfter(instant) ? 1 : 0;
        }
        return due;
    }

    /** The share that tries it after so many of the scheduled steps. */
    long shareAfter(int steps) {
        return steps == 0 ? share() : steps().path(steps - 1).path("weight").asLong();
    }

    /** The shares of all steps to come, and when each that is scheduled is due: {@code 3000 at 2026-01-02T00:00:20Z}. */
    List<String> plan() {
        List<String> plan = new ArrayList<>();
        steps().forEach(step -> plan.add(step.path("weight").asText()
                + (step.has("at") ? " at " + step.path("at").asText() : "")));
        return plan;
    }

    /** The experiment that is under way; empty for none. */
    String experiment() {
        return state().path("current").path("experiment").path("id").asText();
    }

    /** All versions that are served. */
    List<Long> versions() {
        return LongStream.of(served(), tried()).filter(v -> v > 0).boxed().toList();
    }

    /** The arms of a rollout with their versions, and its salt: {@code main=1 canary=2 by 2}. Rollouts that agree in these are the same. */
    static String arms(JsonNode rollout) {
        StringBuilder arms = new StringBuilder(32);
        for (JsonNode arm : rollout.path("arms")) {
            arms.append(arm.path("id").asText())
                    .append('=')
                    .append(arm.path("version").asText())
                    .append(' ');
        }
        return arms.append("by ").append(rollout.path("salt").asText()).toString();
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
