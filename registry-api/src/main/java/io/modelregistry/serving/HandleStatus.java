package io.modelregistry.serving;

import io.modelregistry.EnvironmentName;
import io.modelregistry.ModelName;
import io.modelregistry.VersionId;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ModelHandle} serves: for health checks and dashboards.
 *
 * @param served the change that answers are given by; null when nothing is served
 * @param since when this process began to, by its clock
 * @param arms of the change that is served, in their order
 * @param newest the newest change known; when it isn't the one that is served, something of it isn't ready
 * @param age how long ago the store confirmed the newest change
 * @param failures of versions that the newest change names
 * @param draining versions that were replaced and are still leased or being closed
 */
public record HandleStatus(
        ModelName model,
        EnvironmentName environment,
        @Nullable Deployment served,
        Instant since,
        List<Arm> arms,
        @Nullable Deployment newest,
        Duration age,
        List<LoadFailure> failures,
        List<Draining> draining) {
    public HandleStatus {
        arms = List.copyOf(arms);
        failures = List.copyOf(failures);
        draining = List.copyOf(draining);
    }

    /**
     * An arm of the rollout.
     *
     * @param receipt of who gets this arm: the stable arm's, or none for a shadow, while this one isn't loaded
     * @param leases how many are out of its version, which another arm may have, too
     */
    public record Arm(
            String id,
            VersionId version,
            State state,
            @Nullable Receipt receipt,
            int leases) {}

    /** Whether an arm answers. */
    public enum State {
        LOADED,
        /** It is being made ready, or waits for its turn. */
        PENDING,
        FAILED,
        /** It has no room beside the arms before it. */
        OVER_BUDGET
    }

    /** A version that was replaced. */
    public record Draining(VersionId version, int leases, Instant since) {}

    /** The change that answers are given by. */
    public Optional<Deployment> deployment() {
        return Optional.ofNullable(served);
    }

    /** Whether all of the newest change is served. */
    public boolean isComplete() {
        return newest != null
                && served != null
                && served.revision().equals(newest.revision())
                && arms.stream().allMatch(arm -> arm.state() == State.LOADED);
    }

    /** How many leases are out: of what is served, of shadows, and of what was replaced. A version that several arms have counts once. */
    public int leases() {
        Map<VersionId, Integer> byVersion = new HashMap<>();
        arms.forEach(arm -> byVersion.put(arm.version(), arm.leases()));
        int held = byVersion.values().stream().mapToInt(Integer::intValue).sum();
        return held + draining.stream().mapToInt(Draining::leases).sum();
    }

    /** The failure that was last, if a version can't be served. */
    public Optional<LoadFailure> lastFailure() {
        return failures.stream().max((a, b) -> a.last().compareTo(b.last()));
    }
}
