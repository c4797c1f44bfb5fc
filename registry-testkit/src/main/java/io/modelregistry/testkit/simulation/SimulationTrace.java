package io.modelregistry.testkit.simulation;

import java.util.List;
import java.util.Optional;

/**
 * One schedule as it went.
 *
 * @param steps everything that happened, in order; what happened within something is indented. Equal for equal schedules, also in another JVM
 * @param problem the invariant that didn't hold, if one didn't
 */
public record SimulationTrace(List<String> steps, Optional<AssertionError> problem) {
    public SimulationTrace {
        steps = List.copyOf(steps);
    }
}
