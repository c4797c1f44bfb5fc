package io.modelregistry.core.serving;

import io.modelregistry.Host;
import io.modelregistry.VersionId;
import io.modelregistry.core.artifact.Artifacts;
import io.modelregistry.core.environment.EnvironmentReader;
import io.modelregistry.core.environment.Place;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A registry whose poller asks the store, once for all who want to know of a place, and which starts from this machine's cache while the store is away. */
final class RegistrySource implements Source {
    private final Place place;
    private final EnvironmentReader reader;
    private final VersionStore versions;
    private final Artifacts artifacts;
    private final Host host;

    private volatile @Nullable Deployment newest;
    /** When the store had confirmed what was read, on the monotonic clock. */
    private volatile long confirmedAt;

    RegistrySource(Place place, EnvironmentReader reader, VersionStore versions, Artifacts artifacts, Host host) {
        this.host = host;
        this.place = place;
        this.reader = reader;
        this.versions = versions;
        this.artifacts = artifacts;
    }

    @Override
    public void read() {
        newest = reader.newest(place).orElse(null);
        confirmedAt = host.nanoTime() - confirmedAgo().orElse(Duration.ZERO).toNanos();
    }

    @Override
    public @Nullable Deployment newest() {
        return newest;
    }

    @Override
    public Duration age() {
        // a place that nobody resolves while the first load takes its time is forgotten, and may not be asked for since
        return confirmedAgo().orElseGet(() -> Duration.ofNanos(host.nanoTime() - confirmedAt));
    }

    private Optional<Duration> confirmedAgo() {
        return reader.status(place).flatMap(ServingStatus::sinceConfirmed);
    }

    @Override
    public Runnable follow(Runnable changed) {
        return reader.watch(place, status -> {
            Deployment now = status.newest();
            if (now != null && !Objects.equals(newest, now)) {
                newest = now;
                changed.run();
            }
        });
    }

    @Override
    public ModelVersion version(VersionId id) {
        return versions.require(id);
    }

    @Override
    public LocalArtifact download(ModelVersion version) {
        return artifacts.download(version, Progress.none());
    }

    @Override
    public void release(ModelVersion version) {
        artifacts.release(version);
    }
}
