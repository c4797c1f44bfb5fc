package io.modelregistry.core.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a format is told from: a file's name, size and first bytes, and its last ones when they are asked for. */
final class FileSample {
    private static final int TAIL_BYTES = 64 * 1024;

    private final SourceFile source;
    private final long size;
    private final byte[] head;
    private final String name;

    FileSample(SourceFile source, long size, byte[] head) {
        this.source = source;
        this.size = size;
        this.head = head;
        String path = source.path().value();
        this.name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }

    long size() {
        return size;
    }

    /** The file's own name in lower case. */
    String name() {
        return name;
    }

    /** What follows the last dot of the name, in lower case; empty when there is none. */
    String extension() {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }

    /** The byte there as a number from 0 to 255; -1 beyond the first bytes. */
    int at(int index) {
        return index < head.length ? head[index] & 0xff : -1;
    }

    boolean has(int at, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (at(at + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    boolean has(int at, String ascii) {
        return has(at, ascii.chars().toArray());
    }

    /** The first bytes, one character each. */
    String latin(int most) {
        return new String(head, 0, Math.min(most, head.length), StandardCharsets.ISO_8859_1);
    }

    /** Whether the first bytes are UTF-8 text without control characters, and not a script. */
    boolean isText() {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer text = CharBuffer.allocate(head.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(head), text, head.length == size);
        boolean plain = text.flip().chars().allMatch(c -> c >= ' ' ? c != 0x7f : c == '\n' || c == '\r' || c == '\t');
        return !result.isError() && plain && !has(0, "#!");
    }

    /** The last bytes, at most 64 KiB. */
    byte[] tail() throws IOException {
        try (InputStream in = source.open()) {
            in.skipNBytes(Math.max(0, size - TAIL_BYTES));
            return in.readNBytes(TAIL_BYTES);
        }
    }
}
