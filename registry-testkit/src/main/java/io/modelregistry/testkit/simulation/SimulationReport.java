package io.modelregistry.testkit.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was simulated.
 *
 * @param schedules that held
 * @param storeCalls that reached a store
 * @param attempts calls of the registry
 * @param faults that were injected
 * @param events how often everything of interest occurred: each fault by operation, each end of an operation, each way a slot was settled, each race
 * @param failure the first schedule in which an invariant did not hold, shrunk; empty when all held
 */
public record SimulationReport(
        long schedules,
        long storeCalls,
        long attempts,
        long faults,
        Map<String, Long> events,
        Optional<SimulationFailure> failure) {
    public SimulationReport {
        events = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(events));
    }

    /** How often events occurred whose whole name matches a regular expression. */
    public long count(String pattern) {
        return events.entrySet().stream()
                .filter(e -> e.getKey().matches(pattern))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /**
     * What did not occur and has to for a simulation to mean anything: each fault in each kind of call, each way in which a slot is settled, each end of an operation,
     * each race. Some are rare: 400,000 schedules reach them all.
     */
    public List<String> unreached() {
        return Reach.missing(this);
    }

    /** One line. */
    @Override
    public String toString() {
        return schedules + " schedules, " + attempts + " operations, " + storeCalls + " store calls, " + faults
                + " faults";
    }

    /** A line for each event. */
    public String table() {
        return events.entrySet().stream()
                .map(e -> e.getKey() + ": " + e.getValue())
                .collect(Collectors.joining("\n"));
    }
}
