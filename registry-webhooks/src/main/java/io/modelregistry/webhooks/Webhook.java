package io.modelregistry.webhooks;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.core.log.KeyLayout;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An endpoint that is told about changes: {@code Webhook.to(uri, secret)} is told whatever changes what an environment serves, promotions above all.
 *
 * <p>Immutable and thread-safe, if what {@link #only} is given is. Prints without its secrets, and without the endpoint's path and query, which are a secret with some
 * services.
 */
public final class Webhook {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final URI endpoint;
    private final List<Secret> secrets;
    private final Predicate<? super AuditEvent> events;
    private final Duration timeout;

    private Webhook(URI endpoint, List<Secret> secrets, Predicate<? super AuditEvent> events, Duration timeout) {
        this.endpoint = endpoint;
        this.secrets = secrets;
        this.events = events;
        this.timeout = timeout;
    }

    /**
     * A webhook to an {@code https} endpoint, or an {@code http} one of this machine.
     *
     * @param secret {@code whsec_} and 24 to 64 random bytes in base64, of this endpoint alone: whoever knows it can sign
     */
    public static Webhook to(URI endpoint, String secret) {
        String scheme = scheme(endpoint);
        if (scheme.equals("http") && !LOOPBACK.matcher(host(endpoint)).matches()) {
            throw refused(
                    endpoint,
                    "it isn't encrypted: everybody on the way could read what is sent. Use https, or"
                            + " Webhook.unencrypted if that is all right");
        }
        return unencrypted(endpoint, secret);
    }

    /** As {@link #to}, where whoever is on the way may read what is sent: it is signed all the same. */
    public static Webhook unencrypted(URI endpoint, String secret) {
        String scheme = scheme(endpoint);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw refused(endpoint, "it is neither https nor http");
        }
        if (host(endpoint).isEmpty() || endpoint.getRawUserInfo() != null || endpoint.getRawFragment() != null) {
            throw refused(endpoint, "it has to name a host, without a user and without a fragment");
        }
        return new Webhook(endpoint, List.of(Secret.parse(secret)), Webhook::changesWhatIsServed, TIMEOUT);
    }

    /**
     * Signs with one more secret, while receivers are given the new one: they accept a request when either signature is right. Take the old one out
     * afterwards.
     */
    public Webhook alsoSignedWith(String secret) {
        return new Webhook(
                endpoint,
                Stream.concat(secrets.stream(), Stream.of(Secret.parse(secret))).toList(),
                events,
                timeout);
    }

    /** Tells these events of all that there are, in place of the default. What it throws counts as a failed delivery. */
    public Webhook only(Predicate<? super AuditEvent> wanted) {
        return new Webhook(endpoint, secrets, wanted, timeout);
    }

    /** How long the endpoint may take to answer; 20 seconds unless said otherwise. */
    public Webhook withTimeout(Duration limit) {
        if (limit.isZero() || limit.isNegative()) {
            throw new InvalidRequestException(
                    "The timeout of a webhook is " + limit + "; it must be longer than nothing");
        }
        return new Webhook(endpoint, secrets, events, limit);
    }

    public URI endpoint() {
        return endpoint;
    }

    Duration timeout() {
        return timeout;
    }

    boolean wants(AuditEvent event) {
        return events.test(event);
    }

    /** One signature for each secret, separated by spaces. */
    String sign(Message message, long timestampSeconds) {
        return secrets.stream()
                .map(secret -> secret.sign(message.id(), timestampSeconds, message.body()))
                .collect(Collectors.joining(" "));
    }

    private static boolean changesWhatIsServed(AuditEvent event) {
        return event.revision().stream().startsWith(KeyLayout.ENVIRONMENTS);
    }

    private static String scheme(URI endpoint) {
        return endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
    }

    private static String host(URI endpoint) {
        return endpoint.getHost() == null ? "" : endpoint.getHost().toLowerCase(Locale.ROOT);
    }

    private static InvalidRequestException refused(URI endpoint, String why) {
        return new InvalidRequestException("Not the endpoint of a webhook: \"" + shown(endpoint) + "\": " + why);
    }

    private static String shown(URI endpoint) {
        String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
        return Texts.printable(scheme(endpoint) + "://" + host(endpoint) + port) + "/…";
    }

    @Override
    public String toString() {
        return "webhook to " + shown(endpoint);
    }
}
