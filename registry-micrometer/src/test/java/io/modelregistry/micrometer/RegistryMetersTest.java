package io.modelregistry.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryMetersTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

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
        new RegistryMeters(serving).bindTo(meters);
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

    /** All meters of one name: what they say, by tags. */
    private Map<String, Double> meter(String name) {
        Map<String, Double> values = new TreeMap<>();
        for (Meter meter : meters.getMeters()) {
            if (meter.getId().getName().equals("model.registry." + name)) {
                String tags =
                        meter.getId().getTags().stream().map(Tag::getValue).collect(Collectors.joining(" "));
                values.put(tags, meter.measure().iterator().next().getValue());
            }
        }
        return values;
    }

    @Test
    void whoIsAnsweredIsCountedByVersionAndArm() {
        production(serving).resolve();
        production(serving).resolve();
        production(training).promote(2, "next");
        poll();
        production(serving).resolve();

        // tags come by their names: arm, environment, model, version
        assertThat(meter("resolutions"))
                .containsExactly(Map.entry("main production tumor 1", 2.0), Map.entry("main production tumor 2", 1.0));
        assertThat(meter("changes")).containsExactly(Map.entry("production tumor", 1.0));
    }

    @Test
    void stalenessIsThatOfTheMomentItIsLookedAt() {
        production(serving).resolve();
        double confirmed = meter("staleness").get("production tumor");

        host.advance(Duration.ofSeconds(20));

        assertThat(confirmed).isZero();
        assertThat(meter("staleness")).containsExactly(Map.entry("production tumor", 20.0));
    }

    @Test
    void pollsAreCountedByWhatCameOfThem() {
        production(serving).resolve();
        away = true;
        poll();

        assertThat(meter("polls"))
                .containsEntry("production tumor success", 1.0)
                .containsEntry("production tumor failure", 1.0);
    }

    @Test
    void whatIsBroughtHereIsCountedInVersionsAndBytes() {
        serving.version("tumor@1").download();
        serving.version("tumor@1").download();

        assertThat(meter("downloads")).containsExactly(Map.entry("hit tumor", 1.0), Map.entry("miss tumor", 1.0));
        assertThat(meter("downloaded")).containsExactly(Map.entry("tumor", 3.0));
    }

    @Test
    void handlesAreMeasuredFromTheirFirstSwapUntilTheyAreClosed() {
        try (ModelHandle<Integer> handle = production(serving).serve(loader());
                Lease<Integer> lease = handle.acquire()) {
            double complete = meter("handle.complete").get("production tumor");
            production(training).promote(2, "sick");
            poll();

            assertThat(lease.model()).isEqualTo(1);
            assertThat(complete).isEqualTo(1);
            assertThat(meter("handle.complete")).containsExactly(Map.entry("production tumor", 0.0));
            assertThat(meter("handle.leases")).containsExactly(Map.entry("production tumor", 1.0));
            assertThat(meter("swaps")).containsExactly(Map.entry("production tumor", 1.0));
            assertThat(meter("load.failures")).containsExactly(Map.entry("tumor WARM_UP 2", 1.0));
            assertThat(meter("resolutions")).containsExactly(Map.entry("main production tumor 1", 1.0));
        }

        assertThat(meter("handle.leases")).containsExactly(Map.entry("production tumor", Double.NaN));
    }

    @Test
    void whatIsServedBeforeTheMetersAreBoundIsMeasuredToo() {
        try (ModelRegistry other = open();
                ModelHandle<Integer> handle = production(other).serve(loader())) {
            new RegistryMeters(other, List.of(Tag.of("bucket", "west"))).bindTo(meters);

            assertThat(handle.status().isComplete()).isTrue();
            assertThat(meter("staleness")).containsExactly(Map.entry("west production tumor", 0.0));
            assertThat(meter("handle.complete")).containsExactly(Map.entry("west production tumor", 1.0));
        }
    }

    @Test
    void metersOutliveTheRegistry() {
        production(serving).resolve();

        serving.close();

        assertThat(meter("staleness")).containsExactly(Map.entry("production tumor", Double.NaN));
    }

    @Test
    void everyMeterHasTheCommonTags() {
        try (ModelRegistry other = open()) {
            new RegistryMeters(other, List.of(Tag.of("bucket", "west"))).bindTo(meters);
            production(other).resolve();
            other.version("tumor@1").download();
        }

        assertThat(meters.getMeters())
                .isNotEmpty()
                .allSatisfy(meter -> assertThat(meter.getId().getTag("bucket")).isEqualTo("west"));
    }

    @Test
    void aReceiptBecomesTagsOfFewValues() {
        Receipt chosen = production(serving).resolve().receipt();
        Receipt named = serving.resolve("tumor@2").receipt();

        assertThat(RegistryMeters.tags(chosen))
                .containsExactly(
                        Tag.of("arm", "main"),
                        Tag.of("environment", "production"),
                        Tag.of("model", "tumor"),
                        Tag.of("version", "1"));
        assertThat(RegistryMeters.tags(named)).containsExactly(Tag.of("model", "tumor"), Tag.of("version", "2"));
    }
}
