package io.modelregistry.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.testkit.ManualHost;
import io.modelregistry.webhooks.WebhookStatus.Failure;
import io.modelregistry.webhooks.WebhookStatus.State;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnreliableEndpointTest extends WebhookFixture {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch endOfTest = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        endOfTest.countDown();
        threads.shutdownNow();
    }

    @Test
    void itIsTriedAgainAfterFiveSecondsThenAfterTwiceAsLongUpToAnHour() {
        receiver.always(Receiver.status(500));
        try (WebhookPublisher publisher = WebhookPublisher.start(registry, folder, host, webhook)) {
            production.promote(1, "first");
            host.advance(Duration.ZERO);

            for (int times = 1; times <= 14; times++) {
                Failure failure = only(publisher).lastFailure().orElseThrow();
                Duration wait = Duration.between(failure.at(), failure.nextAttempt());
                Duration middle = Duration.ofSeconds(Math.min(3600, 5L << (times - 1)));
                assertThat(failure.times()).isEqualTo(times);
                assertThat(wait)
                        .isBetween(
                                middle.multipliedBy(8).dividedBy(10),
                                middle.multipliedBy(12).dividedBy(10));
                host.advance(wait.minusNanos(1));
                assertThat(receiver.requests()).hasSize(times);
                host.advance(Duration.ofNanos(1));
                assertThat(receiver.requests()).hasSize(times + 1);
            }
            assertThat(only(publisher).state()).isEqualTo(State.RETRYING);
            assertThat(receiver.told()).containsOnly("promote version 1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 304, 400, 401, 404, 408, 429, 500, 503})
    void everythingButASuccessIsRepeated(int status) {
        receiver.then(Receiver.status(status));
        WebhookPublisher publisher = publisher(webhook);
        production.promote(1, "first");

        List<Delivery> first = publisher.publish();
        host.advance(Duration.ofSeconds(6));
        List<Delivery> second = publisher.publish();

        assertThat(first)
                .singleElement()
                .satisfies(d -> assertThat(d.reason())
                        .hasValueSatisfying(reason -> assertThat(reason).startsWith("it answered " + status)));
        assertThat(second)
                .singleElement()
                .satisfies(d -> assertThat(d.isAcknowledged()).isTrue());
    }

    @Test
    void theEndpointsWishToBeLeftAloneIsGrantedAndNoLongerThanAnHour() {
        String inTenMinutes = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                host.now().plus(Duration.ofMinutes(10)).atOffset(ZoneOffset.UTC));
        production.promote(1, "before");
        WebhookPublisher publisher = publisher(webhook);
        production.promote(2, "first");

        assertThat(waitAfter(publisher, "120")).isEqualTo(Duration.ofMinutes(2));
        assertThat(publisher.publish()).isEmpty();
        host.advance(Duration.ofSeconds(119));
        assertThat(publisher.publish()).isEmpty();
        host.advance(Duration.ofSeconds(1));
        assertThat(waitAfter(publisher, "999999999")).isEqualTo(Duration.ofHours(1));
        host.advance(Duration.ofHours(1));
        assertThat(waitAfter(publisher, "soon")).isBetween(Duration.ofSeconds(16), Duration.ofSeconds(24));
        host.advance(Duration.ofHours(1));
        assertThat(waitAfter(publisher, inTenMinutes)).as("a date that is past").isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void aDateThatTheEndpointNamesIsWaitedFor() {
        String inTenMinutes = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                host.now().plus(Duration.ofMinutes(10)).atOffset(ZoneOffset.UTC));
        WebhookPublisher publisher = publisher(webhook);
        production.promote(1, "first");

        assertThat(waitAfter(publisher, inTenMinutes)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void goneEndsAWebhookAndNoOther() {
        try (Receiver other = new Receiver();
                WebhookPublisher publisher = publisher(webhook, Webhook.to(other.address(), NEW_SECRET))) {
            receiver.then(Receiver.status(410));
            production.promote(1, "first");
            publisher.publish();
            production.promote(2, "second");
            host.advance(Duration.ofHours(2));
            publisher.publish();

            assertThat(receiver.told()).containsExactly("promote version 1");
            assertThat(other.told()).containsExactly("promote version 1", "promote version 2");
            assertThat(publisher.status()).extracting(WebhookStatus::state).containsExactly(State.GONE, State.WORKING);
            assertThat(only(publisher).lastFailure())
                    .hasValueSatisfying(failure -> assertThat(failure.reason()).isEqualTo("it answered 410 Gone"));
        }

        publisher(webhook).publish();

        assertThat(receiver.told())
                .as("a new publisher asks again, and nothing was skipped")
                .containsExactly("promote version 1", "promote version 1", "promote version 2");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsNotFollowed(int status) {
        try (Receiver other = new Receiver()) {
            receiver.then(Receiver.status(status, "Location", other.address().toString()));
            WebhookPublisher publisher = publisher(webhook);
            production.promote(1, "first");

            List<Delivery> deliveries = publisher.publish();

            assertThat(other.requests()).isEmpty();
            assertThat(deliveries)
                    .singleElement()
                    .satisfies(d -> assertThat(d.reason())
                            .hasValue("it answered " + status
                                    + ": redirects are not followed; give the webhook its new address"));
        }
    }

    @Test
    void anEndpointThatHangsHoldsUpNeitherAPromotionNorAnotherEndpoint() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        Executor firstRoundAside = round -> {
            if (rounds.getAndIncrement() == 0) {
                threads.execute(round);
            } else {
                round.run();
            }
        };
        ManualHost background = host.another(Duration.ZERO, firstRoundAside);
        receiver.always(hanging());
        try (Receiver other = new Receiver()) {
            WebhookPublisher publisher =
                    WebhookPublisher.start(registry, folder, background, webhook, Webhook.to(other.address(), SECRET));
            production.promote(1, "first");
            background.advance(Duration.ZERO);
            await(asked);

            production.promote(2, "second");
            background.advance(Duration.ofSeconds(36));

            assertThat(other.told()).containsExactly("promote version 1", "promote version 2");
            assertThat(receiver.told()).containsExactly("promote version 1");
            assertThat(production.current().orElseThrow().revision().sequence()).isEqualTo(2);
            publisher.close();
        }
    }

    @Test
    void anEndpointThatNeverAnswersIsGivenUpUntilTheNextAttempt() {
        receiver.always(hanging());
        WebhookPublisher impatient = publisher(webhook.withTimeout(Duration.ofMillis(50)));
        production.promote(1, "first");

        List<Delivery> first = impatient.publish();
        receiver.always(Receiver.status(204));
        List<Delivery> second = publisher(webhook).publish();

        assertThat(first)
                .singleElement()
                .satisfies(
                        d -> assertThat(d.reason())
                                .hasValueSatisfying(
                                        reason -> assertThat(reason)
                                                .matches(
                                                        "it can't be reached or doesn't answer \\(Http(Connect)?TimeoutException: .*\\)")));
        assertThat(second)
                .singleElement()
                .satisfies(d -> assertThat(d.isAcknowledged()).isTrue());
    }

    @Test
    void anAnswerWithoutEndIsASuccessAndIsNotRead() throws Exception {
        CountDownLatch cutOff = new CountDownLatch(1);
        receiver.then(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] noise = new byte[65536];
            try (OutputStream body = exchange.getResponseBody()) {
                while (true) {
                    body.write(noise);
                }
            } catch (IOException e) {
                cutOff.countDown();
            }
        });
        WebhookPublisher publisher = publisher(webhook);
        production.promote(1, "first");

        List<Delivery> deliveries = publisher.publish();

        assertThat(deliveries)
                .singleElement()
                .satisfies(d -> assertThat(d.isAcknowledged()).isTrue());
        await(cutOff);
    }

    @Test
    void closingEndsADeliveryAndTheNextPublisherRepeatsIt() throws Exception {
        receiver.then(hanging());
        WebhookPublisher publisher = publisher(webhook);
        production.promote(1, "first");
        Future<List<Delivery>> publishing = threads.submit(publisher::publish);
        await(asked);

        publisher.close();

        assertThat(publishing.get(30, TimeUnit.SECONDS))
                .singleElement()
                .satisfies(d -> assertThat(d.reason()).hasValue("the publisher was closed before it answered"));
        publisher(webhook).publish();
        assertThat(receiver.told()).containsExactly("promote version 1", "promote version 1");
        assertThat(receiver.requests().get(0).id())
                .isEqualTo(receiver.requests().get(1).id());
    }

    @Test
    void anInterruptEndsADeliveryAndIsNoFailureOfTheEndpoint() throws Exception {
        receiver.then(hanging());
        WebhookPublisher publisher = publisher(webhook);
        production.promote(1, "first");
        CountDownLatch flagged = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            publisher.publish();
            if (Thread.currentThread().isInterrupted() && publisher.publish().isEmpty()) {
                flagged.countDown();
            }
        });
        thread.start();
        await(asked);

        thread.interrupt();

        await(flagged);
        assertThat(only(publisher).state()).isEqualTo(State.WORKING);
        assertThat(publisher.publish())
                .singleElement()
                .satisfies(d -> assertThat(d.isAcknowledged()).isTrue());
        assertThat(receiver.requests())
                .as("an interrupted thread sends nothing")
                .hasSize(2);
    }

    @Test
    void aClockThatIsSetBackDelaysNothing() {
        ManualHost turned = host.another(Duration.ZERO);
        receiver.then(Receiver.status(500));
        try (WebhookPublisher publisher = WebhookPublisher.start(registry, folder, turned, webhook)) {
            production.promote(1, "first");
            turned.advance(Duration.ZERO);
            turned.turnWallClock(Duration.ofDays(-1));

            turned.advance(Duration.ofSeconds(6));

            assertThat(receiver.requests()).hasSize(2);
            assertThat(receiver.requests().get(1).timestamp())
                    .isEqualTo(Long.toString(turned.now().getEpochSecond()));
            assertThat(only(publisher).state()).isEqualTo(State.WORKING);
        }
    }

    private Duration waitAfter(WebhookPublisher publisher, String retryAfter) {
        receiver.then(Receiver.status(503, "Retry-After", retryAfter));
        assertThat(publisher.publish()).hasSize(1);
        Failure failure = only(publisher).lastFailure().orElseThrow();
        return Duration.between(host.now(), failure.nextAttempt());
    }

    /** Has the request, and says nothing until the end of the test. */
    private Receiver.Reply hanging() {
        return exchange -> {
            asked.countDown();
            try {
                endOfTest.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
