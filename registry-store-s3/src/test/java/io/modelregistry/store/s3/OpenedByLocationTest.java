package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.testkit.proxy.ProxyPlan;
import io.modelregistry.version.Registration;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The client that a location alone makes, with credentials from the SDK's own chain. */
@Timeout(120)
final class OpenedByLocationTest {
    private static final byte[] CONTENT = {1, 2, 3};

    @RegisterExtension
    private final FaultyWire wire = new FaultyWire();

    private String location;

    @BeforeEach
    void giveTheChainCredentials() {
        System.setProperty("aws.accessKeyId", S3Server.IDENTITY);
        System.setProperty("aws.secretAccessKey", S3Server.CREDENTIAL);
        location = "s3://" + wire.bucket + "/team?endpoint=" + wire.proxy.uri() + "&path-style=true&timeout-seconds=5";
    }

    @AfterEach
    void takeThemAway() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    @Test
    void aRegistryNeedsNothingButItsLocation() {
        try (ModelRegistry registry = ModelRegistry.initialise(location).as("ada")) {
            registry.model("tumor").register(Registration.empty().file("model.bin", CONTENT));
            registry.model("tumor").environment("production").promote(1, "first");
        }
        try (ModelRegistry registry = ModelRegistry.open(location)) {
            assertThat(registry.resolve("tumor:production").version().id()).hasToString("tumor@1");
            assertThat(registry.verify().errors()).isEmpty();
        }
    }

    @Test
    void aCreateIsSentOnceAndAReadIsRepeated() {
        wire.proxy.plan(ProxyPlan.onceOn(wire.on("PUT", "models/a"), 1, ProxyFault.RESET_AFTER)
                .then(ProxyPlan.onceOn(wire.on("GET", "models/a"), 1, ProxyFault.RESET_AFTER)));
        try (StorageBackend backend = new S3BackendProvider().open(URI.create(location), Host.system())) {

            StorageException lost =
                    catchThrowableOfType(StorageException.class, () -> backend.create("models/a", CONTENT));
            byte[] stored = backend.get("models/a", 10).orElseThrow().content();

            assertThat(lost.kind()).isEqualTo(Kind.UNKNOWN);
            assertThat(stored).isEqualTo(CONTENT);
            assertThat(wire.requests()).containsExactly("PUT models/a", "GET models/a", "GET models/a");
            assertThat(backend.create("models/a", CONTENT)).isEqualTo(CreateOutcome.EXISTS);
        }
    }

    @Test
    void aBucketThatIsNotThereIsACaseForConfiguration() {
        String elsewhere = location.replace(wire.bucket, "no-such-bucket");
        try (StorageBackend backend = new S3BackendProvider().open(URI.create(elsewhere), Host.system())) {

            StorageException failure =
                    catchThrowableOfType(StorageException.class, () -> backend.create("models/a", CONTENT));

            assertThat(failure.kind()).isEqualTo(Kind.UNSUITABLE);
            assertThat(failure).hasMessageContaining("there is no bucket no-such-bucket");
        }
    }

    @Test
    void aWrongSecretIsACaseForConfiguration() {
        System.setProperty("aws.secretAccessKey", "wrong");
        try (StorageBackend backend = new S3BackendProvider().open(URI.create(location), Host.system())) {

            StorageException failure =
                    catchThrowableOfType(StorageException.class, () -> backend.create("models/a", CONTENT));

            assertThat(failure.kind()).isEqualTo(Kind.UNSUITABLE);
            assertThat(failure).hasMessageContaining("the secret key is wrong");
        }
    }
}
