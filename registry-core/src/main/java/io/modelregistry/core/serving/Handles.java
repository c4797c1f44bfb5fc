package io.modelregistry.core.serving;

import io.modelregistry.Host;
import io.modelregistry.RegistryOptions;
import io.modelregistry.core.artifact.Artifacts;
import io.modelregistry.core.environment.EnvironmentReader;
import io.modelregistry.core.environment.Place;
import io.modelregistry.core.listening.Listeners;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.review.Reviews;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.serving.ServingOptions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The handles of an open registry, which end with it. Thread-safe. */
public final class Handles implements AutoCloseable {
    private final Streams streams;
    private final EnvironmentReader reader;
    private final VersionStore versions;
    private final Reviews reviews;
    private final Artifacts artifacts;
    private final RegistryOptions options;
    private final Listeners listeners;
    private final Set<LeasedHandle<?>> open = ConcurrentHashMap.newKeySet();
    private final Map<LeasedHandle<?>, Prefetching> ahead = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public Handles(
            Streams streams,
            EnvironmentReader reader,
            VersionStore versions,
            Reviews reviews,
            Artifacts artifacts,
            RegistryOptions options,
            Listeners listeners) {
        this.streams = streams;
        this.reader = reader;
        this.versions = versions;
        this.reviews = reviews;
        this.artifacts = artifacts;
        this.options = options;
        this.listeners = listeners;
    }

    /**
     * Loads what a place serves.
     *
     * @throws io.modelregistry.NotFoundException when it serves nothing
     * @throws io.modelregistry.RegistryException the reason why the stable arm can't be loaded
     */
    public <T> ModelHandle<T> serve(Place place, Loader<T> loader, ServingOptions settings) {
        Host host = streams.store().host();
        Source source = new RegistrySource(place, reader, versions, artifacts, host);
        LeasedHandle<T> handle = LeasedHandle.start(
                streams.registry(), place, source, loader, settings, options, host, listeners, this::forget);
        if (settings.prefetch()) {
            Prefetching prefetching = new Prefetching(
                    place.model(), versions, reviews, artifacts, host, options.pollInterval(), handle::wants);
            ahead.put(handle, prefetching);
            prefetching.start();
        }
        open.add(handle);
        if (closed) { // while it loaded
            handle.close();
            throw new IllegalStateException("The registry at "
                    + streams.store().backend().location() + " was closed while " + place + " was loaded");
        }
        return handle;
    }

    private void forget(LeasedHandle<?> handle) {
        open.remove(handle);
        Prefetching prefetching = ahead.remove(handle);
        if (prefetching != null) {
            prefetching.end();
        }
    }

    /** Of those that are open, by name. */
    public List<HandleStatus> statuses() {
        return open.stream()
                .map(LeasedHandle::status)
                .sorted(Comparator.comparing(status -> status.model() + ":" + status.environment()))
                .toList();
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(open).forEach(LeasedHandle::close);
    }
}
