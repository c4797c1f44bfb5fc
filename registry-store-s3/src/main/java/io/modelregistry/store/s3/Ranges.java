package io.modelregistry.store.s3;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** How the protocol writes ranges and checksums. */
final class Ranges {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    private Ranges() {}

    /** Where the bytes of an answer lie in an object. */
    record Span(long offset, long length, long objectBytes) {}

    /** {@code bytes=0-99}; open at the end where the sum would overflow. */
    static String header(long offset, long length) {
        long last = offset + length - 1;
        return "bytes=" + offset + "-" + (last < offset ? "" : Long.toString(last));
    }

    /**
     * @param contentRange null for an answer with the whole object
     * @param offset that was asked for
     */
    static Span span(@Nullable String contentRange, @Nullable Long contentLength, long offset) throws S3Failure {
        if (contentRange == null) {
            if (contentLength == null || offset > 0) {
                throw S3Failure.answered(501, null, "with no range, though one was asked for", null);
            }
            return new Span(0, contentLength, contentLength);
        }
        Matcher matcher = CONTENT_RANGE.matcher(contentRange);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) != offset) {
            throw S3Failure.answered(501, null, "with another range than was asked for: " + contentRange, null);
        }
        return new Span(offset, Long.parseLong(matcher.group(2)) - offset + 1, Long.parseLong(matcher.group(3)));
    }

    /** A checksum as the store writes it, in hexadecimal digits; null for none, and for one of parts, which is no checksum of the content. */
    static @Nullable String hex(@Nullable String base64, int bytes) {
        if (base64 == null) {
            return null;
        }
        try {
            byte[] checksum = Base64.getDecoder().decode(base64);
            return checksum.length == bytes ? HexFormat.of().formatHex(checksum) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static String crc32c(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return base64(checksum);
    }

    static String base64(CRC32C checksum) {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) checksum.getValue())
                .array();
        return Base64.getEncoder().encodeToString(bytes);
    }
}
