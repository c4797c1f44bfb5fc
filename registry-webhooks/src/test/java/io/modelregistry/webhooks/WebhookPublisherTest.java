package io.modelregistry.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Environment;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.environment.Deployment;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Registration;
import io.modelregistry.webhooks.WebhookStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookPublisherTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String NEW_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private final ManualHost host = new ManualHost();
    private final MemoryStore store = new MemoryStore(host);
    private final ModelRegistry registry =
            ModelRegistry.on(store.open(), RegistryOptions.defaults(), host).as("ada");
    private final Environment production = registry.model("tumor").environment("production");
    private final Receiver receiver = new Receiver();
    private final Webhook webhook = Webhook.to(receiver.address(), SECRET);

    @TempDir
    Path folder;

    @BeforeEach
    void threeVersions() {
        for (int i = 1; i <= 3; i++) {
            registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {(byte) i}));
        }
    }

    @AfterEach
    void close() {
        receiver.close();
        registry.close();
    }

    @Test
    void aPromotionArrivesSignedAndSaysWhatHappened() {
        WebhookPublisher publisher = publisher(webhook);

        Deployment promoted = production.promote(2, "better sensitivity");
        List<Delivery> deliveries = publisher.publish();

        assertThat(deliveries).singleElement().satisfies(delivery -> {
            assertThat(delivery.isAcknowledged()).isTrue();
            assertThat(delivery.event().revision()).isEqualTo(promoted.revision());
        });
        assertThat(receiver.requests()).singleElement().satisfies(request -> {
            assertThat(request.path()).isEqualTo("/hooks/token-4711?key=4712");
            assertThat(request.type()).isEqualTo("application/json");
            assertThat(request.id()).isEqualTo("evt_" + promoted.entry().hex());
            assertThat(request.timestamp()).isEqualTo(Long.toString(ManualHost.START.getEpochSecond()));
            assertThat(request.isGenuine(SECRET, host.now())).isTrue();
            assertThat(request.isGenuine(NEW_SECRET, host.now())).isFalse();
            assertThat(request.body())
                    .isEqualTo("{\"type\":\"environment.promote\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"data\":{"
                            + "\"registry\":\"" + registry.id() + "\",\"stream\":\"environments/production/tumor\","
                            + "\"sequence\":1,\"entry\":\"" + promoted.entry() + "\",\"what\":\"promote\","
                            + "\"subject\":\"production\",\"before\":\"\",\"after\":\"version 2\","
                            + "\"environment\":\"production\",\"model\":\"tumor\",\"version\":2,\"actor\":\"ada\","
                            + "\"reason\":\"better sensitivity\",\"writtenAt\":\"2026-01-01T00:00:00Z\"}}");
        });
        assertThat(publisher.publish()).isEmpty();
    }

    @Test
    void aLostAnswerIsRepeatedWithTheSameIdAndTheSameBody() {
        receiver.then(Receiver.lost());
        WebhookPublisher publisher = publisher(webhook);
        production.promote(1, "first");

        List<Delivery> lost = publisher.publish();
        host.advance(Duration.ofSeconds(6));
        List<Delivery> repeated = publisher.publish();

        assertThat(lost)
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.reason())
                        .hasValueSatisfying(
                                reason -> assertThat(reason).startsWith("it can't be reached or doesn't answer")));
        assertThat(repeated)
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.isAcknowledged()).isTrue());
        assertThat(receiver.requests()).hasSize(2);
        assertThat(receiver.requests())
                .extracting(Receiver.Request::id)
                .containsOnly(lost.get(0).id());
        assertThat(receiver.requests())
                .extracting(Receiver.Request::body)
                .containsOnly(receiver.requests().get(0).body());
        assertThat(receiver.requests()).allMatch(request -> request.isGenuine(SECRET, host.now()));
    }

    @Test
    void whatHappenedWhileAnEndpointWasDownArrivesInOrderAndOnce() {
        WebhookPublisher publisher = WebhookPublisher.start(registry, folder, host, webhook);
        host.advance(Duration.ZERO);
        receiver.down();
        for (int version = 1; version <= 3; version++) {
            production.promote(version, "reason " + version);
            host.advance(Duration.ofMinutes(3));
        }

        receiver.up();
        host.advance(Duration.ofHours(1));
        host.advance(Duration.ofHours(1));

        assertThat(receiver.told()).containsExactly("promote version 1", "promote version 2", "promote version 3");
        assertThat(publisher.status()).singleElement().satisfies(status -> {
            assertThat(status.state()).isEqualTo(State.WORKING);
            assertThat(status.eventsWaiting()).hasValue(0);
            assertThat(status.lastFailure())
                    .hasValueSatisfying(failure -> assertThat(failure.reason()).contains("ConnectException"));
            assertThat(status.position()).isEqualTo(registry.position());
        });
        publisher.close();
    }

    @Test
    void aWebhookThatIsNewBeginsAtThePresent() {
        production.promote(1, "before");
        WebhookPublisher publisher = publisher(webhook);
        production.promote(2, "after");

        publisher.publish();

        assertThat(receiver.told()).containsExactly("promote version 2");
    }

    @Test
    void anotherPublisherOfTheFolderGoesOnWhereTheLastOneStopped() {
        try (WebhookPublisher first = WebhookPublisher.of(registry, folder, host, webhook)) {
            production.promote(1, "one");
            first.publish();
            production.promote(2, "two");
        }

        publisher(webhook).publish();

        assertThat(receiver.told()).containsExactly("promote version 1", "promote version 2");
    }

    @Test
    void afterCloseNothingIsToldAndNothingIsAsked() {
        WebhookPublisher publisher = WebhookPublisher.start(registry, folder, host, webhook);
        host.advance(Duration.ZERO);

        publisher.close();
        publisher.close();
        production.promote(1, "late");
        host.advance(Duration.ofHours(1));

        assertThat(receiver.requests()).isEmpty();
        assertThat(host.scheduledTasks()).isZero();
        assertThatThrownBy(publisher::publish)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The publisher is closed");
    }

    private WebhookPublisher publisher(Webhook... webhooks) {
        return WebhookPublisher.of(registry, folder, host, webhooks);
    }
}
