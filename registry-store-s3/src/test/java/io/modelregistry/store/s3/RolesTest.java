package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.store.s3.FaultyWire.Sdk;
import io.modelregistry.testkit.proxy.ProxiedRequest;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.version.Registration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The layout of keys as access control: a server that lets each role write below its own prefixes, as a bucket policy does. Everybody may read. */
@Timeout(120)
final class RolesTest {
    private static final List<String> TRAINER =
            List.of("models/", "versions/", "labels/", "evaluations/", "submissions/", "blobs/", "notes/", "hints/");
    private static final List<String> RELEASER_OF_STAGING =
            List.of("environments/staging/", "hints/environments/staging/");
    private static final List<String> RELEASER_OF_PRODUCTION =
            List.of("environments/production/", "hints/environments/production/");
    private static final List<String> SERVING = List.of();

    private FaultyWire wire;

    @BeforeEach
    void makeARegistryWithOneVersion() {
        wire = new FaultyWire();
        try (ModelRegistry admin = ModelRegistry.on(wire.undisturbed(), RegistryOptions.defaults(), Host.system())
                .as("admin")) {
            admin.model("tumor").register(Registration.empty().file("model.bin", new byte[] {1}));
        }
    }

    @AfterEach
    void disconnect() {
        wire.close();
    }

    /** The registry for one who may write below these prefixes only. */
    private ModelRegistry as(Sdk sdk, List<String> prefixes) {
        wire.proxy.plan(request -> mayPass(request, prefixes)
                ? ProxyFault.NONE
                : ProxyFault.answer(FaultyWire.error(403, "AccessDenied")));
        return ModelRegistry.on(wire.open(sdk), RegistryOptions.defaults(), Host.system())
                .as("somebody");
    }

    private boolean mayPass(ProxiedRequest request, List<String> prefixes) {
        if (request.method().equals("GET") || request.method().equals("HEAD")) {
            return true;
        }
        String root = "/" + wire.bucket + "/team/";
        return prefixes.stream().anyMatch(prefix -> request.path().startsWith(root + prefix));
    }

    private static void register(ModelRegistry registry) {
        registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {2}));
    }

    private void assertDenied(Runnable change, String key) {
        assertThatThrownBy(change::run)
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("the caller needs s3:PutObject on arn:aws:s3:::" + wire.bucket + "/team/" + key);
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aTrainerRegistersAndCannotRelease(Sdk sdk) {
        try (ModelRegistry trainer = as(sdk, TRAINER)) {
            register(trainer);

            assertDenied(
                    () -> trainer.model("tumor").environment("production").promote(2, "mine is best"),
                    "environments/production/tumor/0000000001.json");

            assertThat(trainer.model("tumor").versions()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aReleaserOfStagingCannotTouchProductionOrRegister(Sdk sdk) {
        try (ModelRegistry releaser = as(sdk, RELEASER_OF_STAGING)) {
            releaser.model("tumor").environment("staging").promote(1, "to be tried");

            assertDenied(
                    () -> releaser.model("tumor").environment("production").promote(1, "to be used"),
                    "environments/production/tumor/0000000001.json");
            assertDenied(() -> register(releaser), "blobs/tumor/sha256/");
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aServingProcessReadsEverythingAndWritesNothing(Sdk sdk) {
        try (ModelRegistry releaser = as(sdk, RELEASER_OF_PRODUCTION)) {
            releaser.model("tumor").environment("production").promote(1, "to be used");
        }
        try (ModelRegistry serving = as(sdk, SERVING)) {
            wire.proxy.reset();

            assertThat(serving.resolve("tumor:production").version().id()).hasToString("tumor@1");

            assertThat(wire.proxy.faults()).isEmpty();
            assertDenied(
                    () -> serving.model("tumor").environment("production").promote(1, "again"),
                    "environments/production/tumor/0000000002.json");
            assertDenied(() -> register(serving), "blobs/tumor/sha256/");
        }
    }
}
