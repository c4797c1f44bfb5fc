package io.modelregistry.webhooks;

import io.modelregistry.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that requests are signed with, as <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 * Webhooks 1.0.0</a> has it: HMAC-SHA256. Shown to nobody. Thread-safe.
 */
final class Secret {
    private static final String PREFIX = "whsec_";
    private static final int FEWEST_BYTES = 24;
    private static final int MOST_BYTES = 64;
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] key;

    private Secret(byte[] key) {
        this.key = key;
    }

    /** No message repeats what was given, nor a cause that could. */
    static Secret parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new InvalidRequestException("A webhook's secret is " + PREFIX + " and its bytes in base64; this one"
                    + " begins otherwise. `openssl rand -base64 32` makes the bytes of a new one");
        }
        byte[] key = decode(text.substring(PREFIX.length()));
        if (key.length < FEWEST_BYTES || key.length > MOST_BYTES) {
            throw new InvalidRequestException(
                    "A webhook's secret has " + FEWEST_BYTES + " to " + MOST_BYTES + " bytes; this one has "
                            + key.length + ". `openssl rand -base64 32` makes the bytes of a new one");
        }
        return new Secret(key);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(
                    "A webhook's secret is " + PREFIX + " and its bytes in base64; what follows " + PREFIX
                            + " in this one is no base64 (it has " + base64.length() + " characters)");
        }
    }

    /** {@code v1,} and the signature in base64. */
    String sign(String id, long timestampSeconds, byte[] body) {
        Mac mac = mac();
        mac.update((id + "." + timestampSeconds + ".").getBytes(StandardCharsets.US_ASCII));
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
