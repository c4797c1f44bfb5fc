package io.modelregistry.core.serving;

import io.modelregistry.Digest;
import io.modelregistry.core.environment.Place;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Router;
import io.modelregistry.environment.Routing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who answers, worked out once for each change and each version that is loaded or goes, so that choosing takes next to nothing. Immutable.
 *
 * @param deployment the change it serves; null when nothing was ever served
 * @param phases as decided, and after each scheduled step; none while nothing is served
 * @param seated every version in it
 */
record Lineup<T>(@Nullable Deployment deployment, Instant since, List<Phase<T>> phases, Set<Loaded<T>> seated) {

    /** From one scheduled step to the next: a seat for each arm, in the rollout's order. */
    record Phase<T>(Router router, List<Seat<T>> seats) {}

    static <T> Lineup<T> nothing(@Nullable Deployment deployment, Instant since) {
        return new Lineup<>(deployment, since, List.of(), Set.of());
    }

    /**
     * @param registry its id
     * @param loaded by version; holds that of the stable arm
     */
    static <T> Lineup<T> of(
            String registry, Place place, Deployment deployment, Map<Long, Loaded<T>> loaded, Instant since) {
        Rollout rollout = Objects.requireNonNull(deployment.served());
        List<Phase<T>> phases = new ArrayList<>();
        Seating<T> seating = new Seating<>(registry, place, deployment, loaded);
        phases.add(seating.phase(rollout, 0));
        for (int step = 0; step < rollout.steps().size(); step++) {
            Instant at = rollout.steps().get(step).at();
            if (at != null) {
                phases.add(seating.phase(rollout.at(at), step + 1));
            }
        }
        Set<Loaded<T>> seated = new HashSet<>();
        for (Seat<T> seat : phases.get(0).seats()) {
            seated.add(seat.loaded());
            seat.shadows().forEach(shadow -> seated.add(shadow.loaded()));
        }
        return new Lineup<>(deployment, since, List.copyOf(phases), Set.copyOf(seated));
    }

    boolean isEmpty() {
        return phases.isEmpty();
    }

    boolean serves(long version) {
        return seated.stream().anyMatch(loaded -> loaded.version().number() == version);
    }

    /** Whether it answers everybody as the other does. */
    boolean isLike(Lineup<T> other) {
        return Objects.equals(entry(), other.entry())
                && seated.equals(other.seated)
                && phases.size() == other.phases.size();
    }

    /** What a change says of its time is refined when it is read again: it is still the same change. */
    private @Nullable Digest entry() {
        return deployment == null ? null : deployment.entry();
    }

    /** @param now decides which scheduled steps were taken; asked for when there are any */
    Seat<T> choose(Routing routing, Supplier<Instant> now) {
        Phase<T> phase = phase(now);
        return phase.seats().get(phase.router().index(routing));
    }

    Phase<T> phase(Supplier<Instant> now) {
        return phases.size() == 1 || deployment == null || deployment.served() == null
                ? phases.get(0)
                : phases.get(deployment.served().stepsDue(now.get()));
    }

    private record Seating<T>(String registry, Place place, Deployment deployment, Map<Long, Loaded<T>> loaded) {

        Phase<T> phase(Rollout rollout, int step) {
            Experiment experiment = rollout.experiment();
            String id = experiment == null ? null : experiment.id();
            List<Seat<T>> shadows = rollout.arms().stream()
                    .filter(arm -> arm.mode() == Arm.Mode.SHADOW && loaded.containsKey(arm.version()))
                    .map(arm -> seat(arm, arm, step, List.of(), id))
                    .toList();
            List<Seat<T>> seats = rollout.arms().stream()
                    .map(arm ->
                            seat(arm, loaded.containsKey(arm.version()) ? arm : rollout.stable(), step, shadows, id))
                    .toList();
            return new Phase<>(Router.of(place.model(), rollout), seats);
        }

        private Seat<T> seat(Arm assigned, Arm answers, int step, List<Seat<T>> shadows, @Nullable String experiment) {
            Loaded<T> answering = Objects.requireNonNull(loaded.get(answers.version()));
            Receipt receipt =
                    Receipt.of(registry, answering.version(), place.environment(), deployment, answers.id(), step);
            return new Seat<>(assigned.id(), answering, receipt, shadows, experiment);
        }
    }
}
