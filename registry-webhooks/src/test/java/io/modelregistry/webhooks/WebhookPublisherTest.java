package io.modelregistry.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Finding;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Share;
import io.modelregistry.testkit.CountingBackend;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Registration;
import io.modelregistry.webhooks.WebhookStatus.State;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookPublisherTest extends WebhookFixture {

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
    void whatWasNotAcknowledgedIsToldByTheNextPublisherAndNothingElse() {
        receiver.then(Receiver.status(204)).then(Receiver.status(500));
        WebhookPublisher first = publisher(webhook);
        for (int version = 1; version <= 3; version++) {
            production.promote(version, "reason " + version);
        }

        first.publish();
        WebhookStatus status = only(first);
        publisher(webhook).publish();

        assertThat(status.eventsWaiting()).hasValue(2);
        assertThat(status.position().delivered("environments/production/tumor")).isEqualTo(1);
        assertThat(status.lastAcknowledged()).hasValue(host.now());
        assertThat(receiver.told())
                .containsExactly("promote version 1", "promote version 2", "promote version 2", "promote version 3");
    }

    @Test
    void aFolderIsWatchedByARealMachineInTheBackground(@TempDir Path models) throws Exception {
        CountDownLatch told = new CountDownLatch(2);
        receiver.always(exchange -> {
            exchange.sendResponseHeaders(200, -1);
            told.countDown();
        });
        try (ModelRegistry onDisk =
                ModelRegistry.initialise(models.toUri().toString()).as("ada")) {
            WebhookPublisher.of(onDisk, folder, webhook).close();
            onDisk.model("tumor").register(Registration.empty().file("model.bin", new byte[] {1}));
            onDisk.model("tumor").environment("production").promote(1, "first");
            onDisk.model("tumor").environment("production").withdraw("off");

            WebhookPublisher publisher = WebhookPublisher.start(onDisk, folder, webhook);
            boolean arrived = told.await(60, TimeUnit.SECONDS);
            publisher.close();

            assertThat(arrived).isTrue();
            assertThat(receiver.told()).containsExactly("promote version 1", "withdraw nothing");
            assertThat(receiver.requests()).allMatch(request -> request.isGenuine(SECRET, Instant.now()));
        }
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

    @Test
    void whileASecretIsReplacedARequestIsSignedWithBoth() {
        WebhookPublisher publisher = publisher(webhook.alsoSignedWith(NEW_SECRET));
        production.promote(1, "first");

        publisher.publish();

        assertThat(receiver.requests()).singleElement().satisfies(request -> {
            assertThat(request.signature()).matches("v1,[A-Za-z0-9+/=]{44} v1,[A-Za-z0-9+/=]{44}");
            assertThat(request.isGenuine(SECRET, host.now())).isTrue();
            assertThat(request.isGenuine(NEW_SECRET, host.now())).isTrue();
            assertThat(request.isGenuine("whsec_" + "A".repeat(44), host.now())).isFalse();
            assertThat(request.isGenuine(SECRET, host.now().plusSeconds(301))).isFalse();
        });
    }

    @Test
    void onlyTheEventsThatAreWantedAreTold() {
        WebhookPublisher publisher = publisher(webhook.only(
                event -> event.what().equals("withdraw") || event.what().equals("register")));
        production.promote(1, "first");
        registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {9}));
        host.advance(Duration.ofSeconds(1));
        production.withdraw("off");

        publisher.publish();

        assertThat(receiver.requests())
                .extracting(request -> Receiver.field(request.body(), "type"))
                .containsExactly("version.register", "environment.withdraw");
        assertThat(only(publisher).position()).isEqualTo(registry.position());
    }

    @Test
    void unlessSaidOtherwiseWhateverChangesWhatIsServedIsToldAndNothingElse() {
        WebhookPublisher publisher = publisher(webhook);
        production.promote(1, "first");
        registry.version("tumor@2").submit("please");
        production.canary(2, Share.percent(5), "try it");
        production.halt("too slow");
        production.promote(2, "after all");
        production.rollback("back");
        registry.version("tumor@3").submit("please");
        production.withdraw("off");

        publisher.publish();

        assertThat(receiver.requests())
                .extracting(request -> Receiver.field(request.body(), "what"))
                .containsExactly("promote", "canary", "halt", "promote", "roll-back", "withdraw");
    }

    @Test
    void aFilterThatThrowsStopsItsWebhookAndSkipsNothing() {
        AtomicBoolean broken = new AtomicBoolean(true);
        WebhookPublisher publisher = publisher(webhook.only(event -> {
            if (broken.get()) {
                throw new IllegalStateException("no idea");
            }
            return true;
        }));
        production.promote(1, "first");

        List<Delivery> none = publisher.publish();
        Optional<WebhookStatus.Failure> failure = only(publisher).lastFailure();
        broken.set(false);
        host.advance(Duration.ofSeconds(6));
        publisher.publish();

        assertThat(none).isEmpty();
        assertThat(failure)
                .hasValueSatisfying(f -> assertThat(f.reason()).isEqualTo("java.lang.IllegalStateException: no idea"));
        assertThat(receiver.told()).containsExactly("promote version 1");
    }

    @Test
    void anEventThatIsRefusedForGoodCanBePassedOver() {
        WebhookPublisher publisher = publisher(webhook);
        AuditEvent unwanted;
        production.promote(1, "first");
        production.promote(2, "second");
        receiver.then(Receiver.status(400));
        publisher.publish();
        unwanted = only(publisher).lastFailure().orElseThrow().untold().orElseThrow();

        assertThat(publisher.skip(webhook, unwanted)).isTrue();
        assertThat(publisher.skip(webhook, unwanted)).as("once is enough").isFalse();
        publisher.publish();

        assertThat(receiver.told()).containsExactly("promote version 1", "promote version 2");
        assertThat(publisher.publish()).isEmpty();
        assertThatThrownBy(() -> publisher.skip(Webhook.to(URI.create("https://example.com"), SECRET), unwanted))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("No webhook to https://example.com/… is told by this publisher");
    }

    @Test
    void aBacklogOfSeveralPagesIsToldToItsEnd() {
        WebhookPublisher publisher =
                publisher(webhook.only(event -> event.revision().sequence() % 600 == 0));
        for (int i = 1; i <= 1_200; i++) {
            production.promote(1 + i % 2, "reason " + i);
        }

        publisher.publish();

        assertThat(receiver.requests())
                .extracting(request -> Receiver.field(request.body(), "reason"))
                .containsExactly("reason 600", "reason 1200");
        assertThat(only(publisher).position()).isEqualTo(registry.position());
    }

    @Test
    void aStoreThatDoesNotAnswerPostponesWhatIsToldAndSkipsNothing() {
        AtomicBoolean away = new AtomicBoolean();
        FaultyBackend backend = new FaultyBackend(store.open(), call -> away.get() ? Fault.UNAVAILABLE : Fault.NONE);
        try (ModelRegistry reader = ModelRegistry.on(backend, RegistryOptions.defaults(), host)) {
            WebhookPublisher publisher = WebhookPublisher.of(reader, folder, host, webhook);
            production.promote(1, "first");
            away.set(true);

            List<Delivery> none = publisher.publish();
            State state = only(publisher).state();
            away.set(false);
            host.advance(Duration.ofSeconds(6));
            publisher.publish();

            assertThat(backend.faults()).isNotEmpty();
            assertThat(none).isEmpty();
            assertThat(state).isEqualTo(State.RETRYING);
            assertThat(receiver.told()).containsExactly("promote version 1");
            assertThat(only(publisher).state()).isEqualTo(State.WORKING);
        }
    }

    @Test
    void aDamagedEntryKeepsItsOwnStreamBackAndIsNamed() {
        WebhookPublisher publisher = publisher(webhook);
        production.promote(1, "first");
        registry.model("tumor").environment("staging").promote(2, "second");
        String key = "environments/production/tumor/0000000001.json";
        byte[] whole = store.open().get(key, 1 << 20).orElseThrow().content();
        store.put(key, "scribble".getBytes(StandardCharsets.UTF_8));

        publisher.publish();
        List<Finding> damaged = only(publisher).damaged();
        store.put(key, whole);
        publisher.publish();

        assertThat(damaged)
                .singleElement()
                .satisfies(finding -> assertThat(finding.key()).isEqualTo(key));
        assertThat(receiver.told()).containsExactly("promote version 2", "promote version 1");
        assertThat(only(publisher).damaged()).isEmpty();
    }

    @Test
    void webhooksAtTheSamePlaceReadTheFeedOnce() {
        CountingBackend backend = new CountingBackend(store.open());
        try (Receiver other = new Receiver();
                ModelRegistry reader = ModelRegistry.on(backend, RegistryOptions.defaults(), host)) {
            WebhookPublisher publisher =
                    WebhookPublisher.of(reader, folder, host, webhook, Webhook.to(other.address(), SECRET));
            backend.reset();

            publisher.publish();

            assertThat(backend).hasToString("10 list");
        }
    }

    @Test
    void whileAnEndpointIsTriedAgainTheStoreIsNotAsked() {
        CountingBackend backend = new CountingBackend(store.open());
        try (ModelRegistry reader = ModelRegistry.on(backend, RegistryOptions.defaults(), host)) {
            WebhookPublisher publisher = WebhookPublisher.of(reader, folder, host, webhook);
            receiver.then(Receiver.status(500)).then(Receiver.status(500));
            production.promote(1, "first");
            publisher.publish();
            backend.reset();

            host.advance(Duration.ofSeconds(6));
            publisher.publish();

            assertThat(receiver.requests()).hasSize(2);
            assertThat(backend).hasToString("no requests");
        }
    }

    @Test
    void anEndpointThatIsNamedTwiceIsRefused() {
        assertThatThrownBy(() -> publisher(webhook, webhook))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "The endpoint of the " + webhook
                                + " is named twice. Give each endpoint one webhook; its filter may take several kinds of events");
    }

    @Test
    void neitherASecretNorThePathOfAnEndpointIsShown() {
        receiver.then(Receiver.status(500));
        WebhookPublisher publisher = publisher(webhook);
        production.promote(1, "first");

        String shown = publisher.publish() + " " + publisher.status() + " " + webhook;

        assertThat(shown).contains("it answered 500").doesNotContain("MfKQ9r8").doesNotContain("token-4711");
    }
}
