package io.modelregistry.core.log;

import io.modelregistry.Digest;
import io.modelregistry.core.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text of two lines: a payload of one line, and {@code sha256:} with the digest of that line. Both end in a line feed. */
public final class SelfVerifying {
    private static final int TRAILER_BYTES = "sha256:".length() + 64 + 1;

    private SelfVerifying() {}

    public static byte[] seal(byte[] payload) {
        byte[] trailer = ("\n" + Digest.of(payload) + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] content = Arrays.copyOf(payload, payload.length + trailer.length);
        System.arraycopy(trailer, 0, content, payload.length, trailer.length);
        return content;
    }

    /** The payload, if the content is what {@link #seal} made of it. */
    public static byte[] open(byte[] content) {
        int end = content.length - TRAILER_BYTES - 1;
        if (end < 0) {
            throw new MalformedException("it has " + content.length + " bytes, too few to end in its own digest");
        }
        byte[] payload = Arrays.copyOf(content, end);
        if (!Arrays.equals(seal(payload), content)) {
            String stated = new String(content, end + 1, TRAILER_BYTES - 1, StandardCharsets.ISO_8859_1);
            throw new MalformedException("its first line hashes to " + Digest.of(payload) + ", but the entry ends in \""
                    + io.modelregistry.Texts.printable(stated) + "\"");
        }
        return payload;
    }
}
