package io.modelregistry.store.gcs;

import com.google.api.services.storage.model.StorageObject;
import io.modelregistry.Host;
import io.modelregistry.storage.Checksum;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.RangedStream;
import io.modelregistry.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects and what the store knows about them.
 *
 * <p>The time of a write is told to the second. A download doesn't say when an object was created, only when it was last changed,
 * {@code Last-Modified}, and how often its metadata were, {@code x-goog-metageneration}. While that is 1 both are the same moment;
 * once somebody has changed the metadata, a second request asks for the creation.
 */
final class ObjectReader {
    private static final String READ =
            "storage.objects.get (and storage.objects.list, without which a missing object is refused too)";
    private static final String IDENTITY = "identity";
    private static final String GENERATION = "x-goog-generation";
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    /** The store's largest object is 5 TiB: https://cloud.google.com/storage/quotas */
    private static final long BEYOND_ANY_OBJECT = 6L << 40;

    private static final int MOST_READS = 3;

    private final ObjectAddresses addresses;
    private final Wire wire;
    private final GcsErrors errors;
    private final Host host;
    private final GcsSettings settings;

    ObjectReader(ObjectAddresses addresses, Wire wire, GcsErrors errors, Host host, GcsSettings settings) {
        this.addresses = addresses;
        this.wire = wire;
        this.errors = errors;
        this.host = host;
        this.settings = settings;
    }

    Optional<ObjectInfo> stat(String key) {
        Call call = reading("look at ", key);
        String url = addresses
                .object(key)
                .with("fields", "generation,size,crc32c,timeCreated")
                .url();
        try (Answer answer = wire.get(call, url)) {
            if (isMissing(call, answer)) {
                return Optional.empty();
            }
            if (!answer.isSuccess()) {
                throw errors.refused(call, answer);
            }
            StorageObject object = answer.json(StorageObject.class);
            if (object.getGeneration() == null || object.getSize() == null || object.getTimeCreated() == null) {
                throw errors.unintelligible(call, "the answer lacks generation, size or timeCreated: " + object);
            }
            Checksum checksum = object.getCrc32c() == null
                    ? null
                    : new Checksum(Checksum.Algorithm.CRC32C, Crc32c.hex(object.getCrc32c()));
            return Optional.of(new ObjectInfo(
                    object.getSize().longValueExact(),
                    checksum,
                    Instant.ofEpochMilli(object.getTimeCreated().getValue()).truncatedTo(ChronoUnit.SECONDS),
                    new Generation(Long.toString(object.getGeneration()))));
        } catch (IOException e) {
            throw errors.broken(call, e, false);
        }
    }

    Optional<StoredObject> get(String key, int limitBytes) {
        Call call = reading("read ", key);
        for (int i = 0; i < MOST_READS; i++) {
            Download download = download(call, key, limitBytes);
            if (download == null) {
                return Optional.empty();
            }
            if (download.storedAt() != null) {
                return Optional.of(new StoredObject(download.content(), download.sizeBytes(), download.storedAt()));
            }
            Optional<ObjectInfo> info = stat(key);
            if (info.isPresent() && download.isOf(info.get())) {
                return Optional.of(new StoredObject(
                        download.content(), download.sizeBytes(), info.get().storedAt()));
            }
        }
        throw errors.unintelligible(call, "the object was replaced each time it had been read");
    }

    /**
     * What one request brought.
     *
     * @param generation null when it didn't say, which it does not of an empty object
     * @param storedAt null when another request must tell
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Download(
            byte[] content,
            long sizeBytes,
            @Nullable String generation,
            @Nullable Instant storedAt) {

        boolean isOf(ObjectInfo info) {
            return generation == null
                    ? info.sizeBytes() == sizeBytes
                    : info.generation().value().equals(generation);
        }
    }

    private @Nullable Download download(Call call, String key, int limitBytes) {
        try (Answer answer = wire.getMedia(call, media(key).url(), range(0, limitBytes))) {
            if (isMissing(call, answer)) {
                return null;
            }
            if (answer.status() == 416) {
                return new Download(new byte[0], 0, null, null); // an empty object has no first byte
            }
            if (!answer.isSuccess()) {
                throw errors.refused(call, answer);
            }
            requireAsStored(call, answer);
            byte[] content = answer.bytes(limitBytes);
            long size = number(call, answer, "x-goog-stored-content-length");
            if (content.length != Math.min(size, limitBytes)) {
                throw errors.unintelligible(
                        call,
                        "the answer ended after " + content.length + " of " + Math.min(size, limitBytes) + " bytes");
            }
            if (content.length == size) {
                requireIntact(call, answer, content);
            }
            String generation = Long.toString(number(call, answer, GENERATION));
            boolean untouched = "1".equals(answer.header("x-goog-metageneration"));
            Instant storedAt = untouched ? StoreClock.time(answer.header("Last-Modified")) : null;
            return new Download(content, size, generation, storedAt);
        } catch (IOException e) {
            throw errors.broken(call, e, false);
        }
    }

    InputStream read(String key, long offset, long length) {
        Call call = reading("read ", key);
        long end = length > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + length;
        if (length == 0 || offset >= BEYOND_ANY_OBJECT) {
            return requireStanding(call, key);
        }
        Answer answer = wire.getMedia(call, media(key).url(), range(offset, Math.min(length, settings.chunkBytes())));
        boolean handedOver = false;
        try {
            if (isMissing(call, answer)) {
                throw errors.missing(call, addresses.printed(key));
            }
            if (answer.status() == 416) {
                return InputStream.nullInputStream(); // the object ends before the range begins
            }
            Span span = requireSpan(call, answer, offset);
            InputStream stream = span == null
                    ? new BlobStream(answer, length, host, settings.timeout())
                    : stream(call, key, answer, span, Math.min(end, span.objectBytes()));
            handedOver = true;
            return stream;
        } catch (IOException e) {
            throw errors.broken(call, e, false);
        } finally {
            if (!handedOver) {
                answer.close();
            }
        }
    }

    private InputStream stream(Call call, String key, Answer answer, Span span, long end) throws IOException {
        long next = Math.min(end, span.end());
        InputStream first = new BlobStream(answer, next - span.offset(), host, settings.timeout());
        if (next == end) {
            return first;
        }
        String generation = Long.toString(number(call, answer, GENERATION));
        return new RangedStream(
                first,
                next,
                end,
                new RangedStream.Limits(settings.chunkBytes(), settings.parallelism()),
                host,
                (offset, size) -> range(call, key, generation, offset, size));
    }

    /** A later range, of the object that the first was of. */
    private byte[] range(Call call, String key, String generation, long offset, int size) throws IOException {
        String url = media(key).with("ifGenerationMatch", generation).url();
        try (Answer answer = wire.getMedia(call, url, range(offset, size))) {
            Span span = requireSpan(call, answer, offset);
            if (span == null || span.end() != offset + size || !generation.equals(answer.header(GENERATION))) {
                throw errors.unintelligible(
                        call, "it sent another range, or one of another object, than was asked for");
            }
            byte[] bytes = new byte[size];
            try (InputStream in = new BlobStream(answer, size, host, settings.timeout())) {
                in.readNBytes(bytes, 0, size); // throws where there are fewer
            }
            return bytes;
        }
    }

    private ObjectAddresses.Address media(String key) {
        return addresses.object(key).with("alt", "media");
    }

    private static String range(long offset, long length) {
        return "bytes=" + offset + "-" + (offset + length - 1);
    }

    private InputStream requireStanding(Call call, String key) {
        if (stat(key).isEmpty()) {
            throw errors.missing(call, addresses.printed(key));
        }
        return InputStream.nullInputStream();
    }

    private Call reading(String verb, String key) {
        return Call.reading(verb + key, READ, addresses.printed(key));
    }

    private boolean isMissing(Call call, Answer answer) {
        if (answer.status() != 404) {
            return false;
        }
        Refusal refusal = Refusal.of(answer);
        if (refusal.missesTheBucket()) {
            throw errors.refused(call, refusal);
        }
        return true;
    }

    /**
     * Objects of which somebody said they were gzip are unpacked on the way unless the reader takes gzip, which the client always
     * does; others are never packed because of {@code no-transform}. What still arrives in another form than it is stored in is useless:
     * https://cloud.google.com/storage/docs/transcoding
     */
    private void requireAsStored(Call call, Answer answer) {
        String stored = encoding(answer.header("x-goog-stored-content-encoding"));
        String sent = encoding(answer.header("Content-Encoding"));
        if (!stored.equals(sent)) {
            throw errors.unsuitable(
                    call,
                    "it is stored as " + stored + " and arrived as " + sent
                            + ", so its bytes are not those that were stored. A proxy in between, or a Content-Encoding that somebody"
                            + " gave the object, has to go");
        }
    }

    private static String encoding(@Nullable String header) {
        return header == null || header.isBlank() ? IDENTITY : header.strip().toLowerCase(Locale.ROOT);
    }

    /** Where the bytes of an answer lie in an object. */
    private record Span(long offset, long end, long objectBytes) {}

    /** Null for an answer that is the whole object. */
    private @Nullable Span requireSpan(Call call, Answer answer, long offset) {
        if (!answer.isSuccess()) {
            throw errors.refused(call, answer);
        }
        requireAsStored(call, answer);
        String range = answer.header("Content-Range");
        if (range == null && offset == 0) {
            return null;
        }
        Matcher matcher = CONTENT_RANGE.matcher(range == null ? "" : range);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) != offset) {
            throw errors.unsuitable(
                    call,
                    "asked for bytes from " + offset + ", the store sent " + (range == null ? "all of them" : range));
        }
        return new Span(offset, Long.parseLong(matcher.group(2)) + 1, Long.parseLong(matcher.group(3)));
    }

    private void requireIntact(Call call, Answer answer, byte[] content) {
        for (String header : answer.headers("x-goog-hash")) {
            for (String hash : header.split(",", -1)) {
                String crc = hash.strip();
                if (crc.startsWith("crc32c=")
                        && !crc.substring("crc32c=".length()).equals(Crc32c.base64(content))) {
                    throw errors.unintelligible(
                            call, "the content doesn't have the checksum that the store names for it, " + crc);
                }
            }
        }
    }

    private long number(Call call, Answer answer, String name) {
        String value = answer.header(name);
        try {
            if (value != null) {
                return Long.parseLong(value.strip());
            }
        } catch (NumberFormatException e) {
            // as if it were not there
        }
        throw errors.unintelligible(call, "the answer has no " + name);
    }
}
