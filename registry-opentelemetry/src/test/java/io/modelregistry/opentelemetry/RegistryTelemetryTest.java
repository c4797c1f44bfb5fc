package io.modelregistry.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Environment;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.environment.Receipt;
import io.modelregistry.serving.Lease;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Registration;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class RegistryTelemetryTest {
    @RegisterExtension
    static final OpenTelemetryExtension OTEL = OpenTelemetryExtension.create();

    @TempDir
    Path cache;

    private final ManualHost host = new ManualHost();
    private final MemoryStore store = new MemoryStore(host);
    private volatile boolean away;
    private ModelRegistry training;
    private ModelRegistry serving;

    @BeforeEach
    void promoteTheFirstOfTwo() {
        training = open().as("ada");
        training.model("tumor").register(Registration.empty().file("model.bin", new byte[] {1, 2, 3}));
        training.model("tumor").register(Registration.empty().file("model.bin", new byte[] {4}));
        production(training).promote(1, "start");
        serving = open();
        RegistryTelemetry.observe(serving, OTEL.getOpenTelemetry());
    }

    @AfterEach
    void close() {
        serving.close();
        training.close();
    }

    private ModelRegistry open() {
        FaultPlan plan = call -> away ? Fault.UNAVAILABLE : Fault.NONE;
        return ModelRegistry.on(
                new FaultyBackend(store.open(), plan),
                RegistryOptions.defaults().withCacheFolder(cache),
                host);
    }

    private static Environment production(ModelRegistry registry) {
        return registry.model("tumor").environment("production");
    }

    /** Until the next poll is over for certain. */
    private void poll() {
        host.advance(Duration.ofSeconds(36));
    }

    private static Loader<Integer> loader() {
        return Loader.<Integer>of(files -> (int) files.version().number()).warmUp(model -> {
            if (model == 2) {
                throw new IllegalStateException("answers 0.5 instead of 0.9");
            }
        });
    }

    /** All metrics, as {@code name attributes}, with the values of their points. */
    private static Map<String, Double> metrics() {
        Map<String, Double> values = new TreeMap<>();
        for (MetricData metric : OTEL.getMetrics()) {
            metric.getLongSumData().getPoints().forEach(p -> values.put(name(metric, p), (double) p.getValue()));
            metric.getLongGaugeData().getPoints().forEach(p -> values.put(name(metric, p), (double) p.getValue()));
            metric.getDoubleGaugeData().getPoints().forEach(p -> values.put(name(metric, p), p.getValue()));
        }
        return values;
    }

    private static String name(MetricData metric, PointData point) {
        assertThat(metric.getInstrumentationScopeInfo().getName()).isEqualTo("io.modelregistry");
        assertThat(point.getAttributes().asMap().keySet())
                .allMatch(key -> key.getKey().startsWith("model_registry."));
        return metric.getName().replace("model_registry.", "")
                + point.getAttributes().asMap().values().stream()
                        .map(value -> " " + value)
                        .collect(Collectors.joining());
    }

    @Test
    void whatIsResolvedPolledAndDownloadedIsCounted() {
        production(serving).resolve();
        production(serving).resolve();
        serving.version("tumor@1").download();
        serving.version("tumor@1").download();
        production(training).promote(2, "next");
        poll();
        production(serving).resolve();
        away = true;
        host.advance(Duration.ofSeconds(20));
        double stale = metrics().get("staleness production tumor");
        poll();

        // attributes come by their keys
        assertThat(metrics())
                .containsEntry("resolutions main production tumor 1", 2.0)
                .containsEntry("resolutions main production tumor 2", 1.0)
                .containsEntry("polls production tumor success", 2.0)
                .containsKey("polls production tumor failure")
                .containsEntry("changes production tumor", 1.0)
                .containsEntry("downloads hit tumor", 1.0)
                .containsEntry("downloads miss tumor", 1.0)
                .containsEntry("downloaded tumor", 3.0);
        assertThat(stale).isBetween(20.0, 56.0);
    }

    @Test
    void handlesAreMeasuredWhileTheyAreOpen() {
        try (ModelHandle<Integer> handle = production(serving).serve(loader());
                Lease<Integer> lease = handle.acquire()) {
            production(training).promote(2, "sick");
            poll();

            assertThat(lease.model()).isEqualTo(1);
            assertThat(metrics())
                    .containsEntry("handle.leases production tumor", 1.0)
                    .containsEntry("handle.complete production tumor", 0.0)
                    .containsEntry("swaps production tumor", 1.0)
                    .containsEntry("load.failures tumor WARM_UP 2", 1.0);
        }

        assertThat(metrics()).doesNotContainKey("handle.leases production tumor");
    }

    @Test
    void collectingGoesOnWhenTheRegistryIsClosed() {
        production(serving).resolve();

        serving.close();

        assertThat(metrics())
                .containsEntry("resolutions main production tumor 1", 1.0)
                .doesNotContainKey("staleness production tumor");
    }

    @Test
    void aSpanNamesTheVersionThatAnsweredAndItsReceipt() {
        Receipt receipt = production(serving).resolve().receipt();

        Span span =
                OTEL.getOpenTelemetry().getTracer("test").spanBuilder("predict").startSpan();
        span.setAllAttributes(RegistryTelemetry.attributes(receipt));
        span.end();

        Attributes attributes = OTEL.getSpans().get(0).getAttributes();
        assertThat(attributes.get(AttributeKey.stringKey("model_registry.receipt")))
                .isEqualTo(receipt.toString());
        assertThat(attributes.get(AttributeKey.longKey("model_registry.version")))
                .isEqualTo(1);
        assertThat(attributes.get(AttributeKey.stringKey("model_registry.arm"))).isEqualTo("main");
        assertThat(RegistryTelemetry.metricAttributes(receipt).size()).isEqualTo(4);
        assertThat(RegistryTelemetry.attributes(serving.resolve("tumor@2").receipt())
                        .size())
                .isEqualTo(3);
    }
}
