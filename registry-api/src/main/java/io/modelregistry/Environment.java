package io.modelregistry;

import io.modelregistry.environment.Canary;
import io.modelregistry.environment.Conclusion;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.ServedAt;
import io.modelregistry.environment.Share;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.serving.ServingOptions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A handle on what one environment serves of one model. Every change but {@link #halt} is a compare-and-set: it is refused with a {@link ConflictException} that
 * names the winner when somebody else's change came between what was expected and this one. Expected is the revision given, else the one this
 * handle last returned, else the newest at the start of the call.
 *
 * <p>Thread-safe. The one thing a handle remembers is the revision it last returned.
 */
public interface Environment {

    EnvironmentName name();

    /**
     * Makes the environment serve a version to everybody. Needs a registered version that is not rejected, retiring or retired.
     *
     * @throws NotFoundException when there is no such version
     */
    default Deployment promote(long version, String reason) {
        return promote(Promotion.of(version, reason));
    }

    /** As {@link #promote(long, String)}, for a version that must be one of this handle's model. */
    Deployment promote(VersionId version, String reason);

    Deployment promote(Promotion promotion);

    /**
     * Lets a share of the keys try a version, beside the one that is served: {@code canary(13, Share.percent(5), "…")}. {@link Promotion#of(Canary, String)}
     * takes steps, a schedule, an audience and a holdout as well.
     */
    default Deployment canary(long version, Share share, String reason) {
        return promote(Promotion.of(Canary.of(version, share), reason));
    }

    /** Takes the canary's next step. */
    default Deployment ramp(String reason) {
        return promote(Promotion.ramp(reason));
    }

    /** Gives the canary another share. */
    default Deployment ramp(Share share, String reason) {
        return promote(Promotion.ramp(share, reason));
    }

    /** Serves the canary to everybody. */
    default Deployment complete(String reason) {
        return promote(Promotion.complete(reason));
    }

    /** Ends the experiment that is under way. */
    default Deployment conclude(Conclusion conclusion, String reason) {
        return promote(Promotion.of(conclusion, reason));
    }

    /**
     * The kill switch: serves the stable arm to everybody and ends whatever else is under way. Rests on the role alone and on no other rule, and never
     * ends in a conflict: when somebody's change comes between, it is that which is halted.
     */
    Deployment halt(String reason);

    /**
     * Restores the newest earlier rollout that has no version of those which came with the present one, and none that has since been rejected, deprecated
     * or retired; looks back over the last 16 distinct rollouts, of which the steps of one canary count as one. Can be rolled back itself.
     */
    Deployment rollback(String reason);

    /** Takes what is served out of service; the environment then serves nothing. */
    Deployment withdraw(String reason);

    /** The newest change, if there is any; asks the store. */
    Optional<Deployment> current();

    /** The version that is served when nothing is known of who asks: that of the stable arm. See {@link Consistency#BOUNDED}. */
    default Resolution resolve() {
        return resolve(Routing.anybody(), Consistency.BOUNDED);
    }

    default Resolution resolve(Consistency consistency) {
        return resolve(Routing.anybody(), consistency);
    }

    /** The version that answers somebody: {@code resolve(Routing.of("patient-77"))}. The same for the same key while the rollout stands. */
    default Resolution resolve(Routing routing) {
        return resolve(routing, Consistency.BOUNDED);
    }

    /**
     * As {@link #resolve(Routing)}. Scheduled steps of a rollout are taken by this process's clock; one that the store hasn't answered for two poll intervals
     * takes no more of them, because it couldn't see that they were halted.
     *
     * @throws NotFoundException when the environment serves nothing of this model
     */
    Resolution resolve(Routing routing, Consistency consistency);

    /** As {@link #serve(Loader, ServingOptions)}, with the defaults. */
    default <T> ModelHandle<T> serve(Loader<T> loader) {
        return serve(loader, ServingOptions.defaults());
    }

    /**
     * Loads what is served into this process, every arm of it, and keeps it up to date until the handle is closed. Returns when all is loaded that can be;
     * an arm beside the stable one that can't is tried again in the background.
     *
     * @throws NotFoundException when the environment serves nothing of this model
     * @throws io.modelregistry.serving.LoadException when the stable version can't be loaded, for a reason that isn't the registry's
     */
    <T> ModelHandle<T> serve(Loader<T> loader, ServingOptions options);

    /** All changes, oldest first. */
    List<Deployment> history();

    /** What was served at an instant of the store's clock, and how sure that is. */
    ServedAt asOf(Instant instant);
}
