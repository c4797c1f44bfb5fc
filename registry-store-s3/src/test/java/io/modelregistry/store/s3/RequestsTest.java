package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.VersionReference;
import io.modelregistry.environment.Consistency;
import io.modelregistry.store.s3.FaultyWire.Sdk;
import io.modelregistry.version.Registration;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What operations of the registry cost on the wire: every request with its method and key. Hints are written in the background. */
@Timeout(120)
final class RequestsTest {
    private FaultyWire wire;

    @BeforeEach
    void connect() {
        wire = new FaultyWire();
    }

    @AfterEach
    void disconnect() {
        wire.close();
    }

    private ModelRegistry open(Sdk sdk) {
        return ModelRegistry.on(
                        wire.open(sdk), RegistryOptions.defaults().withPollInterval(Duration.ofHours(1)), Host.system())
                .as("ada");
    }

    private List<String> requestsButHints() {
        return wire.requests().stream()
                .filter(request -> !request.contains(" hints/"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void resolvingCostsNothingFromMemoryAndOneGetWhenItMustBeCertain(Sdk sdk) {
        try (ModelRegistry registry = open(sdk)) {
            registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {1}));
            registry.model("tumor").environment("production").promote(1, "first");
            registry.resolve("tumor:production");
            wire.proxy.reset();

            registry.resolve("tumor:production");
            assertThat(requestsButHints()).isEmpty();

            registry.resolve(VersionReference.parse("tumor:production"), Consistency.STRONG);
            assertThat(requestsButHints()).containsExactly("GET environments/production/tumor/0000000002.json");
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void registeringOneFileIsThreePuts(Sdk sdk) {
        try (ModelRegistry registry = open(sdk)) {
            registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {1}));
            wire.proxy.reset();

            registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {2}));

            assertThat(requestsButHints())
                    .filteredOn(request -> request.startsWith("PUT "))
                    .hasSize(3)
                    .anyMatch(request -> request.equals("PUT versions/tumor/0000000002.json"))
                    .filteredOn(request -> request.startsWith("PUT blobs/tumor/sha256/"))
                    .hasSize(2);
            assertThat(wire.proxy.requests())
                    .filteredOn(request ->
                            request.method().equals("PUT") && !request.path().contains("/hints/"))
                    .allSatisfy(request ->
                            assertThat(request.header("if-none-match")).contains("*"));
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aPinnedVersionCostsOneGetOnceAndThenNothing(Sdk sdk) {
        try (ModelRegistry writer = open(sdk)) {
            writer.model("tumor").register(Registration.empty().file("model.bin", new byte[] {1}));
        }
        try (ModelRegistry reader = open(sdk)) {
            wire.proxy.reset();

            reader.resolve("tumor@1");
            assertThat(wire.requests()).containsExactly("GET versions/tumor/0000000001.json");

            reader.resolve("tumor@1");
            assertThat(wire.requests()).hasSize(1);
        }
    }
}
