package io.modelregistry.core.environment;

import io.modelregistry.NotFoundException;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.VersionId;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Rollout;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of an environment's stream comes to for those who resolve: decoded, looked up and written out once, so that each resolution adds no more
 * than its age. Immutable.
 *
 * @param tip the entry; a place that never served anything has none
 * @param deployment null when nothing was ever promoted
 * @param choices one for each arm of the rollout, in its order; none while nothing is served
 */
record Serving(Place place, Tip tip, @Nullable Deployment deployment, List<Choice> choices) {
    Serving {
        choices = List.copyOf(choices);
    }

    /** An arm, and what whoever gets it is given. */
    record Choice(Arm arm, ModelVersion version, Receipt receipt) {}

    /** Reads the versions' records that this process doesn't know, side by side. */
    static Serving of(Place place, Tip tip, Streams streams, VersionStore versions) {
        StoredEntry newest = tip.newest();
        if (newest == null) {
            return new Serving(place, tip, null, List.of());
        }
        Deployment deployment = Deployments.of(newest);
        List<Callable<Choice>> reads = deployment.rollout().map(Rollout::arms).orElse(List.of()).stream()
                .<Callable<Choice>>map(arm -> () -> choice(place, deployment, arm, streams, versions))
                .toList();
        return new Serving(place, tip, deployment, streams.parallel().call(reads));
    }

    private static Choice choice(Place place, Deployment deployment, Arm arm, Streams streams, VersionStore versions) {
        ModelVersion version = versions.require(new VersionId(place.model(), arm.version()));
        Receipt receipt = Receipt.of(streams.registry(), version, place.environment(), deployment, arm.id());
        return new Choice(arm, version, receipt);
    }

    /**
     * The version that everybody gets.
     *
     * @param age how long ago the store confirmed this
     * @throws NotFoundException when nothing is served
     */
    Resolution resolution(Duration age) {
        if (choices.size() != 1) {
            throw refused();
        }
        Choice choice = choices.get(0);
        return new Resolution(choice.version(), deployment, age, choice.receipt());
    }

    private RuntimeException refused() {
        if (deployment == null) {
            return nothing("nothing was ever promoted there");
        }
        Rollout rollout = deployment.served();
        return rollout == null
                ? nothing("what it served was withdrawn by " + deployment.actor() + " at " + deployment.at())
                : new UpgradeRequiredException(place + " serves several versions at once (" + rollout.describe()
                        + "), between which this release can't choose. Upgrade the library");
    }

    private NotFoundException nothing(String why) {
        return new NotFoundException(place + " serves nothing: " + why + ". Promote a version with environment(\""
                + place.environment() + "\").promote(number, reason)");
    }
}
