package io.modelregistry.core.environment;

import io.modelregistry.Host;
import io.modelregistry.NotFoundException;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Router;
import io.modelregistry.environment.Routing;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of an environment's stream comes to for those who resolve: decoded, looked up and written out once, so that each resolution adds no more
 * than the choice of an arm and its age. Immutable.
 */
final class Serving {
    private final Place place;
    private final Tip tip;
    private final @Nullable Deployment deployment;
    /** As it was decided, and after each scheduled step; none while nothing is served. */
    private final List<Phase> phases;

    private final Host host;
    /** A process that the store hasn't answered for so long takes no further scheduled step: it couldn't see a halt. */
    private final Duration blindAfter;

    private Serving(
            Place place, Tip tip, @Nullable Deployment deployment, List<Phase> phases, Host host, Duration blindAfter) {
        this.place = place;
        this.tip = tip;
        this.deployment = deployment;
        this.phases = List.copyOf(phases);
        this.host = host;
        this.blindAfter = blindAfter;
    }

    /** An arm's version, and the receipt of whoever gets it. */
    private record Choice(ModelVersion version, Receipt receipt) {}

    /** @param choices one for each arm, in their order */
    private record Phase(Router router, List<Choice> choices, List<Resolution.Shadow> shadows) {}

    /** Reads the versions' records that this process doesn't know, side by side: the store may not answer when the first key of an arm comes. */
    static Serving of(Place place, Tip tip, Streams streams, VersionStore versions, Duration pollInterval) {
        Host host = streams.store().host();
        Duration blindAfter = pollInterval.multipliedBy(2);
        StoredEntry newest = tip.newest();
        if (newest == null) {
            return new Serving(place, tip, null, List.of(), host, blindAfter);
        }
        Deployment deployment = Deployments.of(newest);
        Rollout rollout = deployment.served();
        List<Phase> phases = new ArrayList<>();
        if (rollout != null) {
            Map<Long, ModelVersion> known = read(place, rollout, streams, versions);
            phases.add(phase(place, rollout, 0, deployment, streams.registry(), known));
            for (int step = 0; step < rollout.steps().size(); step++) {
                Instant at = rollout.steps().get(step).at();
                if (at != null) {
                    phases.add(phase(place, rollout.at(at), step + 1, deployment, streams.registry(), known));
                }
            }
        }
        return new Serving(place, tip, deployment, phases, host, blindAfter);
    }

    private static Map<Long, ModelVersion> read(Place place, Rollout rollout, Streams streams, VersionStore versions) {
        List<Callable<ModelVersion>> reads = new ArrayList<>();
        PromotionCheck.versionsOf(place, rollout).forEach(version -> reads.add(() -> versions.require(version)));
        Map<Long, ModelVersion> found = new HashMap<>();
        streams.parallel().call(reads).forEach(version -> found.put(version.number(), version));
        return found;
    }

    private static Phase phase(
            Place place,
            Rollout rollout,
            int step,
            Deployment deployment,
            String registry,
            Map<Long, ModelVersion> versions) {
        List<Choice> choices = new ArrayList<>();
        List<Resolution.Shadow> shadows = new ArrayList<>();
        for (Arm arm : rollout.arms()) {
            ModelVersion version = Objects.requireNonNull(versions.get(arm.version()));
            Receipt receipt = Receipt.of(registry, version, place.environment(), deployment, arm.id(), step);
            choices.add(new Choice(version, receipt));
            if (arm.mode() == Arm.Mode.SHADOW) {
                shadows.add(new Resolution.Shadow(version, receipt));
            }
        }
        return new Phase(Router.of(place.model(), rollout), List.copyOf(choices), List.copyOf(shadows));
    }

    /** The entry; a place that never served anything has none. */
    Tip tip() {
        return tip;
    }

    /** Those of all arms; none while nothing is served. */
    List<ModelVersion> versions() {
        return phases.isEmpty()
                ? List.of()
                : phases.get(0).choices().stream()
                        .map(Choice::version)
                        .distinct()
                        .toList();
    }

    /** Null when nothing was ever promoted. */
    @Nullable
    Deployment deployment() {
        return deployment;
    }

    /**
     * The version that answers somebody now.
     *
     * @param age how long ago the store confirmed this
     * @throws NotFoundException when nothing is served
     */
    Resolution resolution(Routing routing, Duration age) {
        if (phases.size() <= 1) {
            return resolution(routing, Instant.EPOCH, age);
        }
        Instant now = host.now();
        Duration blind = age.minus(blindAfter);
        return resolution(routing, blind.isNegative() ? now : now.minus(blind), age);
    }

    /** @param instant decides which scheduled steps were taken */
    Resolution resolution(Routing routing, Instant instant, Duration age) {
        Deployment served = deployment;
        Rollout rollout = served == null ? null : served.served();
        if (served == null || rollout == null) {
            throw nothing(served);
        }
        Phase phase = phases.get(phases.size() == 1 ? 0 : rollout.stepsDue(instant));
        Choice choice = phase.choices().get(phase.router().index(routing));
        return new Resolution(choice.version(), served, age, choice.receipt(), phase.shadows());
    }

    private NotFoundException nothing(@Nullable Deployment last) {
        String why = last == null
                ? "nothing was ever promoted there"
                : "what it served was withdrawn by " + last.actor() + " at " + last.at();
        return new NotFoundException(place + " serves nothing: " + why + ". Promote a version with environment(\""
                + place.environment() + "\").promote(number, reason)");
    }
}
