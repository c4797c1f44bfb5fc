package io.modelregistry.audit;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.storage.KeyGrammar;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * How far a reader of {@link io.modelregistry.ModelRegistry#changes} has come: the newest entry it was given of each stream. So it depends on no clock,
 * and an entry that comes late, or into a stream that is new, is after every position that doesn't hold it.
 *
 * <p>To users it is opaque: keep what {@link #toString} prints, and read it with {@link #parse}. It takes a few characters for each stream of the
 * registry.
 *
 * @param registry the registry's id; empty for the beginning of any
 * @param delivered the newest sequence number by stream
 */
public record Position(String registry, SortedMap<String, Long> delivered) {
    private static final String FORM = "mp1";
    private static final String SEPARATOR = "~";
    private static final Pattern SHAPE = Pattern.compile("mp[0-9]{1,3}~[0-9a-f]*~[A-Za-z0-9_-]*~[0-9a-f]{8}");
    private static final Pattern REGISTRY = Pattern.compile("([0-9a-f]{32})?");
    private static final long MOST_SEQUENCE = 9_999_999_999L;
    private static final int MOST_BYTES = 256 << 20;

    public Position {
        if (!REGISTRY.matcher(registry).matches()) {
            throw refused(registry, "its registry has no such id");
        }
        delivered = Collections.unmodifiableSortedMap(new TreeMap<>(delivered));
    }

    /** Before everything. */
    public static Position beginning() {
        return new Position("", Collections.emptySortedMap());
    }

    /**
     * Reads what {@link #toString} prints.
     *
     * @throws InvalidRequestException when it is anything else, such as a position that was cut
     * @throws UpgradeRequiredException when it is whole and of a form that only a newer release knows
     */
    public static Position parse(String text) {
        if (!SHAPE.matcher(text).matches()) {
            throw refused(text, "it begins with " + FORM + "~ and has four parts");
        }
        int end = text.lastIndexOf(SEPARATOR);
        String said = text.substring(0, end);
        if (!check(said).equals(text.substring(end + 1))) {
            throw refused(text, "its check doesn't fit, so a character was lost, added or changed");
        }
        String[] parts = said.split(SEPARATOR, -1);
        if (!parts[0].equals(FORM)) {
            throw new UpgradeRequiredException("The position \"" + Texts.printable(text) + "\" has the form " + parts[0]
                    + "; this release reads " + FORM + ". Upgrade the library");
        }
        try {
            return new Position(parts[1], decode(inflate(Base64.getUrlDecoder().decode(parts[2]))));
        } catch (DataFormatException | IllegalArgumentException | java.nio.BufferUnderflowException e) {
            throw refused(text, "what it holds can't be read");
        }
    }

    /** The newest sequence number delivered of a stream; 0 for none. */
    public long delivered(String stream) {
        return delivered.getOrDefault(stream, 0L);
    }

    /** What {@link #parse} reads: one line of {@code A-Z a-z 0-9 _ - ~}. */
    @Override
    public String toString() {
        String body = Base64.getUrlEncoder().withoutPadding().encodeToString(deflate(encode(delivered)));
        String said = String.join(SEPARATOR, FORM, registry, body);
        return said + SEPARATOR + check(said);
    }

    private static String check(String said) {
        CRC32C crc = new CRC32C();
        crc.update(said.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** For each stream in order: how much of the name it shares with the one before, the rest of it, and the number. */
    private static byte[] encode(SortedMap<String, Long> delivered) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String before = "";
        for (Map.Entry<String, Long> stream : delivered.entrySet()) {
            String name = stream.getKey();
            int shared = 0;
            while (shared < Math.min(before.length(), name.length()) && before.charAt(shared) == name.charAt(shared)) {
                shared++;
            }
            byte[] rest = name.substring(shared).getBytes(StandardCharsets.US_ASCII);
            putNumber(bytes, shared);
            putNumber(bytes, rest.length);
            bytes.writeBytes(rest);
            putNumber(bytes, stream.getValue());
            before = name;
        }
        return bytes.toByteArray();
    }

    private static SortedMap<String, Long> decode(ByteBuffer bytes) {
        SortedMap<String, Long> delivered = new TreeMap<>();
        String before = "";
        while (bytes.hasRemaining()) {
            int shared = Math.toIntExact(number(bytes));
            byte[] rest = new byte[Math.toIntExact(Math.min(number(bytes), bytes.remaining()))];
            bytes.get(rest);
            if (shared > before.length()) {
                throw new IllegalArgumentException("It shares more than there is");
            }
            String name = before.substring(0, shared) + new String(rest, StandardCharsets.US_ASCII);
            long sequence = number(bytes);
            if (name.compareTo(before) <= 0 || !KeyGrammar.isKey(name) || sequence < 1 || sequence > MOST_SEQUENCE) {
                throw new IllegalArgumentException("Not a place in a stream");
            }
            delivered.put(name, sequence);
            before = name;
        }
        return delivered;
    }

    private static void putNumber(ByteArrayOutputStream bytes, long number) {
        long rest = number;
        for (; rest > 0x7f; rest >>>= 7) {
            bytes.write((int) ((rest & 0x7f) | 0x80));
        }
        bytes.write((int) rest);
    }

    private static long number(ByteBuffer bytes) {
        long number = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            byte next = bytes.get();
            number |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("No end of a number");
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                deflated.write(buffer, 0, deflater.deflate(buffer));
            }
            return deflated.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static ByteBuffer inflate(byte[] deflated) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(deflated);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!inflater.finished()) {
                int length = inflater.inflate(buffer);
                if (content.size() + length > MOST_BYTES || (length == 0 && !inflater.finished())) {
                    throw new DataFormatException("It ends early or never");
                }
                content.write(buffer, 0, length);
            }
            return ByteBuffer.wrap(content.toByteArray());
        } finally {
            inflater.end();
        }
    }

    private static InvalidRequestException refused(String text, String why) {
        return new InvalidRequestException("Not a position of a feed: \"" + Texts.printable(text) + "\": " + why
                + ". Keep what a position prints as it is, or start from Position.beginning()");
    }
}
