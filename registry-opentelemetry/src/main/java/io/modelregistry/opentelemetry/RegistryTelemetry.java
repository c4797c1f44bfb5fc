package io.modelregistry.opentelemetry;

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
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Metrics of an open registry, and which version answered as attributes of a span:
 *
 * <pre>{@code
 * RegistryTelemetry.observe(registry, openTelemetry);
 * Span.current().setAllAttributes(RegistryTelemetry.attributes(lease.receipt()));
 * }</pre>
 *
 * <table>
 * <caption>All begin with {@code model_registry.}</caption>
 * <tr><th>metric</th><th>counts</th><th>attributes</th></tr>
 * <tr><td>{@code resolutions}</td><td>who was answered by an environment, by resolving it or by a lease</td><td>model, environment, version, arm</td></tr>
 * <tr><td>{@code polls}</td><td>times the store was asked what is served</td><td>model, environment, outcome: {@code success} or {@code failure}</td></tr>
 * <tr><td>{@code staleness}</td><td>seconds since the store confirmed what is served</td><td>model, environment</td></tr>
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
public final class RegistryTelemetry {
    /** The scope of the metrics. */
    private static final String SCOPE = "io.modelregistry";

    private static final String PREFIX = "model_registry.";
    private static final AttributeKey<String> MODEL = AttributeKey.stringKey(PREFIX + "model");
    private static final AttributeKey<Long> VERSION = AttributeKey.longKey(PREFIX + "version");
    private static final AttributeKey<String> ENVIRONMENT = AttributeKey.stringKey(PREFIX + "environment");
    private static final AttributeKey<String> ARM = AttributeKey.stringKey(PREFIX + "arm");
    private static final AttributeKey<String> RECEIPT = AttributeKey.stringKey(PREFIX + "receipt");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey(PREFIX + "outcome");
    private static final AttributeKey<String> CACHE = AttributeKey.stringKey(PREFIX + "cache");
    private static final AttributeKey<String> STAGE = AttributeKey.stringKey(PREFIX + "stage");

    private RegistryTelemetry() {}

    /**
     * Model, version and the whole receipt, and environment and arm if one chose the version: for spans and log records. The receipt has as many values as there are
     * changes and versions, which is nothing for metrics of long standing: {@link #metricAttributes} leaves it out.
     */
    public static Attributes attributes(Receipt receipt) {
        return metricAttributes(receipt).toBuilder()
                .put(RECEIPT, receipt.toString())
                .build();
    }

    /** As {@link #attributes}, without the receipt: for an application's own metrics. */
    public static Attributes metricAttributes(Receipt receipt) {
        Attributes version = of(receipt.version());
        return receipt.servedBy()
                .map(choice -> version.toBuilder()
                        .put(ENVIRONMENT, choice.environment().value())
                        .put(ARM, choice.arm())
                        .build())
                .orElse(version);
    }

    /** Measures a registry from here on until it is closed. */
    public static void observe(ModelRegistry registry, OpenTelemetry telemetry) {
        Meter meter = telemetry.getMeter(SCOPE);
        registry.listen(new Metrics(meter));
        meter.gaugeBuilder(PREFIX + "staleness")
                .setUnit("s")
                .setDescription("Seconds since the store confirmed what is served")
                .buildWithCallback(measurement -> ifOpen(
                        registry,
                        open -> open.serving()
                                .forEach(status -> status.sinceConfirmed()
                                        .ifPresent(age -> measurement.record(
                                                age.toNanos() / 1e9, of(status.model(), status.environment()))))));
        meter.gaugeBuilder(PREFIX + "handle.leases")
                .ofLongs()
                .setUnit("{lease}")
                .setDescription("Leases that are out")
                .buildWithCallback(measurement -> ifOpen(
                        registry,
                        open -> open.handles()
                                .forEach(status -> measurement.record(
                                        status.leases(), of(status.model(), status.environment())))));
        meter.gaugeBuilder(PREFIX + "handle.complete")
                .ofLongs()
                .setDescription("1 while all of the newest change answers")
                .buildWithCallback(measurement -> ifOpen(
                        registry,
                        open -> open.handles()
                                .forEach(status -> measurement.record(
                                        status.isComplete() ? 1 : 0, of(status.model(), status.environment())))));
    }

    /** What is resolved is counted by these. */
    private record Series(VersionId version, EnvironmentName environment, String arm) {}

    private static final class Metrics implements RegistryListener {
        private final Map<Series, Attributes> series = new ConcurrentHashMap<>();
        private final LongCounter resolutions;
        private final LongCounter polls;
        private final LongCounter changes;
        private final LongCounter downloads;
        private final LongCounter downloaded;
        private final LongCounter swaps;
        private final LongCounter failures;

        Metrics(Meter meter) {
            resolutions = counter(meter, "resolutions", "{resolution}", "Who was answered by an environment");
            polls = counter(meter, "polls", "{poll}", "Times the store was asked what is served");
            changes = counter(meter, "changes", "{change}", "Changes of what is served that this process found");
            downloads = counter(meter, "downloads", "{version}", "Versions whose files were brought here");
            downloaded = counter(meter, "downloaded", "By", "Bytes that came from the store");
            swaps = counter(meter, "swaps", "{swap}", "Times a handle began to answer by something else");
            failures = counter(meter, "load.failures", "{failure}", "Attempts to make a version ready that failed");
        }

        private static LongCounter counter(Meter meter, String name, String unit, String description) {
            return meter.counterBuilder(PREFIX + name)
                    .setUnit(unit)
                    .setDescription(description)
                    .build();
        }

        @Override
        public void resolved(Receipt receipt) {
            Receipt.Choice choice = receipt.choice();
            if (choice != null) {
                Series one = new Series(receipt.version(), choice.environment(), choice.arm());
                resolutions.add(1, series.computeIfAbsent(one, s -> metricAttributes(receipt)));
            }
        }

        @Override
        public void polled(ServingStatus status) {
            polls.add(
                    1,
                    with(
                            of(status.model(), status.environment()),
                            OUTCOME,
                            status.problem() == null ? "success" : "failure"));
        }

        @Override
        public void changed(ServingStatus status) {
            changes.add(1, of(status.model(), status.environment()));
        }

        @Override
        public void downloaded(ModelVersion version, long bytes) {
            Attributes model = Attributes.of(MODEL, version.id().model().value());
            downloads.add(1, with(model, CACHE, bytes == 0 ? "hit" : "miss"));
            downloaded.add(bytes, model);
        }

        @Override
        public void swapped(HandleStatus status) {
            swaps.add(1, of(status.model(), status.environment()));
        }

        @Override
        public void failed(LoadFailure failure) {
            failures.add(1, with(of(failure.version()), STAGE, failure.stage().name()));
        }
    }

    private static Attributes of(VersionId version) {
        return Attributes.of(MODEL, version.model().value(), VERSION, version.number());
    }

    private static Attributes of(ModelName model, EnvironmentName environment) {
        return Attributes.of(MODEL, model.value(), ENVIRONMENT, environment.value());
    }

    private static Attributes with(Attributes attributes, AttributeKey<String> key, String value) {
        return attributes.toBuilder().put(key, value).build();
    }

    /** Metrics are collected for longer than the registry is open. */
    private static void ifOpen(ModelRegistry registry, Consumer<ModelRegistry> measure) {
        try {
            measure.accept(registry);
        } catch (IllegalStateException e) {
            // nothing is served any more
        }
    }
}
