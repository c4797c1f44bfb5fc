package io.modelregistry.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.modelregistry.EnvironmentName;
import io.modelregistry.ModelName;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryListener;
import io.modelregistry.VersionId;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.LoadFailure;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Meters of an open registry: {@code new RegistryMeters(registry).bindTo(meters)}. They count from then on.
 *
 * <table>
 * <caption>All begin with {@code model.registry.}</caption>
 * <tr><th>meter</th><th>counts</th><th>tags</th></tr>
 * <tr><td>{@code resolutions}</td><td>who was answered by an environment, by resolving it or by a lease</td><td>model, environment, version, arm</td></tr>
 * <tr><td>{@code polls}</td><td>times the store was asked what is served</td><td>model, environment, outcome: {@code success} or {@code failure}</td></tr>
 * <tr><td>{@code staleness}</td><td>seconds since the store confirmed what is served; none where nothing is served any more</td><td>model, environment</td></tr>
 * <tr><td>{@code changes}</td><td>changes of what is served that this process found</td><td>model, environment</td></tr>
 * <tr><td>{@code downloads}</td><td>versions whose files were brought here</td><td>model, cache: {@code hit} when all of it was here, else {@code miss}</td></tr>
 * <tr><td>{@code downloaded}</td><td>bytes that came from the store</td><td>model</td></tr>
 * <tr><td>{@code swaps}</td><td>times a handle began to answer by something else</td><td>model, environment</td></tr>
 * <tr><td>{@code load.failures}</td><td>attempts to make a version ready that failed</td><td>model, version, stage</td></tr>
 * <tr><td>{@code handle.leases}</td><td>leases that are out, of versions being replaced as well</td><td>model, environment</td></tr>
 * <tr><td>{@code handle.complete}</td><td>1 while all of the newest change answers, 0 while something of it doesn't</td><td>model, environment</td></tr>
 * </table>
 *
 * <p>Asks no store. Thread-safe.
 */
public final class RegistryMeters implements MeterBinder {
    private static final String PREFIX = "model.registry.";
    private static final String MODEL = "model";
    private static final String ENVIRONMENT = "environment";
    private static final String VERSION = "version";
    private static final String ARM = "arm";

    private final ModelRegistry registry;
    private final Tags common;

    public RegistryMeters(ModelRegistry registry) {
        this(registry, List.of());
    }

    /** @param common tags that every meter gets, such as the name of the registry where a process opens several */
    public RegistryMeters(ModelRegistry registry, Iterable<Tag> common) {
        this.registry = registry;
        this.common = Tags.of(common);
    }

    /** Model and version, and environment and arm if one chose it: for an application's own timers and counters. */
    public static Tags tags(Receipt receipt) {
        Tags version = of(receipt.version());
        return receipt.servedBy()
                .map(choice -> version.and(ENVIRONMENT, choice.environment().value(), ARM, choice.arm()))
                .orElse(version);
    }

    private static Tags of(VersionId version) {
        return Tags.of(MODEL, version.model().value(), VERSION, Long.toString(version.number()));
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        Meters listener = new Meters(meters);
        registry.listen(listener);
        registry.serving().forEach(status -> listener.measure(Place.of(status)));
        registry.handles().forEach(status -> listener.measureHandles(Place.of(status)));
    }

    /** What is resolved is counted by these. */
    private record Series(VersionId version, EnvironmentName environment, String arm) {}

    private record Place(ModelName model, EnvironmentName environment) {
        static Place of(ServingStatus status) {
            return new Place(status.model(), status.environment());
        }

        static Place of(HandleStatus status) {
            return new Place(status.model(), status.environment());
        }

        Tags tags() {
            return Tags.of(MODEL, model.value(), ENVIRONMENT, environment.value());
        }
    }

    private final class Meters implements RegistryListener {
        private final MeterRegistry meters;
        private final Map<Series, Counter> resolutions = new ConcurrentHashMap<>();
        private final Set<Place> polled = ConcurrentHashMap.newKeySet();
        private final Set<Place> held = ConcurrentHashMap.newKeySet();

        Meters(MeterRegistry meters) {
            this.meters = meters;
        }

        @Override
        public void resolved(Receipt receipt) {
            Receipt.Choice choice = receipt.choice();
            if (choice != null) {
                resolutions
                        .computeIfAbsent(
                                new Series(receipt.version(), choice.environment(), choice.arm()),
                                series -> counter("resolutions", null, tags(receipt)))
                        .increment();
            }
        }

        @Override
        public void polled(ServingStatus status) {
            Place place = Place.of(status);
            measure(place);
            counter("polls", null, place.tags().and("outcome", status.problem() == null ? "success" : "failure"))
                    .increment();
        }

        @Override
        public void changed(ServingStatus status) {
            counter("changes", null, Place.of(status).tags()).increment();
        }

        @Override
        public void downloaded(ModelVersion version, long bytes) {
            Tags model = Tags.of(MODEL, version.id().model().value());
            counter("downloads", null, model.and("cache", bytes == 0 ? "hit" : "miss"))
                    .increment();
            counter("downloaded", BaseUnits.BYTES, model).increment((double) bytes);
        }

        @Override
        public void swapped(HandleStatus status) {
            Place place = Place.of(status);
            measureHandles(place);
            counter("swaps", null, place.tags()).increment();
        }

        @Override
        public void failed(LoadFailure failure) {
            counter(
                            "load.failures",
                            null,
                            of(failure.version()).and("stage", failure.stage().name()))
                    .increment();
        }

        void measure(Place place) {
            if (polled.add(place)) {
                Gauge.builder(PREFIX + "staleness", () -> staleness(place))
                        .baseUnit("seconds")
                        .tags(common.and(place.tags()))
                        .register(meters);
            }
        }

        void measureHandles(Place place) {
            if (held.add(place)) {
                gauge(
                        "handle.leases",
                        place,
                        handles ->
                                handles.stream().mapToInt(HandleStatus::leases).sum());
                gauge("handle.complete", place, handles -> handles.stream().allMatch(HandleStatus::isComplete) ? 1 : 0);
            }
        }

        private Counter counter(String name, @Nullable String unit, Tags tags) {
            return Counter.builder(PREFIX + name)
                    .baseUnit(unit)
                    .tags(common.and(tags))
                    .register(meters);
        }

        private void gauge(String name, Place place, ToDoubleFunction<List<HandleStatus>> value) {
            Gauge.builder(PREFIX + name, () -> ofHandles(place, value))
                    .tags(common.and(place.tags()))
                    .register(meters);
        }
    }

    private double staleness(Place place) {
        return ifOpen(() -> registry.serving().stream()
                .filter(status -> place.equals(Place.of(status)))
                .findFirst()
                .flatMap(ServingStatus::sinceConfirmed)
                .map(RegistryMeters::seconds)
                .orElse(Double.NaN));
    }

    private double ofHandles(Place place, ToDoubleFunction<List<HandleStatus>> value) {
        return ifOpen(() -> {
            List<HandleStatus> handles = registry.handles().stream()
                    .filter(status -> place.equals(Place.of(status)))
                    .toList();
            return handles.isEmpty() ? Double.NaN : value.applyAsDouble(handles);
        });
    }

    private static double seconds(Duration age) {
        return age.toNanos() / 1e9;
    }

    /** Meters outlive the registry. */
    private static double ifOpen(DoubleSupplier value) {
        try {
            return value.getAsDouble();
        } catch (IllegalStateException e) {
            return Double.NaN;
        }
    }
}
