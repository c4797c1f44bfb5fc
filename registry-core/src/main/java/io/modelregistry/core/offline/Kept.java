package io.modelregistry.core.offline;

import io.modelregistry.Digest;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.SelfVerifying;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * A kept file: a header that verifies itself, then the bytes that it has the digest of.
 *
 * @param name what it is about; a file of another name isn't read for it
 * @param sequence of the entry; 0 when it is none
 * @param storedAt the store's time of the content
 * @param confirmedAt by this machine's wall clock, when the store was asked last and said this
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record Kept(String name, long sequence, Instant storedAt, Instant confirmedAt, byte[] content) {

    /** Of the file about something with this name. */
    static String fileName(String name) {
        return Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
    }

    byte[] encode() {
        Json.Obj header = Json.object()
                .put("kept", name)
                .put("sequence", sequence)
                .put("storedAt", storedAt.toString())
                .put("confirmedAt", confirmedAt.toString())
                .put("content", Digest.of(content).toString())
                .build();
        byte[] sealed = SelfVerifying.seal(JsonFormat.write(header));
        byte[] all = Arrays.copyOf(sealed, sealed.length + content.length);
        System.arraycopy(content, 0, all, sealed.length, content.length);
        return all;
    }

    /** Empty when a byte of it was lost or changed, or when it is about something else. */
    static Optional<Kept> decode(byte[] file, String name) {
        int end = endOfHeader(file);
        byte[] content = Arrays.copyOfRange(file, end, file.length);
        try {
            Fields fields = Fields.of(JsonFormat.readObject(SelfVerifying.open(Arrays.copyOf(file, end))));
            boolean fits = fields.text("kept").equals(name)
                    && fields.text("content").equals(Digest.of(content).toString());
            return fits
                    ? Optional.of(new Kept(
                            name,
                            fields.number("sequence"),
                            Instant.parse(fields.text("storedAt")),
                            Instant.parse(fields.text("confirmedAt")),
                            content))
                    : Optional.empty();
        } catch (MalformedException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int endOfHeader(byte[] file) {
        int lines = 0;
        for (int i = 0; i < file.length; i++) {
            lines += file[i] == '\n' ? 1 : 0;
            if (lines == 2) {
                return i + 1;
            }
        }
        return file.length;
    }
}
