package io.modelregistry.testkit.simulation;

import io.modelregistry.Outcome;
import io.modelregistry.testkit.FaultType;
import io.modelregistry.testkit.Operation;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts what really occurred. One for each thread; merged at the end. */
final class Tally {
    private final Map<String, long[]> events = new TreeMap<>();
    private final Map<FaultType, Map<Operation, Long>> faults = new EnumMap<>(FaultType.class);
    private long schedules;
    private long calls;
    private long attempts;

    void schedule(long storeCalls, Collection<Intent> intents) {
        schedules++;
        calls += storeCalls;
        for (Intent intent : intents) {
            if (intent.attempts().size() > 1
                    && intent.attempts().get(intent.attempts().size() - 1).isDone()) {
                count("repeated until it was done");
            }
        }
    }

    void fault(FaultType type, Operation operation) {
        add(type, operation, 1);
    }

    void attempt(Attempt attempt) {
        attempts++;
        String error =
                attempt.error == null ? "" : " " + attempt.error.getClass().getSimpleName();
        count("end: " + attempt.intent.kind() + " " + attempt.end + error);
        attempt.slots.forEach(letters -> count("slot: " + letters));
        if (attempt.disturbances.contains("INTERRUPT")) {
            count("interrupted");
        }
    }

    void created(LedgerEntry entry, @Nullable Intent intent) {
        if (intent != null && intent.attempts().stream().allMatch(a -> a.returned <= entry.tick())) {
            count("landed after its caller was told");
        }
        if (entry.reason().contains("is retired")) {
            count("a promotion met a retirement and was withdrawn");
        }
        if (entry.change().equals("approve")) {
            int approvals = entry.state().path("approvals").size();
            count(
                    entry.judged().equals(Lives.IN_REVIEW)
                            ? "an approval of several"
                            : "the last of " + approvals + " approvals");
        }
        if (entry.change().equals("cite") && entry.sequence() > 2) {
            count("a copier added what was found out since");
        }
        if (entry.change().equals("abandon-retirement")) {
            count("a retirement met a promotion and was abandoned");
        }
    }

    void outcome(Outcome outcome) {
        count("outcome: " + outcome);
    }

    void count(String event) {
        events.computeIfAbsent(event, e -> new long[1])[0]++;
    }

    void add(Tally other) {
        schedules += other.schedules;
        calls += other.calls;
        attempts += other.attempts;
        other.events.forEach((event, n) -> events.computeIfAbsent(event, e -> new long[1])[0] += n[0]);
        other.faults.forEach((type, byOperation) -> byOperation.forEach((operation, n) -> add(type, operation, n)));
    }

    private void add(FaultType type, Operation operation, long n) {
        faults.computeIfAbsent(type, t -> new EnumMap<>(Operation.class)).merge(operation, n, Long::sum);
    }

    long schedules() {
        return schedules;
    }

    long calls() {
        return calls;
    }

    long attempts() {
        return attempts;
    }

    /** What occurred, and how often. */
    Map<String, Long> events() {
        Map<String, Long> all = new TreeMap<>();
        events.forEach((event, n) -> all.put(event, n[0]));
        faults.forEach((type, byOperation) ->
                byOperation.forEach((operation, n) -> all.put("fault: " + type + " " + operation, n)));
        return all;
    }

    long faults() {
        return faults.values().stream()
                .flatMap(byOperation -> byOperation.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }
}
