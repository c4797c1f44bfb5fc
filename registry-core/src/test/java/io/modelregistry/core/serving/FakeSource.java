package io.modelregistry.core.serving;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.ModelName;
import io.modelregistry.NotFoundException;
import io.modelregistry.Revision;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.VersionId;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Rollout;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Artifact;
import io.modelregistry.version.ArtifactFormat;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Provenance;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A registry whose changes a test makes. */
final class FakeSource implements Source {
    static final ModelName MODEL = ModelName.of("tumor");

    /** Sizes of versions; 100 bytes for the others. */
    final Map<Long, Long> sizes = new ConcurrentHashMap<>();
    /** Versions whose files can't be fetched. */
    final Set<Long> unreachable = ConcurrentHashMap.newKeySet();
    /** What fetching the files of a version throws. */
    final Map<Long, Error> breaking = new ConcurrentHashMap<>();

    final List<Long> downloads = new CopyOnWriteArrayList<>();
    final List<Long> releases = new CopyOnWriteArrayList<>();
    final List<Runnable> followers = new CopyOnWriteArrayList<>();
    /** What following throws. */
    @Nullable
    Error unwatchable;

    volatile Duration age = Duration.ZERO;
    /** Runs when the age is asked for, once. */
    @Nullable
    Runnable onceAsked;

    private volatile @Nullable Deployment newest;
    private long revision;

    /** Makes a change, and tells of it. */
    void serve(Rollout rollout) {
        change(rollout);
        followers.forEach(Runnable::run);
    }

    void serve(long version) {
        serve(Rollout.of(version));
    }

    void withdraw() {
        serve((Rollout) null);
    }

    /** Makes a change that nobody has heard of yet. */
    void change(@Nullable Rollout rollout) {
        revision++;
        newest = new Deployment(
                new Revision("environments/production/tumor", revision),
                rollout,
                Deployment.Change.PROMOTE,
                Actor.of("ada"),
                "because",
                ManualHost.START,
                digest("entry " + revision),
                null);
    }

    /** The store tells when the newest change was really made. */
    void refineTime() {
        Deployment before = Objects.requireNonNull(newest);
        newest = new Deployment(
                before.revision(),
                before.served(),
                before.change(),
                before.actor(),
                before.reason(),
                before.at().plusSeconds(1),
                before.entry(),
                null);
        followers.forEach(Runnable::run);
    }

    @Override
    public void read() {}

    @Override
    public @Nullable Deployment newest() {
        return newest;
    }

    @Override
    public Duration age() {
        Runnable now = onceAsked;
        if (now != null) {
            onceAsked = null;
            now.run();
        }
        return age;
    }

    @Override
    public Runnable follow(Runnable changed) {
        if (unwatchable != null) {
            throw unwatchable;
        }
        followers.add(changed);
        return () -> followers.remove(changed);
    }

    @Override
    public ModelVersion version(VersionId id) {
        if (id.number() > 1_000_000) {
            throw new NotFoundException("No version " + id);
        }
        long size = sizes.getOrDefault(id.number(), 100L);
        Artifact artifact = new Artifact(digest("manifest " + id), 1, size, ArtifactFormat.UNKNOWN, List.of());
        return new ModelVersion(
                id,
                null,
                artifact,
                null,
                List.of(),
                Map.of(),
                Map.of(),
                Provenance.none(),
                null,
                null,
                Actor.of("ada"),
                ManualHost.START);
    }

    @Override
    public LocalArtifact download(ModelVersion version) {
        if (unreachable.contains(version.number())) {
            throw new StoreUnavailableException("The store doesn't answer", null);
        }
        Error error = breaking.get(version.number());
        if (error != null) {
            throw error;
        }
        downloads.add(version.number());
        return new LocalArtifact(version, Path.of("cache"), new ArrayList<>());
    }

    @Override
    public void release(ModelVersion version) {
        releases.add(version.number());
    }

    private static Digest digest(String content) {
        return Digest.of(content.getBytes(StandardCharsets.UTF_8));
    }
}
