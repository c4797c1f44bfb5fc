package io.modelregistry.core.serving;

import io.modelregistry.Host;
import io.modelregistry.ModelName;
import io.modelregistry.VersionId;
import io.modelregistry.core.artifact.Artifacts;
import io.modelregistry.core.log.Alarm;
import io.modelregistry.core.log.Jitter;
import io.modelregistry.core.review.Reviews;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.version.Progress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks in the background for versions of a model that may be served soon, and brings their files here. What goes wrong is tried again the next time: nobody
 * waits for it. Thread-safe.
 */
final class Prefetching {
    private static final Logger LOG = LoggerFactory.getLogger(Prefetching.class);

    /** So many of the newest versions are looked at. */
    private static final int NEWEST = 4;

    private static final Set<LifecycleState> SOON = EnumSet.of(LifecycleState.IN_REVIEW, LifecycleState.APPROVED);

    private final ModelName model;
    private final VersionStore versions;
    private final Reviews reviews;
    private final Artifacts artifacts;
    private final Host host;
    private final Duration interval;
    private final Predicate<VersionId> isServed;
    private final Set<Long> here = new HashSet<>(); // of the look under way

    private final Alarm next;

    Prefetching(
            ModelName model,
            VersionStore versions,
            Reviews reviews,
            Artifacts artifacts,
            Host host,
            Duration interval,
            Predicate<VersionId> isServed) {
        this.model = model;
        this.versions = versions;
        this.reviews = reviews;
        this.artifacts = artifacts;
        this.host = host;
        this.next = new Alarm(host);
        this.interval = interval;
        this.isServed = isServed;
    }

    /** Looks now and once in an interval from then on. */
    void start() {
        plan(Duration.ZERO);
    }

    void end() {
        next.close();
    }

    private void plan(Duration delay) {
        if (!interval.isZero()) {
            next.set(delay, this::handOver);
        }
    }

    /** A download may take long, and polls wait for the timer's thread. */
    private void handOver() {
        try {
            host.executor().execute(this::look);
        } catch (RuntimeException | Error e) { // full, shut down, or no memory for a thread
            LOG.debug("Nobody is free to look for versions of {} that may be served soon", model, e);
            planNext();
        }
    }

    private void planNext() {
        plan(Jitter.around(interval, host));
    }

    private void look() {
        try {
            long newest = versions.latest(model);
            here.removeIf(number -> number <= newest - NEWEST);
            for (long number = newest; number > Math.max(0, newest - NEWEST) && !next.isClosed(); number--) {
                VersionId id = new VersionId(model, number);
                if (!here.contains(number)
                        && !isServed.test(id)
                        && SOON.contains(reviews.standing(id).state())) {
                    artifacts.prefetch(versions.require(id), Progress.none());
                    versions.keep(id);
                    here.add(number);
                }
            }
        } catch (RuntimeException | Error e) {
            LOG.debug("Versions of {} that may be served soon can't be fetched ahead", model, e);
        } finally {
            planNext();
        }
    }
}
