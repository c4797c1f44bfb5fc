package io.modelregistry.core.serving;

import io.modelregistry.VersionId;
import io.modelregistry.core.environment.Place;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Rollout;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.HandleStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what became of a turn to those who look at the health of a handle. */
final class Statuses {
    private Statuses() {}

    static <T> HandleStatus of(Place place, Upkeep.State<T> state, Duration age) {
        Lineup<T> lineup = state.lineup();
        List<HandleStatus.Draining> draining = new ArrayList<>();
        state.draining()
                .forEach((one, since) ->
                        draining.add(new HandleStatus.Draining(one.version().id(), one.holders(), since)));
        return new HandleStatus(
                place.model(),
                place.environment(),
                lineup.isEmpty() ? null : lineup.deployment(),
                lineup.since(),
                arms(place, state),
                state.newest(),
                age,
                state.failures(),
                draining);
    }

    private static <T> List<HandleStatus.Arm> arms(Place place, Upkeep.State<T> state) {
        Deployment deployment = state.lineup().deployment();
        Rollout rollout = deployment == null ? null : deployment.served();
        if (rollout == null) {
            return List.of();
        }
        List<HandleStatus.Arm> arms = new ArrayList<>();
        for (int i = 0; i < rollout.arms().size(); i++) {
            Arm arm = rollout.arms().get(i);
            Seat<T> seat = state.lineup().phases().get(0).seats().get(i);
            boolean own = seat.loaded().version().number() == arm.version();
            boolean silent = arm.mode() == Arm.Mode.SHADOW && !own;
            arms.add(new HandleStatus.Arm(
                    arm.id(),
                    new VersionId(place.model(), arm.version()),
                    own ? State.LOADED : missing(arm.version(), state),
                    silent ? null : seat.receipt(),
                    own ? leases(seat.loaded(), state) : 0));
        }
        return arms;
    }

    private static State missing(long version, Upkeep.State<?> state) {
        if (state.plan().tooMuch().contains(version)) {
            return State.OVER_BUDGET;
        }
        return state.failures().stream().anyMatch(f -> f.version().number() == version) ? State.FAILED : State.PENDING;
    }

    /** The handle's own hold is no lease. */
    private static <T> int leases(@Nullable Loaded<T> loaded, Upkeep.State<T> state) {
        return loaded == null
                ? 0
                : Math.max(0, loaded.holders() - (state.loaded().contains(loaded) ? 1 : 0));
    }
}
