package io.modelregistry;

import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.ServedAt;
import io.modelregistry.version.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A handle on what one environment serves of one model. Every change is a compare-and-set: it is refused with a {@link ConflictException} that
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
     * Restores the newest earlier rollout, other than the present one, none of whose versions has since been rejected, deprecated or retired; looks
     * back over the last 16 distinct rollouts. Can be rolled back itself.
     */
    Deployment rollback(String reason);

    /** Takes what is served out of service; the environment then serves nothing. */
    Deployment withdraw(String reason);

    /** The newest change, if there is any; asks the store. */
    Optional<Deployment> current();

    /** The version that is served; see {@link Consistency#BOUNDED}. */
    default Resolution resolve() {
        return resolve(Consistency.BOUNDED);
    }

    /** @throws NotFoundException when the environment serves nothing of this model */
    Resolution resolve(Consistency consistency);

    /**
     * The version that was served at an instant of the store's clock, with the receipt that a prediction of then has. {@link #asOf} says how sure that is.
     *
     * @throws NotFoundException when nothing was served then
     */
    Resolution resolve(Instant instant);

    /**
     * Brings what is served, all arms of it, into the local cache, with all that a process of this machine needs to start while the store is away; see
     * {@link Version#prefetch}. Asks the store. Nothing to do where nothing is served.
     */
    default void prefetch() {
        prefetch(Progress.none());
    }

    void prefetch(Progress progress);

    /** All changes, oldest first. */
    List<Deployment> history();

    /** What was served at an instant of the store's clock, and how sure that is. */
    ServedAt asOf(Instant instant);
}
