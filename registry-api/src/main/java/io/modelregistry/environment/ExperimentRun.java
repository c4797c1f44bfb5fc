package io.modelregistry.environment;

import io.modelregistry.EnvironmentName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An experiment as it went, read from an environment's changes.
 *
 * @param begun the change that began it; its rollout has the arms
 * @param ended the change that ended it, by a conclusion or because something else was served; null while it is under way
 */
public record ExperimentRun(
        EnvironmentName environment,
        Experiment experiment,
        Deployment begun,
        @Nullable Deployment ended) {

    /** All experiments among an environment's changes, in the order in which they began. */
    public static List<ExperimentRun> among(EnvironmentName environment, List<Deployment> history) {
        List<ExperimentRun> runs = new ArrayList<>();
        Deployment begun = null;
        for (Deployment change : history) {
            Experiment present = change.rollout().flatMap(Rollout::tested).orElse(null);
            Experiment before = begun == null
                    ? null
                    : begun.rollout().flatMap(Rollout::tested).orElse(null);
            if (begun != null && before != null && !before.equals(present)) {
                runs.add(new ExperimentRun(environment, before, begun, change));
                begun = null;
            }
            begun = begun == null && present != null ? change : begun;
        }
        Deployment open = begun;
        if (open != null) {
            open.rollout()
                    .flatMap(Rollout::tested)
                    .ifPresent(experiment -> runs.add(new ExperimentRun(environment, experiment, open, null)));
        }
        return List.copyOf(runs);
    }

    public Optional<Deployment> end() {
        return Optional.ofNullable(ended);
    }

    /** What was concluded; empty while it is under way, and when it was broken off. */
    public Optional<Conclusion> conclusion() {
        return end().flatMap(Deployment::concluded);
    }

    /** Whether a version had one of its arms. */
    public boolean names(long version) {
        return begun.rollout().map(rollout -> rollout.names(version)).orElse(false);
    }
}
