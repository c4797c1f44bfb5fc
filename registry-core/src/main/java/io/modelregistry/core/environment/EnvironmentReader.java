package io.modelregistry.core.environment;

import io.modelregistry.EnvironmentName;
import io.modelregistry.Host;
import io.modelregistry.ModelName;
import io.modelregistry.NotFoundException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.core.listening.Listeners;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.Past;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.TimeTravel;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.offline.LastKnown;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.ExperimentRun;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.ServedAt;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** Reads what environments serve, and keeps watching what is resolved from memory. Thread-safe. */
public final class EnvironmentReader implements AutoCloseable {
    private final Streams streams;
    private final VersionStore versions;
    private final RegistryOptions options;
    private final LastKnown lastKnown;
    private final Listeners listeners;
    private final Poller poller;

    public EnvironmentReader(
            Streams streams, VersionStore versions, LastKnown lastKnown, RegistryOptions options, Listeners listeners) {
        this.streams = streams;
        this.versions = versions;
        this.options = options;
        this.lastKnown = lastKnown;
        this.listeners = listeners;
        Host host = streams.store().host();
        this.poller = new Poller(
                host,
                streams.parallel(),
                options,
                (place, isClosed) -> new Watch(place, log(place), this, options, host, listeners, isClosed));
    }

    /** The newest change; asks the store. */
    public Optional<Deployment> current(Place place) {
        return Optional.ofNullable(log(place).read().newest()).map(Deployments::of);
    }

    /** The newest change, from memory within the staleness rule. */
    public Optional<Deployment> newest(Place place) {
        try {
            return find(place, Routing.anybody(), Consistency.BOUNDED).servedBy();
        } catch (NotFoundException e) {
            return current(place); // what was withdrawn, if anything ever was served
        }
    }

    /** @throws NotFoundException when nothing is served there */
    public Resolution resolve(Place place, Routing routing, Consistency consistency) {
        Resolution found = find(place, routing, consistency);
        if (!listeners.isEmpty()) {
            listeners.tell(listener -> listener.resolved(found.receipt()));
        }
        return found;
    }

    private Resolution find(Place place, Routing routing, Consistency consistency) {
        return switch (consistency) {
            case BOUNDED -> poller.watch(place).resolve(routing);
            case STRONG -> {
                Watch watch = poller.find(place);
                Serving now = watch == null ? serving(place, log(place).read()) : watch.read();
                yield now.resolution(routing, Duration.ZERO);
            }
        };
    }

    /** The versions of all arms of what is served; kept on this machine for the time when the store is away. Asks the store. */
    public List<ModelVersion> versions(Place place) {
        Serving serving = serving(place, log(place).read());
        keep(serving, Duration.ZERO);
        return serving.versions();
    }

    /** What was served at an instant of the store's clock. */
    public Resolution resolve(Place place, Routing routing, Instant instant) {
        return serving(place, past(place, instant).tip()).resolution(routing, instant, Duration.ZERO);
    }

    /**
     * Watches a place from here on, whether or not anybody resolves it.
     *
     * @return ends the listening
     */
    public Runnable watch(Place place, PlaceListener listener) {
        return poller.listen(place, listener);
    }

    /** How this process stands with a place; empty when it doesn't watch it. */
    public Optional<ServingStatus> status(Place place) {
        return Optional.ofNullable(poller.find(place)).map(Watch::status);
    }

    /** What this process serves from, by name. */
    public List<ServingStatus> watched() {
        return poller.statuses();
    }

    /** What an entry comes to; reads the records of versions that this process doesn't know. */
    Serving serving(Place place, Tip tip) {
        return Serving.of(place, tip, streams, versions, options.pollInterval());
    }

    /** Keeps on this machine what a place serves. */
    void keep(Serving serving, Duration sinceConfirmed) {
        StoredEntry newest = serving.tip().newest();
        if (newest != null) {
            lastKnown.keepNewest(newest, sinceConfirmed);
            serving.versions().forEach(version -> versions.keep(version.id()));
        }
    }

    /** What this machine kept of a place. */
    Optional<LastKnown.Newest> lastKnown(Place place) {
        return lastKnown.newest(place.stream());
    }

    private Past past(Place place, Instant instant) {
        return new TimeTravel(streams).asOf(place.stream(), instant);
    }

    /** One change, if it stands; asks the store. */
    public Optional<Deployment> at(Place place, long revision) {
        return log(place).entry(revision).map(Deployments::of);
    }

    /** What a place served at an instant of the store's clock. */
    public ServedAt asOf(Place place, Instant instant) {
        Past past = past(place, instant);
        StoredEntry last = past.tip().newest();
        return new ServedAt(instant, last == null ? null : Deployments.of(last), past.certainty());
    }

    /** All changes, oldest first. */
    public List<Deployment> history(Place place) {
        EventLog log = log(place);
        return log.entries(1, log.read().sequence()).stream()
                .map(Deployments::of)
                .toList();
    }

    /** The experiments of one model in these environments; their histories are read in parallel. */
    public List<ExperimentRun> experiments(ModelName model, Stream<EnvironmentName> environments) {
        List<Callable<List<ExperimentRun>>> reads = new ArrayList<>();
        environments.forEach(environment ->
                reads.add(() -> ExperimentRun.among(environment, history(new Place(environment, model)))));
        return streams.parallel().call(reads).stream().flatMap(List::stream).toList();
    }

    EventLog log(Place place) {
        return streams.log(place.stream());
    }

    /** Whether nothing goes on in the background that the calling thread could wait for. */
    public boolean isIdle() {
        return poller.isIdle();
    }

    @Override
    public void close() {
        poller.close();
    }
}
