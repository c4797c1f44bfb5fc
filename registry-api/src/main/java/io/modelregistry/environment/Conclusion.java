package io.modelregistry.environment;

import io.modelregistry.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an experiment ended: {@code Conclusion.of("dose-7").observed(…).keep("b")}. Who decided, and why, is the entry's actor and reason.
 *
 * @param experiment id of the experiment
 * @param kept id of the arm whose version everybody gets from here on; null to leave what is served as it is
 * @param results what was observed, at most one for each arm
 * @param analysis null when no test was made
 */
public record Conclusion(
        String experiment,
        @Nullable String kept,
        List<ArmResult> results,
        @Nullable Analysis analysis) {
    public Conclusion {
        results = List.copyOf(results);
        long arms = results.stream().map(ArmResult::arm).distinct().count();
        if (arms != results.size()) {
            throw new InvalidRequestException(
                    "Experiment " + experiment + " can't be concluded with two results of one arm: " + results);
        }
    }

    public static Conclusion of(String experiment) {
        return new Conclusion(experiment, null, List.of(), null);
    }

    public Conclusion observed(ArmResult result) {
        List<ArmResult> more = new ArrayList<>(results);
        more.add(result);
        return new Conclusion(experiment, kept, more, analysis);
    }

    public Conclusion analysed(Analysis result) {
        return new Conclusion(experiment, kept, results, result);
    }

    /** Everybody gets the version of this arm from here on. */
    public Conclusion keep(String arm) {
        return new Conclusion(experiment, arm, results, analysis);
    }

    /** The arm whose version everybody gets; empty when what is served stays. */
    public Optional<String> keptArm() {
        return Optional.ofNullable(kept);
    }

    public Optional<Analysis> test() {
        return Optional.ofNullable(analysis);
    }
}
