package io.modelregistry.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.InvalidRequestException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTest {
    private static final URI ENDPOINT = URI.create("https://hooks.example.com/services/T0/B0/token-4711?key=4712");
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /**
     * The example of the specification's reference libraries,
     * https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/webhook.test.ts ("sign function works").
     */
    @Test
    void theExampleOfTheSpecificationsLibrariesIsSignedAsTheySignIt() {
        byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

        String signature =
                Webhook.to(ENDPOINT, SECRET).sign(new Message("msg_p5jXN8AQM9LWM0D4loKWxJek", body), 1614265330);

        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 32, 64})
    void aSecretOf24To64BytesIsTaken(int bytes) {
        assertThat(Webhook.to(ENDPOINT, secret(bytes)).toString()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 23, 65})
    void aSecretOfAnotherLengthIsRefused(int bytes) {
        assertThatThrownBy(() -> Webhook.to(ENDPOINT, secret(bytes)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("A webhook's secret has 24 to 64 bytes; this one has " + bytes
                        + ". `openssl rand -base64 32` makes the bytes of a new one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hunter2-hunter2-hunter2",
                "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_hunter2-hunter2-hunter2-hunter2"
            })
    void noMessageRepeatsASecretThatIsRefused(String secret) {
        assertThatThrownBy(() -> Webhook.to(ENDPOINT, SECRET).alsoSignedWith(secret))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("A webhook's secret is whsec_ and its bytes in base64; ")
                .hasNoCause()
                .satisfies(e ->
                        assertThat(e.getMessage()).doesNotContain("hunter2").doesNotContain("MfKQ9r8"));
    }

    @Test
    void itPrintsWithoutWhatCanBeASecret() {
        Webhook webhook = Webhook.to(URI.create("https://hooks.example.com:8443/token-4711?key=4712"), SECRET);

        assertThat(webhook).hasToString("webhook to https://hooks.example.com:8443/…");
        assertThat(Secret.parse(SECRET)).hasToString("whsec_…");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8080/a",
                "http://127.0.0.1/a",
                "http://127.1.2.3:1/",
                "http://[::1]:9/",
                "HTTPS://Example.com"
            })
    void anEncryptedEndpointAndOneOfThisMachineAreTaken(String endpoint) {
        assertThat(Webhook.to(URI.create(endpoint), SECRET).endpoint()).hasToString(endpoint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/token",
                "http://127.0.0.1.example.com/token",
                "http://localhost.example.com/token",
                "http://10.0.0.1/token",
                "http://[::2]/token"
            })
    void anEndpointElsewhereHasToBeEncryptedUnlessSaidOtherwise(String endpoint) {
        URI uri = URI.create(endpoint);

        assertThatThrownBy(() -> Webhook.to(uri, SECRET))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith("it isn't encrypted: everybody on the way could read what is sent. Use https, or"
                        + " Webhook.unencrypted if that is all right")
                .hasMessageNotContaining("token");
        assertThat(Webhook.unencrypted(uri, SECRET).endpoint()).isEqualTo(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.com/token",
                "/token",
                "mailto:token@example.com",
                "https:///token",
                "https://me:token@example.com/",
                "https://example.com/#token"
            })
    void whatIsNoEndpointIsRefusedWithoutRepeatingIt(String endpoint) {
        assertThatThrownBy(() -> Webhook.to(URI.create(endpoint), SECRET))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("Not the endpoint of a webhook: ")
                .hasMessageNotContaining("token");
    }

    @Test
    void aTimeoutOfNothingIsRefused() {
        assertThatThrownBy(() -> Webhook.to(ENDPOINT, SECRET).withTimeout(Duration.ZERO))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The timeout of a webhook is PT0S; it must be longer than nothing");
    }

    private static String secret(int bytes) {
        return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
    }
}
