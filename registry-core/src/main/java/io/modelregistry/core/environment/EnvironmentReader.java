package io.modelregistry.core.environment;

import io.modelregistry.NotFoundException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.VersionId;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.Past;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.TimeTravel;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.ServedAt;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Reads what environments serve. Thread-safe. */
public final class EnvironmentReader {
    private final Streams streams;
    private final VersionStore versions;
    private final RegistryOptions options;
    /** One for each place this process resolves. */
    private final Map<StreamName, Watch> watches = new ConcurrentHashMap<>();

    public EnvironmentReader(Streams streams, VersionStore versions, RegistryOptions options) {
        this.streams = streams;
        this.versions = versions;
        this.options = options;
    }

    /** The newest change; asks the store. */
    public Optional<Deployment> current(Place place) {
        return Optional.ofNullable(log(place).read().newest()).map(Deployments::of);
    }

    public Resolution resolve(Place place, Consistency consistency) {
        Watch.Answer answer = switch (consistency) {
            case STRONG -> new Watch.Answer(log(place).read(), Duration.ZERO);
            case BOUNDED ->
                watches.computeIfAbsent(
                                place.stream(),
                                s -> new Watch(
                                        log(place), options, streams.store().host()))
                        .read();
        };
        StoredEntry newest = answer.tip().newest();
        if (newest == null) {
            throw nothing(place, "nothing was ever promoted there");
        }
        Deployment deployment = Deployments.of(newest);
        Rollout rollout = deployment
                .rollout()
                .orElseThrow(() -> nothing(
                        place, "what it served was withdrawn by " + deployment.actor() + " at " + deployment.at()));
        long version = rollout.single()
                .orElseThrow(() -> new UpgradeRequiredException(place + " serves several versions at once ("
                        + rollout.describe() + "), between which this release can't choose. Upgrade the library"));
        ModelVersion served = versions.require(new VersionId(place.model(), version));
        Receipt receipt = Receipt.of(
                streams.registry(),
                served,
                place.environment(),
                deployment,
                rollout.arms().get(0).id());
        return new Resolution(served, deployment, answer.age(), receipt);
    }

    /** One change, if it stands; asks the store. */
    public Optional<Deployment> at(Place place, long revision) {
        return log(place).entry(revision).map(Deployments::of);
    }

    /** What a place served at an instant of the store's clock. */
    public ServedAt asOf(Place place, Instant instant) {
        Past past = new TimeTravel(streams).asOf(place.stream(), instant);
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

    EventLog log(Place place) {
        return streams.log(place.stream());
    }

    private static NotFoundException nothing(Place place, String why) {
        return new NotFoundException(place + " serves nothing: " + why + ". Promote a version with environment(\""
                + place.environment() + "\").promote(number, reason)");
    }
}
