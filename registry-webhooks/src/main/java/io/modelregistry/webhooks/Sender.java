package io.modelregistry.webhooks;

import io.modelregistry.Host;
import io.modelregistry.Texts;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes single attempts at one endpoint, one at a time. Thread-safe. */
final class Sender {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private final HttpClient client;
    private final Webhook webhook;
    private final Host host;
    private volatile boolean cancelled;
    private volatile @Nullable CompletableFuture<?> underWay;

    Sender(HttpClient client, Webhook webhook, Host host) {
        this.client = client;
        this.webhook = webhook;
        this.host = host;
    }

    /** HTTP/1.1, because an upgrade from {@code http} confuses small servers; redirects would take what is signed to somebody else. */
    static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /** One attempt. Interrupted or cancelled, it ends at once and nobody knows whether it was taken. */
    Answer send(Message message) throws InterruptedException {
        CompletableFuture<HttpResponse<Void>> sending =
                client.sendAsync(request(message), response -> new StatusOnly());
        underWay = sending;
        if (cancelled) {
            sending.cancel(true);
        }
        try {
            return answer(sending.get());
        } catch (CancellationException | ExecutionException e) {
            return Answer.Failed.of(cancelled ? "the publisher was closed before it answered" : reason(e));
        } finally {
            sending.cancel(true);
            underWay = null;
        }
    }

    void cancel() {
        cancelled = true;
        CompletableFuture<?> sending = underWay;
        if (sending != null) {
            sending.cancel(true);
        }
    }

    private HttpRequest request(Message message) {
        long seconds = host.now().getEpochSecond();
        return HttpRequest.newBuilder(webhook.endpoint())
                .timeout(webhook.timeout())
                .header("content-type", "application/json")
                .header("user-agent", "model-registry")
                .header("webhook-id", message.id())
                .header("webhook-timestamp", Long.toString(seconds))
                .header("webhook-signature", webhook.sign(message, seconds))
                .POST(HttpRequest.BodyPublishers.ofByteArray(message.body()))
                .build();
    }

    private Answer answer(HttpResponse<?> response) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return new Answer.Taken();
        }
        if (status == 410) {
            return new Answer.Gone();
        }
        Duration wait =
                response.headers().firstValue("retry-after").map(this::wait).orElse(Duration.ZERO);
        String hint =
                status >= 300 && status < 400 ? ": redirects are not followed; give the webhook its new address" : "";
        return new Answer.Failed("it answered " + status + hint, wait);
    }

    /** Seconds, or a date; anything else is no wish (RFC 9110, 10.2.3). */
    private Duration wait(String retryAfter) {
        if (SECONDS.matcher(retryAfter).matches()) {
            return Duration.ofSeconds(Long.parseLong(retryAfter));
        }
        try {
            Instant then = DateTimeFormatter.RFC_1123_DATE_TIME.parse(retryAfter, Instant::from);
            Duration wait = Duration.between(host.now(), then);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    /** The client's messages name no more than the host. */
    private static String reason(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String message = cause.getMessage() == null ? "" : ": " + Texts.printable(cause.getMessage());
        return "it can't be reached or doesn't answer (" + cause.getClass().getSimpleName() + message + ")";
    }

    /** The status decides; a body that never ends must not hold the request up. */
    private static final class StatusOnly implements HttpResponse.BodySubscriber<Void> {
        @Override
        public CompletionStage<Void> getBody() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.cancel();
        }

        @Override
        public void onNext(List<ByteBuffer> item) {}

        @Override
        public void onError(Throwable throwable) {}

        @Override
        public void onComplete() {}
    }
}
