package io.modelregistry.core;

import io.modelregistry.Actor;
import io.modelregistry.ConflictException;
import io.modelregistry.Host;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.RegistryProvider.Mode;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.compare.Comparison;
import io.modelregistry.core.artifact.Artifacts;
import io.modelregistry.core.audit.Trail;
import io.modelregistry.core.environment.EnvironmentReader;
import io.modelregistry.core.environment.Environments;
import io.modelregistry.core.listening.Listeners;
import io.modelregistry.core.log.Names;
import io.modelregistry.core.log.Parallel;
import io.modelregistry.core.log.Store;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.TextGuard;
import io.modelregistry.core.offline.LastKnown;
import io.modelregistry.core.offline.Locations;
import io.modelregistry.core.policy.PolicyStore;
import io.modelregistry.core.preview.OverlayBackend;
import io.modelregistry.core.review.Reviews;
import io.modelregistry.core.serving.Handles;
import io.modelregistry.core.version.Evaluations;
import io.modelregistry.core.version.Evidence;
import io.modelregistry.core.version.Models;
import io.modelregistry.core.version.Notes;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.policy.Preview;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.RuntimeSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the handles of one open registry share. Thread-safe. */
final class Parts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final Duration CLOSING_STEP = Duration.ofMillis(5);

    private final Store store;
    private final RegistryOptions options;
    private final Streams streams;
    private final Listeners listeners;
    private final Artifacts artifacts;
    private final PolicyStore policies;
    private final VersionStore versions;
    private final Evaluations evaluations;
    private final Reviews reviews;
    private final Environments environments;
    private final EnvironmentReader environmentReader;
    private final Handles handles;
    private volatile @Nullable RuntimeSnapshot runtime;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Parts(Store store, String registry, String writer, RegistryOptions options, LastKnown lastKnown) {
        this.store = store;
        this.options = options;
        this.streams = new Streams(store, registry, writer, new TextGuard(options.textValidator()));
        this.listeners = new Listeners("the registry at " + store.backend().location());
        this.artifacts = new Artifacts(store, streams.parallel(), registry, options, listeners);
        this.policies = new PolicyStore(streams, options.pollInterval());
        this.versions = new VersionStore(streams, artifacts, policies, lastKnown);
        this.evaluations = new Evaluations(streams, policies);
        this.reviews = new Reviews(streams, policies);
        this.environments = new Environments(streams, versions, reviews, policies);
        this.environmentReader = new EnvironmentReader(streams, versions, lastKnown, options, listeners);
        this.handles = new Handles(streams, environmentReader, versions, reviews, artifacts, options, listeners);
    }

    static Parts open(StorageBackend backend, RegistryOptions options, Host host, Mode mode) {
        Store store = new Store(backend, host, options.operationTimeout());
        String writer = "model-registry " + RuntimeSnapshot.sdk();
        Locations locations = new Locations(host, options);
        String location = backend.location();
        String registry;
        try {
            registry = RegistryIdentity.open(store, mode, writer);
            locations.keep(location, registry);
        } catch (StoreUnavailableException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            registry = locations.find(location).orElseThrow(() -> e);
            LOG.warn(
                    "{} can't be reached; opened with what this machine knows of the registry {}",
                    location,
                    registry,
                    e);
            store = new Store(new UnconfirmedBackend(backend, registry), host, options.operationTimeout());
        }
        return new Parts(store, registry, writer, options, LastKnown.of(host, options, registry, location));
    }

    Parts checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException("The registry at " + store.backend().location() + " is closed");
        }
        return this;
    }

    Store store() {
        return store;
    }

    Streams streams() {
        return streams;
    }

    Listeners listeners() {
        return listeners;
    }

    Parallel parallel() {
        return streams.parallel();
    }

    Artifacts artifacts() {
        return artifacts;
    }

    VersionStore versions() {
        return versions;
    }

    PolicyStore policies() {
        return policies;
    }

    Evaluations evaluations() {
        return evaluations;
    }

    Models models() {
        return new Models(streams);
    }

    Evidence evidence() {
        return new Evidence(streams, policies);
    }

    Notes notes() {
        return new Notes(streams);
    }

    Reviews reviews() {
        return reviews;
    }

    Environments environments() {
        return environments;
    }

    EnvironmentReader environmentReader() {
        return environmentReader;
    }

    Handles handles() {
        return handles;
    }

    Reproductions reproductions() {
        return new Reproductions(streams, environmentReader, artifacts, this::runtime);
    }

    /** What this process runs with; every jar of its class path is read once. */
    private RuntimeSnapshot runtime() {
        RuntimeSnapshot known = runtime;
        if (known == null) {
            known = RuntimeSnapshot.capture();
            runtime = known;
        }
        return known;
    }

    Trail trail() {
        return new Trail(streams);
    }

    Names names() {
        return new Names(store);
    }

    References references() {
        return new References(streams.registry(), versions, environmentReader);
    }

    Outcomes outcomes() {
        return new Outcomes(streams);
    }

    /** Runs changes over this registry as it stands, and keeps what they write in memory. */
    Preview preview(Actor actor, Consumer<ModelRegistry> changes) {
        OverlayBackend overlay = new OverlayBackend(store.backend(), store.host());
        Store trial = new Store(overlay, store.host(), options.operationTimeout());
        Parts parts = new Parts(trial, streams.registry(), streams.writer(), options, LastKnown.none(store.host()));
        try {
            changes.accept(new LogBackedRegistry(parts, actor));
            return new Preview(parts.trail().of(overlay.created()), null);
        } catch (InvalidRequestException | ConflictException | NotFoundException | UpgradeRequiredException e) {
            return new Preview(parts.trail().of(overlay.created()), e);
        } catch (OutcomeUnknownException e) {
            // the change that may stand stands in memory at most
            throw new StoreUnavailableException(
                    "Could not try the changes to the end: " + e.getMessage() + ". Nothing was written; try again", e);
        } finally {
            parts.closed.set(true); // a handle that is kept must not look as if it wrote
            parts.handles.close();
            parts.environmentReader.close();
            parts.artifacts.close();
        }
    }

    /** Metrics of later evaluations included. */
    Comparison compare(ModelVersion before, ModelVersion after) {
        List<Callable<List<Metric>>> reads =
                List.of(() -> evaluations.cachedMetrics(before), () -> evaluations.cachedMetrics(after));
        List<List<Metric>> metrics = parallel().call(reads);
        return Comparison.of(before, metrics.get(0), after, metrics.get(1));
    }

    /**
     * Closes handles that are open, ends polling, and gives what is under way a moment: hints, so that a short-lived process leaves them behind, and a poll,
     * so that the store and the cache are left alone afterwards.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        handles.close();
        environmentReader.close();
        artifacts.close();
        try {
            for (Duration waited = Duration.ZERO;
                    !(streams.isIdle() && environmentReader.isIdle()) && waited.compareTo(CLOSING) < 0;
                    waited = waited.plus(CLOSING_STEP)) {
                store.host().pause(CLOSING_STEP);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            store.backend().close();
        }
    }
}
