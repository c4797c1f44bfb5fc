package io.modelregistry.core.artifact;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the names in a zip file from its first and last bytes; the names of a large directory only as far as they lie
 * there.
 */
final class ZipNames {
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int LOCAL_HEADER_BYTES = 30;
    private static final int DIRECTORY_HEADER = 0x02014b50;
    private static final int DIRECTORY_HEADER_BYTES = 46;

    private ZipNames() {}

    static List<String> in(FileSample sample, byte[] tail) {
        List<String> names = new ArrayList<>();
        byte[] head = sample.latin(FormatDetector.HEAD_BYTES).getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer first = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        if (first.capacity() > LOCAL_HEADER_BYTES && first.getInt(0) == LOCAL_HEADER) {
            addName(names, head, LOCAL_HEADER_BYTES, first.getShort(26) & 0xffff);
        }
        ByteBuffer directory = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + DIRECTORY_HEADER_BYTES <= tail.length; ) {
            if (directory.getInt(at) != DIRECTORY_HEADER) {
                at++;
                continue;
            }
            int nameLength = directory.getShort(at + 28) & 0xffff;
            addName(names, tail, at + DIRECTORY_HEADER_BYTES, nameLength);
            at += DIRECTORY_HEADER_BYTES + nameLength;
        }
        return names;
    }

    private static void addName(List<String> names, byte[] bytes, int at, int length) {
        if (at + length <= bytes.length) {
            names.add(new String(bytes, at, length, StandardCharsets.UTF_8));
        }
    }
}
