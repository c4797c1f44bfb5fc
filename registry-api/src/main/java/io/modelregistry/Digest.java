package io.modelregistry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest. Prints as {@code sha256:} and 64 lower-case hexadecimal digits.
 *
 * @param hex the 64 digits alone
 */
public record Digest(String hex) {
    private static final int DIGITS = 64;
    private static final String PREFIX = "sha256:";

    public Digest {
        if (!isHash(hex)) {
            throw new InvalidRequestException(
                    "Not a SHA-256 digest: \"" + Names.printable(hex) + "\": it has 64 digits of 0-9 and a-f");
        }
    }

    private static boolean isHash(String hex) {
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return hex.length() == DIGITS;
    }

    /** The digest of these bytes. */
    public static Digest of(byte[] content) {
        return ofHash(newSha256().digest(content));
    }

    /** The digest whose 32 bytes these are. */
    public static Digest ofHash(byte[] hash) {
        return new Digest(HexFormat.of().formatHex(hash));
    }

    /** Reads what {@link #toString} prints. */
    public static Digest parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new InvalidRequestException(
                    "Not a digest: \"" + Names.printable(text) + "\": it starts with " + PREFIX);
        }
        return new Digest(text.substring(PREFIX.length()));
    }

    /** A fresh hash function. */
    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
