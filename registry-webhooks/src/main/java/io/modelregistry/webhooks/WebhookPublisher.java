package io.modelregistry.webhooks;

import io.modelregistry.Host;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.core.log.Alarm;
import io.modelregistry.core.log.Jitter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tells webhooks what happens in a registry, as <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 * Webhooks 1.0.0</a> has it.
 *
 * <pre>{@code
 * try (WebhookPublisher publisher = WebhookPublisher.start(registry, Path.of("/var/lib/webhooks"), Webhook.to(endpoint, secret))) {
 *     …
 * }
 * }</pre>
 *
 * <p>It reads {@link ModelRegistry#changes} and keeps in a folder how far each webhook has been told, so that no commit waits for a webhook, and nothing is lost while an
 * endpoint or this process is down. Each webhook is told in the feed's order; one that can't be told is tried again after 5 seconds, then at doubling intervals up to an
 * hour, for ever, without holding up the others. An endpoint can be told the same twice: when its answer was lost, or this process ended before it saved
 * the position. The request then has the same {@code webhook-id}, by which the endpoint has to know it.
 *
 * <p>Several publishers of one machine may share the folder; each webhook is told by one of them at a time. Thread-safe.
 */
public final class WebhookPublisher implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final ModelRegistry registry;
    private final Host host;
    private final Map<Courier, Alarm> couriers = new LinkedHashMap<>();
    private final Alarm ticks;
    private volatile boolean closed;

    private WebhookPublisher(ModelRegistry registry, Path folder, Host host, List<Webhook> webhooks) {
        this.registry = registry;
        this.host = host;
        this.ticks = new Alarm(host);
        requireDistinct(webhooks);
        HttpClient client = Sender.client();
        for (Webhook webhook : webhooks) {
            couriers.put(courier(webhook, folder, client), new Alarm(host));
        }
    }

    /**
     * Tells what happens in the background until it is closed, within 36 seconds while an endpoint answers. A webhook that is new in the folder begins at the
     * present.
     *
     * @param folder where the positions are kept, on a local disk; made when it doesn't exist
     * @throws InvalidRequestException when a position in the folder can't be used, with the way out
     * @throws io.modelregistry.StoreUnavailableException when the present can't be read for a webhook that is new
     */
    public static WebhookPublisher start(ModelRegistry registry, Path folder, Webhook... webhooks) {
        return start(registry, folder, Host.system(), webhooks);
    }

    /** As {@link #start(ModelRegistry, Path, Webhook...)}, on a host of the caller's own. */
    public static WebhookPublisher start(ModelRegistry registry, Path folder, Host host, Webhook... webhooks) {
        WebhookPublisher publisher = of(registry, folder, host, webhooks);
        publisher.ticks.set(Duration.ZERO, publisher::tick);
        return publisher;
    }

    /** As {@link #start}, without a background: tells what happens when {@link #publish} is called. */
    public static WebhookPublisher of(ModelRegistry registry, Path folder, Webhook... webhooks) {
        return of(registry, folder, Host.system(), webhooks);
    }

    /** As {@link #of(ModelRegistry, Path, Webhook...)}, on a host of the caller's own. */
    public static WebhookPublisher of(ModelRegistry registry, Path folder, Host host, Webhook... webhooks) {
        return new WebhookPublisher(registry, folder, host, List.of(webhooks));
    }

    /**
     * Tells now what there is to tell, on the calling thread, one webhook after the other. Passes by a webhook that another thread or process is telling just now, and one
     * that failed and has to wait; {@link #status} says so. Interrupted, it ends promptly and leaves the interrupt flag set.
     *
     * @return every attempt, in order
     */
    public List<Delivery> publish() {
        requireOpen();
        Pages pages = new Pages(registry);
        return couriers.keySet().stream()
                .flatMap(courier -> courier.round(pages).stream())
                .toList();
    }

    /** Where it stands with each webhook. Asks nobody. */
    public List<WebhookStatus> status() {
        return couriers.keySet().stream().map(Courier::status).toList();
    }

    /**
     * Passes over an event that a webhook's endpoint refuses for good: it is never told. The others wait behind it until then.
     *
     * @param event as a {@link Delivery} or a {@link WebhookStatus.Failure} has it
     * @return whether it was the next to be told, and is passed over
     * @throws InvalidRequestException when the webhook is being told something just now, or isn't one of this publisher
     */
    public boolean skip(Webhook webhook, AuditEvent event) {
        requireOpen();
        return couriers.keySet().stream()
                .filter(courier -> courier.webhook().endpoint().equals(webhook.endpoint()))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException("No " + webhook + " is told by this publisher"))
                .skip(event);
    }

    /**
     * Ends what is under way, and waits for it: up to 5 seconds for a webhook that the store keeps waiting. What wasn't acknowledged is told by the next publisher of
     * the folder. The registry stays open. Idempotent.
     */
    @Override
    public void close() {
        closed = true;
        ticks.close();
        couriers.forEach((courier, alarm) -> {
            alarm.close();
            courier.stop();
        });
        couriers.keySet().forEach(Courier::await);
    }

    /** Nothing that fails here may end the ticking. */
    private void tick() {
        try {
            Pages pages = new Pages(registry);
            couriers.keySet().forEach(courier -> start(courier, pages));
        } finally {
            ticks.set(Jitter.around(INTERVAL, host), this::tick);
        }
    }

    private void start(Courier courier, Pages pages) {
        host.executor().execute(() -> {
            courier.round(pages);
            Duration wait = courier.retryIn();
            Alarm alarm = couriers.get(courier);
            if (!wait.isZero() && alarm != null) {
                alarm.set(wait, () -> start(courier, new Pages(registry)));
            }
        });
    }

    private Courier courier(Webhook webhook, Path folder, HttpClient client) {
        try {
            PositionFile file = PositionFile.of(folder, registry.id(), webhook);
            return new Courier(webhook, registry, host, file, new Sender(client, webhook, host));
        } catch (IOException e) {
            throw new InvalidRequestException(
                    "The folder " + folder + " can't keep the positions of webhooks: " + e
                            + ". Choose one that this process may write to",
                    e);
        }
    }

    private static void requireDistinct(List<Webhook> webhooks) {
        Map<URI, Webhook> known = new LinkedHashMap<>();
        for (Webhook webhook : webhooks) {
            if (known.put(webhook.endpoint(), webhook) != null) {
                throw new InvalidRequestException(
                        "The endpoint of the " + webhook
                                + " is named twice. Give each endpoint one webhook; its filter may take several kinds of events");
            }
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The publisher is closed");
        }
    }

    @Override
    public String toString() {
        return "publisher to "
                + couriers.keySet().stream()
                        .map(courier -> courier.webhook().toString())
                        .collect(Collectors.joining(", "))
                + (closed ? ", closed" : "");
    }
}
