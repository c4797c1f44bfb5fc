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

    /** A table, since no processor can guess what comes next in a hash: comparing took a twentieth of reading an entry. */
    private static final boolean[] IS_DIGIT = new boolean[128];

    static {
        "0123456789abcdef".chars().forEach(c -> IS_DIGIT[c] = true);
    }

    public Digest {
        if (!isHash(hex)) {
            throw new InvalidRequestException(
                    "Not a SHA-256 digest: \"" + Names.printable(hex) + "\": it has 64 digits of 0-9 and a-f");
        }
    }

    private static boolean isHash(String hex) {
        if (hex.length() != DIGITS) {
            return false;
        }
        for (int i = 0; i < DIGITS; i++) {
            char c = hex.charAt(i);
            if (c >= IS_DIGIT.length || !IS_DIGIT[c]) {
                return false;
            }
        }
        return true;
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
