package io.modelregistry.core.serving;

import io.modelregistry.Host;
import io.modelregistry.RegistryException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.VersionId;
import io.modelregistry.core.artifact.Artifacts;
import io.modelregistry.core.environment.EnvironmentReader;
import io.modelregistry.core.environment.Place;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Deployment;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A registry that asks the store once in a poll interval, give or take a fifth, and at up to four times the interval while it doesn't answer. */
final class RegistrySource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(RegistrySource.class);

    private static final int MOST_REST = 4;
    private static final double JITTER = 0.2;
    /** Zero asks for the store with each resolution; a handle never asks so often. */
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

    private final Place place;
    private final EnvironmentReader reader;
    private final VersionStore versions;
    private final Artifacts artifacts;
    private final RegistryOptions options;
    private final Host host;

    private volatile @Nullable Deployment newest;
    /** When the store last confirmed it, on the monotonic clock. */
    private volatile long confirmedAt;

    RegistrySource(
            Place place,
            EnvironmentReader reader,
            VersionStore versions,
            Artifacts artifacts,
            RegistryOptions options,
            Host host) {
        this.place = place;
        this.reader = reader;
        this.versions = versions;
        this.artifacts = artifacts;
        this.options = options;
        this.host = host;
    }

    @Override
    public void read() {
        long asked = host.nanoTime();
        newest = reader.current(place).orElse(null);
        confirmedAt = asked;
    }

    @Override
    public @Nullable Deployment newest() {
        return newest;
    }

    @Override
    public Duration age() {
        return Duration.ofNanos(host.nanoTime() - confirmedAt);
    }

    @Override
    public Runnable follow(Runnable changed) {
        Following following = new Following(changed);
        following.plan(1);
        return following::stop;
    }

    @Override
    public ModelVersion version(VersionId id) {
        return versions.require(id);
    }

    @Override
    public LocalArtifact download(ModelVersion version) {
        return artifacts.download(version, Progress.none());
    }

    private final class Following {
        private final Runnable changed;
        private final AtomicBoolean stopped = new AtomicBoolean();
        private volatile Host.Scheduled next = () -> {};
        private int inVain; // of one poll at a time

        Following(Runnable changed) {
            this.changed = changed;
        }

        void plan(int intervals) {
            Duration interval = options.pollInterval().compareTo(SHORTEST_INTERVAL) > 0
                    ? options.pollInterval()
                    : SHORTEST_INTERVAL;
            double times = intervals - JITTER + 2 * JITTER * host.random();
            next = host.schedule(Duration.ofNanos((long) (interval.toNanos() * times)), this::poll);
        }

        void poll() {
            if (stopped.get()) {
                return;
            }
            Deployment before = newest;
            try {
                read();
                inVain = 0;
            } catch (RegistryException e) {
                if (inVain++ == 0) {
                    LOG.warn("{} can't be asked for; what was loaded is served on", place, e);
                } else {
                    LOG.debug("{} can't be asked for", place, e);
                }
            }
            try {
                if (!Objects.equals(before, newest)) {
                    changed.run();
                }
            } finally {
                if (!stopped.get()) {
                    plan(Math.min(1 + inVain, MOST_REST));
                }
            }
        }

        void stop() {
            stopped.set(true);
            next.cancel();
        }
    }
}
