package io.modelregistry.testkit.simulation;

import java.util.List;

/**
 * A schedule in which an invariant did not hold.
 *
 * @param seed it was found under
 * @param schedule the simplest schedule found in which one still doesn't hold
 * @param command what to run to see it again
 * @param problem what doesn't hold in the simplest schedule
 * @param steps that schedule, step by step
 */
public record SimulationFailure(
        long seed, String schedule, String command, AssertionError problem, List<String> steps) {
    public SimulationFailure {
        steps = List.copyOf(steps);
    }

    /** Everything a person needs. */
    @Override
    public String toString() {
        return problem.getMessage() + "\n\nSeed " + seed + ", shrunk. Again: " + command + "\n\n  "
                + String.join("\n  ", steps);
    }
}
