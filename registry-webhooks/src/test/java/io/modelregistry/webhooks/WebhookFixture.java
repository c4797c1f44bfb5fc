package io.modelregistry.webhooks;

import io.modelregistry.Environment;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Registration;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry with three versions of a model, an endpoint, and a folder for positions. */
abstract class WebhookFixture {
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    static final String NEW_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    final ManualHost host = new ManualHost();
    final MemoryStore store = new MemoryStore(host);
    final ModelRegistry registry =
            ModelRegistry.on(store.open(), RegistryOptions.defaults(), host).as("ada");
    final Environment production = registry.model("tumor").environment("production");
    final Receiver receiver = new Receiver();
    final Webhook webhook = Webhook.to(receiver.address(), SECRET);

    @TempDir
    Path folder;

    @BeforeEach
    void threeVersions() {
        for (int i = 1; i <= 3; i++) {
            registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {(byte) i}));
        }
    }

    @AfterEach
    void closeAll() {
        receiver.close();
        registry.close();
    }

    WebhookPublisher publisher(Webhook... webhooks) {
        return WebhookPublisher.of(registry, folder, host, webhooks);
    }

    static WebhookStatus only(WebhookPublisher publisher) {
        return publisher.status().get(0);
    }
}
