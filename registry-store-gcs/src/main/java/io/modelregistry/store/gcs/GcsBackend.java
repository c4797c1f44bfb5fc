package io.modelregistry.store.gcs;

import com.google.cloud.storage.Storage;
import io.modelregistry.Host;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.KeyGrammar;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StoredObject;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;

/**
 * A prefix of a Google Cloud Storage bucket as a {@link StorageBackend}, through the JSON API.
 *
 * <p><b>Creates</b> are one request with {@code ifGenerationMatch=0} that is never repeated here; whoever may have been first finds out by reading.
 * Blobs up to {@link GcsSettings#chunkBytes} go the same way, larger ones as resumable uploads that are continued where they broke.
 *
 * <p><b>Store time</b> is {@code timeCreated}, to the second: a download says no more. {@code storeTime} is that of the {@code Date} of
 * the newest answer.
 *
 * <p><b>Requests.</b> One for each call, except: a large {@code upload} looks first, and asks what arrived last; {@code get} of an object whose
 * metadata somebody changed, or which is empty, asks for its time; {@code delete} looks for older versions first; a listing goes on
 * where a page held nothing to tell; more than a chunk of a blob is read in ranges of one generation, some of them side by side on the host's threads.
 *
 * <p>Any number of processes on any number of machines may share the prefix. Thread-safe. An interrupt ends the waiting between two
 * attempts to send a chunk, and disturbs nothing else; the flag stays set.
 */
public final class GcsBackend implements StorageBackend {
    private static final int MAX_SMALL_OBJECT = 2 << 20;
    private static final int MAX_GET = 16 << 20;
    private static final int MAX_PAGE = 1_000;

    private final String location;
    private final GcsErrors errors;
    private final Wire wire;
    private final ObjectAddresses addresses;
    private final StoreClock clock;
    private final ObjectReader reader;
    private final ObjectListing listing;
    private final ObjectRemoval removal;
    private final ObjectWriter writer;
    private final Runnable atClose;
    private volatile boolean closed;

    GcsBackend(Connection connection, GcsLocation place, Host host, Runnable atClose) {
        GcsSettings settings = place.settings();
        this.location = place.uri();
        this.atClose = atClose;
        errors = new GcsErrors(location, place.bucket(), connection.withCredentials());
        clock = new StoreClock(host);
        wire = new Wire(connection.requests(), errors, clock, host, settings.timeout());
        addresses = new ObjectAddresses(connection.root(), place.bucket(), place.root(), settings.userProject());
        reader = new ObjectReader(addresses, wire, errors, host, settings);
        listing = new ObjectListing(addresses, wire, errors);
        removal = new ObjectRemoval(addresses, wire, errors);
        writer = new ObjectWriter(addresses, wire, errors, settings, host, reader, removal);
    }

    /** As {@link #on(Storage, String, String, GcsSettings, Host)}, with the defaults, on this machine. */
    public static GcsBackend on(Storage client, String bucket, String prefix) {
        return on(client, bucket, prefix, GcsSettings.defaults(), Host.system());
    }

    /**
     * Uses a bucket through the application's own client: its credentials, its transport and its endpoint. Its retry settings don't
     * apply. The client stays the application's; closing the backend doesn't close it. Sends nothing.
     *
     * @param prefix of every object's name, without {@code /} at either end; empty for the whole bucket
     * @throws IllegalArgumentException when the client isn't one of the JSON API, such as {@code StorageOptions.grpc()} gives
     */
    public static GcsBackend on(Storage client, String bucket, String prefix, GcsSettings settings, Host host) {
        if (settings.endpoint() != null || settings.credentials() != GcsSettings.CredentialSource.APPLICATION_DEFAULT) {
            throw new IllegalArgumentException(
                    "Endpoint and credentials are the client's: set them in its StorageOptions");
        }
        return new GcsBackend(Connection.of(client), new GcsLocation(bucket, prefix, settings), host, () -> {});
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public CreateOutcome create(String key, byte[] content) {
        requireKey(key);
        requireSmall(key, content);
        return writer.create(key, content);
    }

    @Override
    public Optional<StoredObject> get(String key, int limitBytes) {
        requireKey(key);
        requireBetween("limitBytes", limitBytes, 1, MAX_GET);
        return reader.get(key, limitBytes);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        requireKey(key);
        return reader.stat(key);
    }

    @Override
    public void overwrite(String key, byte[] content) {
        requireKey(key);
        requireSmall(key, content);
        writer.overwrite(key, content);
    }

    @Override
    public Listing list(String prefix, Depth depth, String startAfter, int limit) {
        requireOpen();
        KeyGrammar.requirePrefix(prefix);
        requireBetween("limit", limit, 1, MAX_PAGE);
        return listing.list(prefix, depth, startAfter, limit);
    }

    @Override
    public CreateOutcome upload(String key, BlobSource source) {
        requireKey(key);
        return writer.upload(key, source);
    }

    @Override
    public InputStream read(String key, long offset, long length) {
        requireKey(key);
        requireBetween("offset", offset, 0, Long.MAX_VALUE);
        requireBetween("length", length, 0, Long.MAX_VALUE);
        return reader.read(key, offset, length);
    }

    @Override
    public void delete(String key, Generation generation) {
        requireKey(key);
        removal.delete(key, generation);
    }

    /** Any answer tells the store's time, that an object is missing or forbidden as well. */
    @Override
    public Instant storeTime() {
        requireOpen();
        Instant known = clock.extrapolated();
        if (known != null) {
            return known;
        }
        Call call = Call.reading("ask the time", "credentials", location);
        String url =
                addresses.object("registry.json").with("fields", "generation").url();
        try (Answer answer = wire.get(call, url)) {
            Instant now = clock.extrapolated();
            if (now == null) {
                throw errors.unsuitable(call, "the answer " + answer.status() + " has no Date, or comes from a cache");
            }
            answer.refusal();
            return now;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            atClose.run();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The store " + location + " is closed");
        }
    }

    private void requireKey(String key) {
        requireOpen();
        KeyGrammar.requireKey(key);
    }

    private static void requireSmall(String key, byte[] content) {
        if (content.length > MAX_SMALL_OBJECT) {
            throw new IllegalArgumentException("Too large for one object: " + key + " has " + content.length
                    + " bytes, at most " + MAX_SMALL_OBJECT + " are written at once");
        }
    }

    private static void requireBetween(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", and must be from " + min + " to " + max);
        }
    }
}
