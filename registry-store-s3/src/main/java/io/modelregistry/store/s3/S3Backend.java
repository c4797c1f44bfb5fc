package io.modelregistry.store.s3;

import io.modelregistry.Host;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.Checksum;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.KeyGrammar;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.RangedStream;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.storage.StoredObject;
import io.modelregistry.store.s3.S3Call.Verb;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A prefix of a bucket on Amazon S3, or on a store that speaks its protocol, as a {@link StorageBackend}.
 *
 * <p><b>Creating.</b> One {@code PutObject} with {@code If-None-Match: *}, made exactly once: where the SDK repeated a request whose answer was lost, its own
 * object would come back as somebody else's. Stores that ignore the condition are found out when a registry is initialised.
 *
 * <p><b>Blobs.</b> Up to the part size they are one request, above it an upload in parts; they are read in ranges. Parts and ranges are under way side by
 * side on the host's threads, or on the calling one where the host has none to give.
 *
 * <p><b>Store time.</b> {@code storedAt} is the object's {@code Last-Modified}, {@code storeTime} the {@code Date} of the latest answer; both are whole
 * seconds.
 *
 * <p><b>Generations.</b> The version id on a versioned bucket, elsewhere {@code ETag} and {@code Last-Modified}. A delete on a bucket without versions looks
 * before it deletes and hands the {@code ETag} on as a condition, which some stores don't look at.
 *
 * <p><b>Delete markers.</b> A key that somebody deleted on a versioned bucket is no missing key: reading it is {@code MISSING}, and the message names the
 * version that hides it.
 *
 * <p>Thread-safe. A thread that is interrupted already makes no request. What an interrupt does to a request under way is up to the SDK; the flag stays set.
 */
public final class S3Backend implements StorageBackend {
    private static final int MAX_SMALL_OBJECT = 2 << 20;
    private static final int MAX_GET = 16 << 20;
    private static final int MAX_PAGE = 1_000;

    private final S3Port port;
    private final S3Settings settings;
    private final Host host;
    private final StoreClock clock;
    private final Patience patience;
    private final String location;
    private final String root;
    private final S3Errors errors;
    private final CallsUnderWay calls;

    S3Backend(S3Port port, S3Location place, Host host, StoreClock clock) {
        this.port = port;
        this.settings = place.settings();
        this.host = host;
        this.clock = clock;
        this.patience = new Patience(settings.timeout());
        this.location = place.uri();
        this.root = place.root();
        this.errors = new S3Errors(location, place.bucket(), root);
        this.calls = new CallsUnderWay(location, port::close);
    }

    /**
     * Opens a prefix of a bucket with a client of its own. Asks and writes nothing.
     *
     * @param prefix of all keys, such as {@code team/models}; empty for the whole bucket
     */
    public static S3Backend open(String bucket, String prefix, S3Settings settings, Host host) {
        return open(new S3Location(bucket, prefix, settings), host);
    }

    static S3Backend open(S3Location place, Host host) {
        StoreClock clock = new StoreClock(host);
        S3Client client = OwnClient.of(place.settings());
        return new S3Backend(
                new SdkV2Port(client, client::close, place.bucket(), place.settings(), clock), place, host, clock);
    }

    /**
     * Opens a prefix of a bucket with the application's own client, which stays open when this is closed. Region, endpoint, addressing and profile are the
     * client's; those of the settings are not looked at.
     */
    public static S3Backend on(S3Client client, String bucket, String prefix, S3Settings settings, Host host) {
        client.serviceClientConfiguration().endpointOverride().ifPresent(S3Settings::requireKnownGood);
        S3Location place = new S3Location(bucket, prefix, settings);
        StoreClock clock = new StoreClock(host);
        return new S3Backend(new SdkV2Port(client, () -> {}, bucket, settings, clock), place, host, clock);
    }

    /** As above, with default settings on the real machine. */
    public static S3Backend on(S3Client client, String bucket, String prefix) {
        return on(client, bucket, prefix, S3Settings.defaults(), Host.system());
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public CreateOutcome create(String key, byte[] content) {
        requireKey(key);
        requireWithin("content length", content.length, 0, MAX_SMALL_OBJECT);
        return run(new S3Call(Verb.CREATE, key), () -> {
            try {
                port.putIfAbsent(root + key, content(content), S3Port.Usage.SMALL, patience.timeout());
                return CreateOutcome.CREATED;
            } catch (S3Failure e) {
                if (e.isPreconditionFailed()) {
                    return CreateOutcome.EXISTS;
                }
                throw e;
            }
        });
    }

    @Override
    public Optional<StoredObject> get(String key, int limitBytes) {
        requireKey(key);
        requireWithin("limit", limitBytes, 1, MAX_GET);
        S3Call call = new S3Call(Verb.GET, key);
        return run(
                call,
                () -> present(call, () -> {
                    S3Port.Body body = port.get(root + key, 0, -1, null, patience.timeout());
                    long size = body.facts().sizeBytes();
                    return new StoredObject(
                            bytes(call, body, (int) Math.min(limitBytes, size)),
                            size,
                            body.facts().lastModified());
                }));
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        requireKey(key);
        S3Call call = new S3Call(Verb.STAT, key);
        return run(call, () -> present(call, () -> info(port.head(root + key, patience.timeout()))));
    }

    private static ObjectInfo info(S3Port.Facts facts) {
        Checksum checksum = null;
        if (facts.sha256() != null) {
            checksum = new Checksum(Checksum.Algorithm.SHA256, facts.sha256());
        } else if (facts.crc32c() != null) {
            checksum = new Checksum(Checksum.Algorithm.CRC32C, facts.crc32c());
        }
        return new ObjectInfo(facts.sizeBytes(), checksum, facts.lastModified(), Removal.generation(facts));
    }

    @Override
    public void overwrite(String key, byte[] content) {
        requireKey(key);
        requireWithin("content length", content.length, 0, MAX_SMALL_OBJECT);
        run(new S3Call(Verb.OVERWRITE, key), () -> {
            port.put(root + key, content(content), S3Port.Usage.SMALL, patience.timeout());
            return Boolean.TRUE;
        });
    }

    @Override
    public Listing list(String prefix, Depth depth, String startAfter, int limit) {
        KeyGrammar.requirePrefix(prefix);
        requireWithin("limit", limit, 1, MAX_PAGE);
        Lister lister = new Lister(port, location, root, patience.timeout());
        return run(new S3Call(Verb.LIST, prefix), () -> lister.list(prefix, depth, startAfter, limit));
    }

    @Override
    public CreateOutcome upload(String key, BlobSource source) {
        requireKey(key);
        BlobWriter writer = new BlobWriter(port, settings, patience, host);
        return run(new S3Call(Verb.UPLOAD, key), () -> writer.write(root + key, source));
    }

    @Override
    public InputStream read(String key, long offset, long length) {
        requireKey(key);
        requireWithin("offset", offset, 0, Long.MAX_VALUE);
        requireWithin("length", length, 0, Long.MAX_VALUE);
        S3Call call = new S3Call(Verb.GET, key);
        return run(call, () -> {
            try {
                if (length == 0) {
                    port.head(root + key, patience.timeout());
                    return InputStream.nullInputStream();
                }
                return stream(call, offset, length);
            } catch (S3Failure e) {
                if (e.isInvalidRange()) {
                    return InputStream.nullInputStream(); // the object ends before the offset
                }
                throw e;
            }
        });
    }

    private InputStream stream(S3Call call, long offset, long length) throws S3Failure {
        String key = root + call.key();
        S3Port.Body body = port.get(key, offset, Math.min(length, settings.partBytes()), null, patience.timeout());
        long end = length > body.facts().sizeBytes() - offset ? body.facts().sizeBytes() : offset + length;
        long next = Math.min(end, body.offset() + body.length());
        InputStream first = bounded(call, body, next - offset);
        return next == end
                ? first
                : new RangedStream(
                        first,
                        next,
                        end,
                        new RangedStream.Limits(settings.partBytes(), settings.parallelism()),
                        host,
                        (from, size) -> range(call, from, size, body.facts().etag()));
    }

    private byte[] range(S3Call call, long offset, int length, String etag) throws IOException {
        try {
            S3Port.Body body = port.get(root + call.key(), offset, length, etag, patience.timeout());
            return bytes(call, body, length);
        } catch (S3Failure e) {
            throw new IOException(errors.failed(call, e).getMessage(), e);
        }
    }

    private BodyStream bounded(S3Call call, S3Port.Body body, long length) {
        return new BodyStream(body, length, host, patience.forBytes(length), call + " in " + location);
    }

    private byte[] bytes(S3Call call, S3Port.Body body, int length) throws S3Failure {
        try (BodyStream in = bounded(call, body, length)) {
            byte[] bytes = new byte[length];
            in.readNBytes(bytes, 0, length); // throws where there are fewer
            return bytes;
        } catch (IOException e) {
            S3Failure.Stage stage =
                    Thread.currentThread().isInterrupted() ? S3Failure.Stage.INTERRUPTED : S3Failure.Stage.NO_ANSWER;
            throw S3Failure.unanswered(stage, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void delete(String key, Generation generation) {
        requireKey(key);
        Removal removal = new Removal(port, patience.timeout());
        run(new S3Call(generation.value().startsWith("v:") ? Verb.DELETE_VERSIONS : Verb.DELETE, key), () -> {
            removal.delete(root + key, generation);
            return Boolean.TRUE;
        });
    }

    @Override
    public Instant storeTime() {
        calls.requireOpen();
        Instant known = clock.extrapolated();
        if (known != null) {
            return known;
        }
        S3Call call = new S3Call(Verb.TIME, "registry.json");
        run(call, () -> {
            try {
                port.askTime(root + call.key(), patience.timeout());
            } catch (S3Failure e) {
                if (e.stage() != S3Failure.Stage.ANSWERED) {
                    throw e; // whatever an answer says, it is dated
                }
            }
            return Boolean.TRUE;
        });
        Instant told = clock.extrapolated();
        return told == null ? host.now() : told;
    }

    @Override
    public void close() {
        calls.close();
    }

    /** A request, or several that make one operation. */
    private interface Request<T> {
        T send() throws S3Failure;
    }

    private <T> T run(S3Call call, Request<T> request) {
        calls.begin();
        try {
            if (Thread.currentThread().isInterrupted()) {
                throw new StorageException(
                        Kind.UNAVAILABLE,
                        "Interrupted before it could " + call + " in " + location + ". Nothing was sent");
            }
            return sent(request);
        } catch (S3Failure e) {
            if (e.stage() == S3Failure.Stage.INTERRUPTED) {
                Thread.currentThread().interrupt();
            }
            throw errors.failed(call, e);
        } finally {
            calls.end();
        }
    }

    /** A signature that was turned away may be good with the SDK's next credentials, or with the store's clock, which the SDK has seen now. */
    private static <T> T sent(Request<T> request) throws S3Failure {
        try {
            return request.send();
        } catch (S3Failure e) {
            if (!e.isStaleSignature()) {
                throw e;
            }
            return request.send();
        }
    }

    private <T> Optional<T> present(S3Call call, Request<T> request) throws S3Failure {
        try {
            return Optional.of(request.send());
        } catch (S3Failure e) {
            if (!e.isMissingKey()) {
                throw e;
            }
            if (e.deleteMarker() != null) {
                throw errors.deleted(call, e);
            }
            return Optional.empty();
        }
    }

    private static S3Port.Content content(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new S3Port.Content(bytes, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    private void requireKey(String key) {
        calls.requireOpen();
        KeyGrammar.requireKey(key);
    }

    private static void requireWithin(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("The " + what + " is " + value + "; it may be " + least + " to " + most);
        }
    }
}
