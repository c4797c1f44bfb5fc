package io.modelregistry.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.OAuth2Credentials;
import io.modelregistry.AccessDeniedException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.access.Role;
import io.modelregistry.environment.Consistency;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.gcs.server.Caller;
import io.modelregistry.store.gcs.server.Permissions;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The layout of keys as access control: a server that keeps to the policy of {@link GcsAccess}, one caller for each role. */
@Timeout(60)
final class RolesTest {
    @TempDir
    Path cache;

    private final ProxiedStore store = new ProxiedStore();
    private final List<ModelRegistry> opened = new ArrayList<>();
    private ModelRegistry trainer;
    private ModelRegistry reviewer;
    private ModelRegistry stagingReleaser;
    private ModelRegistry servingProcess;

    @BeforeEach
    void openEachRole() {
        GcsPolicy policy = new GcsPolicy(access().policy());
        store.server.setPermissions(Permissions.of(Map.of(
                "admin", new Caller("admin@p", policy.of("user:admin@p")),
                "trainer", new Caller("trainer@p", policy.of("user:trainer@p")),
                "reviewer", new Caller("reviewer@p", policy.of("user:reviewer@p")),
                "staging", new Caller("staging@p", policy.of("user:staging@p")),
                "serving", new Caller("serving@p", policy.of("user:serving@p")),
                "blind", Caller.with("blind@p", "storage.objects.get", GcsFixture.BUCKET, GcsFixture.PREFIX))));
        client("admin");
        trainer = client("trainer");
        reviewer = client("reviewer");
        stagingReleaser = client("staging");
        servingProcess = client("serving");
    }

    @AfterEach
    void close() {
        opened.forEach(ModelRegistry::close);
        store.close();
    }

    private static GcsAccess access() {
        return GcsAccess.of("gs://" + GcsFixture.BUCKET + "/" + GcsFixture.PREFIX, GcsPolicy.DELETER)
                .grant(Role.ADMINISTRATOR, "user:admin@p")
                .grant(Role.CONTRIBUTOR, "user:trainer@p")
                .grant(Role.REVIEWER, "user:reviewer@p")
                .grant(Role.releaser("staging"), "user:staging@p")
                .grant(Role.READER, "user:serving@p");
    }

    private ModelRegistry client(String role) {
        ManualHost host = ProxiedStore.hostAtTheServersTime();
        ModelRegistry registry = ModelRegistry.on(
                        backend(role, host), RegistryOptions.defaults().withCacheFolder(cache), host)
                .as(role);
        opened.add(registry);
        return registry;
    }

    private GcsBackend backend(String role, ManualHost host) {
        AccessToken token = new AccessToken(role, Date.from(Instant.now().plusSeconds(100_000)));
        return store.backend(
                GcsFixture.client(store.proxy.uri(), OAuth2Credentials.create(token)), GcsSettings.defaults(), host);
    }

    private static Registration model(String content) {
        return Registration.empty().file("model.bin", content.getBytes(StandardCharsets.UTF_8));
    }

    private void assertDenied(ThrowingCallable call, String key, Role needed) {
        List<String> before = store.bucket.names();

        assertThatThrownBy(call)
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("storage.objects.create")
                .hasMessageContaining("gs://models/" + GcsFixture.object(key))
                .hasMessageEndingWith(". Creating it needs role " + needed);

        assertThat(store.bucket.names()).isEqualTo(before);
    }

    @Test
    void aTrainerRegistersAndCannotReleaseOrJudge() {
        trainer.model("tumor").register(model("one"));
        trainer.model("tumor").version(1).submit("ready");

        assertDenied(
                () -> trainer.model("tumor").environment("production").promote(1, "mine"),
                "environments/production/tumor/0000000001.json",
                Role.releaser("production"));
        assertDenied(
                () -> trainer.model("tumor").environment("staging").promote(1, "mine"),
                "environments/staging/tumor/0000000001.json",
                Role.releaser("staging"));
        assertDenied(
                () -> trainer.model("tumor").version(1).approve("mine"),
                "reviews/tumor/0000000001/0000000001.json",
                Role.REVIEWER);
        assertThat(store.keys("hints/versions/")).isNotEmpty();
        assertThat(store.keys("probe/"))
                .as("what the administrator proved the store with")
                .isEmpty();
    }

    @Test
    void aReviewerJudgesAndCannotRegister() {
        trainer.model("tumor").register(model("one"));
        trainer.model("tumor").version(1).submit("ready");

        reviewer.model("tumor").version(1).approve("good");

        assertThat(store.keys("reviews/")).hasSize(1);
        assertThatThrownBy(() -> reviewer.model("tumor").register(model("two")))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(store.keys("versions/")).hasSize(1);
    }

    @Test
    void aReleaserOfStagingCannotTouchProduction() {
        trainer.model("tumor").register(model("one"));

        stagingReleaser.model("tumor").environment("staging").promote(1, "try it");

        assertThat(servingProcess
                        .model("tumor")
                        .environment("staging")
                        .resolve(Consistency.STRONG)
                        .version()
                        .number())
                .isEqualTo(1);
        assertDenied(
                () -> stagingReleaser.model("tumor").environment("production").promote(1, "try it there"),
                "environments/production/tumor/0000000001.json",
                Role.releaser("production"));
    }

    @Test
    void aServingProcessReadsAndWritesNothing() {
        trainer.model("tumor").register(model("one"));
        stagingReleaser.model("tumor").environment("staging").promote(1, "try it");
        List<String> before = store.bucket.names();

        servingProcess.model("tumor").environment("staging").resolve(Consistency.STRONG);
        assertThat(servingProcess.model("tumor").version(1).download().files()).hasSize(1);

        assertThatThrownBy(() -> servingProcess.model("tumor").register(model("two")))
                .isInstanceOf(AccessDeniedException.class);
        assertDenied(
                () -> servingProcess.model("tumor").environment("staging").promote(1, "again"),
                "environments/staging/tumor/0000000002.json",
                Role.releaser("staging"));
        assertThat(store.bucket.names()).isEqualTo(before);
    }

    /** Fault 62: what may not be listed is refused, not missing. */
    @Test
    void whoMayNotListIsRefusedWhatIsMissing() {
        GcsBackend blind = backend("blind", new ManualHost());

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> blind.get("versions/none/0000000001.json", 100),
                () -> blind.stat("versions/none/0000000001.json"))) {
            assertThatThrownBy(call)
                    .hasMessageContaining("storage.objects.list")
                    .asInstanceOf(InstanceOfAssertFactories.type(StorageException.class))
                    .extracting(StorageException::kind)
                    .isEqualTo(Kind.DENIED);
        }
        assertThat(blind.get("registry.json", 10_000)).isPresent();
        assertThat(blind.storeTime()).isNotNull();
    }
}
