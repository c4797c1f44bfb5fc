package io.modelregistry.store.gcs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** The checksum that the store has of every object, which it writes as Base64 of four big-endian bytes. */
final class Crc32c {
    private Crc32c() {}

    static String base64(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return base64(crc);
    }

    static String base64(CRC32C crc) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
    }

    static String hex(String base64) throws IOException {
        try {
            return HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw new IOException("Not a checksum: " + base64, e);
        }
    }
}
