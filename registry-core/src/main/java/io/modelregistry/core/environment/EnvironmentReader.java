package io.modelregistry.core.environment;

import io.modelregistry.EnvironmentName;
import io.modelregistry.ModelName;
import io.modelregistry.RegistryOptions;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.Past;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.TimeTravel;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.ExperimentRun;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.ServedAt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what environments serve. Thread-safe. */
public final class EnvironmentReader {
    private final Streams streams;
    private final VersionStore versions;
    private final RegistryOptions options;
    /** One for each place this process resolves. */
    private final Map<StreamName, Watch> watches = new ConcurrentHashMap<>();

    private final Map<StreamName, Compiled> compiled = new ConcurrentHashMap<>();

    public EnvironmentReader(Streams streams, VersionStore versions, RegistryOptions options) {
        this.streams = streams;
        this.versions = versions;
        this.options = options;
    }

    /** The newest change; asks the store. */
    public Optional<Deployment> current(Place place) {
        return Optional.ofNullable(log(place).read().newest()).map(Deployments::of);
    }

    /**
     * The version that answers somebody. A scheduled step of the rollout is taken when its time has come; not, though, when the store hasn't answered for two
     * poll intervals: this process couldn't see that somebody halted it.
     */
    public Resolution resolve(Place place, Routing routing, Consistency consistency) {
        Watch.Answer answer = switch (consistency) {
            case STRONG -> new Watch.Answer(log(place).read(), Duration.ZERO);
            case BOUNDED ->
                watches.computeIfAbsent(
                                place.stream(),
                                s -> new Watch(
                                        log(place), options, streams.store().host()))
                        .read();
        };
        Duration blind = answer.age().minus(options.pollInterval().multipliedBy(2));
        Instant now = streams.store().host().now();
        return serving(place, answer.tip().newest())
                .resolve(routing, blind.isNegative() ? now : now.minus(blind), answer.age());
    }

    private Serving serving(Place place, @Nullable StoredEntry newest) {
        if (newest == null) {
            return new Serving(streams.registry(), place, null, versions::require);
        }
        Compiled known = compiled.get(place.stream());
        if (known == null || !known.entry.equals(newest)) {
            known = new Compiled(newest, new Serving(streams.registry(), place, newest, versions::require));
            compiled.put(place.stream(), known);
        }
        return known.serving;
    }

    private record Compiled(StoredEntry entry, Serving serving) {}

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
}
