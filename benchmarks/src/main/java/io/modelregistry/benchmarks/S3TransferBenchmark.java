package io.modelregistry.benchmarks;

import io.modelregistry.Host;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.store.s3.S3Backend;
import io.modelregistry.store.s3.S3Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * A blob of 256 MiB to and from a bucket, through the backend and by the bare SDK with the same client, the same parts and as many of them at once. Runs
 * against a store that is named: {@code -p bucket=models -p endpoint=http://127.0.0.1:9000}, without an endpoint for Amazon's own. Credentials come from
 * the SDK's chain. Writes below {@code benchmark/}, and deletes what it wrote.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 10)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class S3TransferBenchmark {
    private static final int BLOB_BYTES = 256 << 20;
    private static final String PREFIX = "benchmark";
    private static final String STANDING = "blobs/standing";

    @Param("models")
    String bucket = "";

    @Param("")
    String endpoint = "";

    private final byte[] blob = new byte[BLOB_BYTES];
    private final byte[] buffer = new byte[1 << 20];
    private S3Client client = S3Client.builder().region(Region.US_EAST_1).build();
    private S3Backend backend = S3Backend.on(client, "models", PREFIX);
    private BareS3 bare = new BareS3(client, "models", S3Settings.defaults());
    private BlobSource source = new Memory(new byte[0]);
    private String key = "";

    /** For JMH. */
    public S3TransferBenchmark() {}

    @Setup(Level.Trial)
    public void connect() {
        client.close();
        S3ClientBuilder builder = S3Client.builder();
        if (!endpoint.isEmpty()) {
            builder.endpointOverride(URI.create(endpoint)).forcePathStyle(true).region(Region.US_EAST_1);
        }
        client = builder.build();
        backend = S3Backend.on(client, bucket, PREFIX, S3Settings.defaults(), Host.system());
        bare = new BareS3(client, bucket, S3Settings.defaults());
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < blob.length; i++) {
            blob[i] = (byte) random.nextInt();
        }
        source = new Memory(blob);
        backend.upload(STANDING, source);
    }

    @TearDown(Level.Trial)
    public void disconnect() {
        bare.delete(PREFIX + "/" + STANDING);
        bare.close();
        client.close();
    }

    @Setup(Level.Invocation)
    public void nameTheNext() {
        key = "blobs/" + Host.system().newId();
    }

    @TearDown(Level.Invocation)
    public void deleteWhatWasSent() {
        bare.delete(PREFIX + "/" + key);
    }

    /** Through the backend, which also takes the checksum of the whole. */
    @Benchmark
    public CreateOutcome upload() {
        return backend.upload(key, source);
    }

    /** The same parts by the bare SDK. */
    @Benchmark
    public String uploadBare() throws Exception {
        return bare.upload(PREFIX + "/" + key, blob);
    }

    /** Through the backend, read to its end. */
    @Benchmark
    public long download() throws IOException {
        try (InputStream in = backend.read(STANDING, 0, BLOB_BYTES)) {
            long bytes = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                bytes += n;
            }
            return bytes;
        }
    }

    /** The same ranges by the bare SDK. */
    @Benchmark
    public long downloadBare() throws Exception {
        return bare.download(PREFIX + "/" + STANDING, BLOB_BYTES);
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
