package io.modelregistry.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

final class WebhookVerifier {
    /** Whether a request was signed with the secret in the last five minutes. The first three are its headers; the body is as it came, not parsed and written again. */
    static boolean isGenuine(String id, String timestamp, String signatures, byte[] body, String secret, Instant now)
            throws GeneralSecurityException {
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
        byte[] right = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(UTF_8);
        boolean isSigned = Stream.of(signatures.split(" ", -1))
                .anyMatch(signature -> MessageDigest.isEqual(signature.getBytes(UTF_8), right));
        return isSigned && Math.abs(now.getEpochSecond() - Long.parseLong(timestamp)) < 300;
    }

    private WebhookVerifier() {}
}
