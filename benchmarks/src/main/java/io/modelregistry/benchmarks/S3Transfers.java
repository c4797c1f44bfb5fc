package io.modelregistry.benchmarks;

import io.modelregistry.Digest;
import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.Version;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.store.s3.S3Backend;
import io.modelregistry.store.s3.S3Settings;
import io.modelregistry.version.Registration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * A blob of 256 MiB to and from a bucket, through the backend and by the bare SDK with the same client, the same parts and as many of them at once. The two take
 * turns within one process, and change who begins with each round, so that whatever else the machine does meets both alike; that is why this is no JMH
 * benchmark. A download ends in memory and is hashed by neither; a checked file is what a registry makes of a version, beside the SDK's ranges written to their
 * places in a file and hashed as they come.
 *
 * <p>{@code java -Xmx2g -cp benchmarks/target/benchmarks.jar io.modelregistry.benchmarks.S3Transfers BUCKET [ENDPOINT [ROUNDS]]}, without an endpoint for
 * Amazon's own. Credentials come from the SDK's chain. Writes below {@code benchmark/}, and deletes what it wrote.
 */
public final class S3Transfers implements AutoCloseable {
    private static final int BLOB_BYTES = 256 << 20;
    private static final int WARM_UP = 4;
    private static final String PREFIX = "benchmark";
    private static final String STANDING = "blobs/standing";

    private final S3Client client;
    private final S3Backend backend;
    private final BareS3 bare;
    private final Path folder = Files.createTempDirectory("transfers");
    private final Version version;
    private final Digest digest;
    private final byte[] blob = new byte[BLOB_BYTES];
    private final byte[] buffer = new byte[128 << 10];
    private String key = "";

    private S3Transfers(S3Client client, String bucket) throws IOException {
        this.client = client;
        this.backend = backend(client, bucket, PREFIX);
        this.bare = new BareS3(client, bucket, S3Settings.defaults());
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < blob.length; i++) {
            blob[i] = (byte) random.nextInt();
        }
        backend.upload(STANDING, new Memory(blob));
        digest = Digest.of(blob);
        RegistryOptions options = RegistryOptions.defaults().withCacheFolder(folder.resolve("cache"));
        ModelRegistry registry = ModelRegistry.on(
                        backend(
                                client,
                                bucket,
                                PREFIX + "/registry-" + Host.system().newId()),
                        options,
                        Host.system())
                .as("benchmark");
        version = registry.version(registry.model("m")
                .register(Registration.empty().file("model.bin", blob))
                .id());
    }

    private static S3Backend backend(S3Client client, String bucket, String prefix) {
        return S3Backend.on(client, bucket, prefix, S3Settings.defaults(), Host.system());
    }

    /** Prints how the backend compares. */
    public static void main(String[] args) throws Exception {
        S3ClientBuilder builder = S3Client.builder();
        if (args.length > 1) {
            builder.endpointOverride(URI.create(args[1])).forcePathStyle(true).region(Region.US_EAST_1);
        }
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 20;
        try (S3Transfers transfers = new S3Transfers(builder.build(), args[0])) {
            transfers.run(rounds);
        }
    }

    private void run(int rounds) throws Exception {
        compare("download", rounds, this::download, this::downloadBare);
        compare("to a checked file", rounds, this::fetch, this::fetchBare);
        compare("upload", rounds, this::upload, this::uploadBare);
    }

    private void compare(String what, int rounds, Callable<?> own, Callable<?> bare) throws Exception {
        List<Cost> owns = new ArrayList<>();
        List<Cost> bares = new ArrayList<>();
        for (int i = -WARM_UP; i < rounds; i++) {
            boolean ownFirst = i % 2 == 0;
            Cost first = cost(ownFirst ? own : bare);
            Cost second = cost(ownFirst ? bare : own);
            if (i >= 0) {
                owns.add(ownFirst ? first : second);
                bares.add(ownFirst ? second : first);
            }
        }
        report(what + ", ms", owns, bares, Cost::millis);
        report(what + ", ms of processor", owns, bares, Cost::processorMillis);
        report(what + ", MiB allocated", owns, bares, Cost::allocatedMebibytes);
    }

    /** Without what it takes to delete what was made, and without the garbage of those before. */
    private Cost cost(Callable<?> work) throws Exception {
        System.gc();
        Cost cost = Cost.of(work);
        discard();
        return cost;
    }

    /** The speed beside the bare SDK is that of each round by itself; of these, the quarter, the middle and the three quarters. */
    private static void report(String what, List<Cost> owns, List<Cost> bares, ToDoubleFunction<Cost> figure) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < owns.size(); i++) {
            ratios.add(figure.applyAsDouble(bares.get(i)) / figure.applyAsDouble(owns.get(i)));
        }
        System.out.printf(
                Locale.ROOT,
                "%-28s backend %7.1f  bare %7.1f  bare / backend: %.2f (%.2f to %.2f)%n",
                what,
                quantile(owns.stream().map(figure::applyAsDouble).toList(), 0.5),
                quantile(bares.stream().map(figure::applyAsDouble).toList(), 0.5),
                quantile(ratios, 0.5),
                quantile(ratios, 0.25),
                quantile(ratios, 0.75));
    }

    private static double quantile(List<Double> values, double part) {
        List<Double> sorted = values.stream().sorted().toList();
        double place = part * (sorted.size() - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
    }

    private Object download() throws IOException {
        try (InputStream in = backend.read(STANDING, 0, BLOB_BYTES)) {
            long bytes = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                bytes += n;
            }
            return whole(bytes);
        }
    }

    private Object downloadBare() throws Exception {
        return whole(bare.download(PREFIX + "/" + STANDING, BLOB_BYTES));
    }

    private static long whole(long bytes) {
        if (bytes != BLOB_BYTES) {
            throw new IllegalStateException(bytes + " bytes came of " + BLOB_BYTES);
        }
        return bytes;
    }

    private Object fetch() {
        return version.downloadTo(folder.resolve("own"));
    }

    private Object fetchBare() throws Exception {
        String found = bare.fetch(PREFIX + "/" + STANDING, BLOB_BYTES, folder.resolve("bare"));
        if (!digest.equals(Digest.ofHash(HexFormat.of().parseHex(found)))) {
            throw new IllegalStateException("Other bytes came");
        }
        return found;
    }

    private Object upload() {
        key = "blobs/" + Host.system().newId();
        return backend.upload(key, new Memory(blob));
    }

    private Object uploadBare() throws Exception {
        key = "blobs/" + Host.system().newId();
        return bare.upload(PREFIX + "/" + key, blob);
    }

    private void discard() throws IOException {
        if (!key.isEmpty()) {
            bare.delete(PREFIX + "/" + key);
        }
        Files.deleteIfExists(folder.resolve("bare"));
        Files.deleteIfExists(folder.resolve("own").resolve("model.bin"));
        Files.deleteIfExists(folder.resolve("own"));
    }

    @Override
    public void close() throws IOException {
        bare.deleteBelow(PREFIX + "/");
        bare.close();
        client.close();
        BareFiles.deleteTree(folder);
    }

    private record Memory(byte[] bytes) implements BlobSource {
        @Override
        public long sizeBytes() {
            return bytes.length;
        }

        @Override
        public String sha256() {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }
    }
}
