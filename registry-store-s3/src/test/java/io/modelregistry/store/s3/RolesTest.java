package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.access.Role;
import io.modelregistry.storage.Depth;
import io.modelregistry.store.s3.FaultyWire.Sdk;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.version.Registration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The layout of keys as access control: a server that keeps to the policies of {@link S3Access}, as S3 does. */
@Timeout(120)
final class RolesTest {
    private static final Role RELEASER_OF_STAGING = Role.releaser("staging");
    private static final Role RELEASER_OF_PRODUCTION = Role.releaser("production");
    private static final int SMALLEST_PART = 5 << 20;

    @RegisterExtension
    private final FaultyWire wire = new FaultyWire();

    @BeforeEach
    void makeARegistryWithOneVersion() {
        try (ModelRegistry admin = ModelRegistry.on(wire.undisturbed(), RegistryOptions.defaults(), Host.system())
                .as("admin")) {
            admin.model("tumor").register(Registration.empty().file("model.bin", new byte[] {1}));
        }
    }

    /** The registry for one who has this role, in a bucket with its policy. */
    private static ModelRegistry as(FaultyWire wire, Sdk sdk, Role role) {
        S3Access access = S3Access.of("s3://" + wire.bucket + "/team");
        IamPolicies policies = new IamPolicies(access.identityPolicy(role), access.bucketPolicy());
        wire.proxy.plan(request -> policies.allow(IamRequest.of(request))
                ? ProxyFault.NONE
                : ProxyFault.answer(FaultyWire.error(403, "AccessDenied")));
        return ModelRegistry.on(
                        wire.open(sdk, S3Settings.defaults().withPartBytes(SMALLEST_PART), Host.system()),
                        RegistryOptions.defaults(),
                        Host.system())
                .as("somebody");
    }

    private ModelRegistry as(Sdk sdk, Role role) {
        return as(wire, sdk, role);
    }

    private static void register(ModelRegistry registry) {
        registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {2}));
    }

    private void assertDenied(Runnable change, String key, Role needed) {
        assertThatThrownBy(change::run)
                .isInstanceOfSatisfying(
                        AccessDeniedException.class,
                        e -> assertThat(e.neededRole()).contains(needed))
                .hasMessageContaining("the caller needs s3:PutObject on arn:aws:s3:::" + wire.bucket + "/team/" + key)
                .hasMessageEndingWith(". Creating it needs role " + needed);
    }

    private void assertNothingWasRefused() {
        assertThat(wire.proxy.faults()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aTrainerRegistersAndCannotReleaseOrJudge(Sdk sdk) {
        try (ModelRegistry trainer = as(sdk, Role.CONTRIBUTOR)) {
            register(trainer);
            trainer.model("tumor").register(Registration.empty().file("large.bin", new byte[SMALLEST_PART + 1]));
            trainer.model("tumor").version(2).submit("ready");
            assertNothingWasRefused();

            assertDenied(
                    () -> trainer.model("tumor").environment("production").promote(2, "mine is best"),
                    "environments/production/tumor/0000000001.json",
                    RELEASER_OF_PRODUCTION);
            assertDenied(
                    () -> trainer.model("tumor").version(2).approve("mine is best"),
                    "reviews/tumor/0000000002/0000000001.json",
                    Role.REVIEWER);

            assertThat(trainer.model("tumor").versions()).hasSize(3);
            assertThat(wire.requests()).anyMatch(request -> request.startsWith("POST blobs/tumor/sha256/"));
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aReviewerJudgesAndCannotRegister(Sdk sdk) {
        try (ModelRegistry trainer = as(sdk, Role.CONTRIBUTOR)) {
            trainer.model("tumor").version(1).submit("ready");
        }
        try (ModelRegistry reviewer = as(sdk, Role.REVIEWER)) {
            reviewer.model("tumor").version(1).approve("good");
            assertNothingWasRefused();

            assertDenied(() -> register(reviewer), "blobs/tumor/sha256/", Role.CONTRIBUTOR);
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aReleaserOfStagingCannotTouchProductionOrRegister(Sdk sdk) {
        try (ModelRegistry releaser = as(sdk, RELEASER_OF_STAGING)) {
            releaser.model("tumor").environment("staging").promote(1, "to be tried");
            assertNothingWasRefused();

            assertDenied(
                    () -> releaser.model("tumor").environment("production").promote(1, "to be used"),
                    "environments/production/tumor/0000000001.json",
                    RELEASER_OF_PRODUCTION);
            assertDenied(
                    () -> releaser.model("tumor").environment("staging-eu").promote(1, "to be used"),
                    "environments/staging-eu/tumor/0000000001.json",
                    Role.releaser("staging-eu"));
            assertDenied(() -> register(releaser), "blobs/tumor/sha256/", Role.CONTRIBUTOR);
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aServingProcessReadsEverythingAndWritesNothing(Sdk sdk) {
        try (ModelRegistry releaser = as(sdk, RELEASER_OF_PRODUCTION)) {
            releaser.model("tumor").environment("production").promote(1, "to be used");
        }
        try (ModelRegistry serving = as(sdk, Role.READER)) {
            wire.proxy.reset();

            assertThat(serving.resolve("tumor:production").version().id()).hasToString("tumor@1");

            assertNothingWasRefused();
            assertDenied(
                    () -> serving.model("tumor").environment("production").promote(1, "again"),
                    "environments/production/tumor/0000000002.json",
                    RELEASER_OF_PRODUCTION);
            assertDenied(() -> register(serving), "blobs/tumor/sha256/", Role.CONTRIBUTOR);
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void anAdministratorMakesARegistryAndCannotRegister(Sdk sdk) {
        try (FaultyWire empty = new FaultyWire();
                ModelRegistry administrator = as(empty, sdk, Role.ADMINISTRATOR)) {
            assertThatThrownBy(() -> register(administrator))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageEndingWith(". Creating it needs role contributor");

            assertThat(empty.requests())
                    .contains("PUT registry.json")
                    .anyMatch(each -> each.startsWith("DELETE probe/"));
            assertThat(empty.undisturbed().list("", Depth.ALL, "", 100).keys()).isEqualTo(List.of("registry.json"));
        }
    }
}
