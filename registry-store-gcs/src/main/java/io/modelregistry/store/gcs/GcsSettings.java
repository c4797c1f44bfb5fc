package io.modelregistry.store.gcs;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a bucket is reached and written to. Start from {@link #defaults} and change what differs.
 *
 * @param endpoint where the JSON API is; null for Google's own, or what the client that is handed in says
 * @param credentials where credentials come from
 * @param userProject the project that pays for requests, for a bucket where the requester pays; null otherwise
 * @param kmsKey the Cloud KMS key that new objects are encrypted with, {@code projects/…/cryptoKeys/…}; null for the bucket's default
 * @param blobStorageClass the storage class of new blobs, such as {@code NEARLINE}; null for the bucket's default. Everything else
 *     is small and read often, and has the bucket's default
 * @param chunkBytes a blob up to this size is sent in one request, a larger one in chunks of it. Every upload under way holds as much
 *     memory. A multiple of 256 KiB
 * @param parallelism how many chunks of one download are fetched at once, 1 to 32; up to twice as many are in memory. 4
 * @param timeout for one operation; of a blob, for one chunk of an upload, and for the next 64 KiB of a download
 */
public record GcsSettings(
        @Nullable URI endpoint,
        CredentialSource credentials,
        @Nullable String userProject,
        @Nullable String kmsKey,
        @Nullable String blobStorageClass,
        int chunkBytes,
        int parallelism,
        Duration timeout) {
    /** A chunk of a resumable upload is a multiple of this: https://cloud.google.com/storage/docs/performing-resumable-uploads */
    static final int CHUNK_UNIT = 256 << 10;

    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final int MOST_PARALLEL = 32;
    private static final int DEFAULT_CHUNK = 8 << 20;
    private static final int LARGEST_CHUNK = 1 << 30;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** Where credentials come from. */
    public enum CredentialSource {
        /** The client's own chain, Application Default Credentials. */
        APPLICATION_DEFAULT,
        /** None, for public buckets and test servers. */
        NONE
    }

    public GcsSettings {
        Objects.requireNonNull(credentials, "credentials");
        Objects.requireNonNull(timeout, "timeout");
        if (endpoint != null
                && (!SCHEMES.contains(String.valueOf(endpoint.getScheme())) || endpoint.getHost() == null)) {
            throw new IllegalArgumentException(
                    "Not an endpoint: " + endpoint + ": it looks like https://storage.googleapis.com");
        }
        if (chunkBytes < CHUNK_UNIT || chunkBytes > LARGEST_CHUNK || chunkBytes % CHUNK_UNIT != 0) {
            throw new IllegalArgumentException("chunkBytes is " + chunkBytes + ", and must be a multiple of "
                    + CHUNK_UNIT + " up to " + LARGEST_CHUNK);
        }
        if (parallelism < 1 || parallelism > MOST_PARALLEL) {
            throw new IllegalArgumentException(
                    "parallelism is " + parallelism + ", and must be from 1 to " + MOST_PARALLEL);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", and must be positive");
        }
    }

    /** Google's endpoint, Application Default Credentials, the bucket's defaults, chunks of 8 MiB, 4 at once, 30 seconds. */
    public static GcsSettings defaults() {
        return new GcsSettings(
                null, CredentialSource.APPLICATION_DEFAULT, null, null, null, DEFAULT_CHUNK, 4, DEFAULT_TIMEOUT);
    }

    public GcsSettings withEndpoint(URI value) {
        return with(copy -> copy.endpoint = value);
    }

    public GcsSettings withCredentials(CredentialSource value) {
        return with(copy -> copy.credentials = value);
    }

    public GcsSettings withUserProject(String value) {
        return with(copy -> copy.userProject = value);
    }

    public GcsSettings withKmsKey(String value) {
        return with(copy -> copy.kmsKey = value);
    }

    public GcsSettings withBlobStorageClass(String value) {
        return with(copy -> copy.blobStorageClass = value);
    }

    public GcsSettings withChunkBytes(int value) {
        return with(copy -> copy.chunkBytes = value);
    }

    public GcsSettings withParallelism(int value) {
        return with(copy -> copy.parallelism = value);
    }

    public GcsSettings withTimeout(Duration value) {
        return with(copy -> copy.timeout = value);
    }

    private GcsSettings with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.settings();
    }

    /** The one place that names all settings in their order. */
    private static final class Copy {
        private @Nullable URI endpoint;
        private CredentialSource credentials;
        private @Nullable String userProject;
        private @Nullable String kmsKey;
        private @Nullable String blobStorageClass;
        private int chunkBytes;
        private int parallelism;
        private Duration timeout;

        Copy(GcsSettings of) {
            endpoint = of.endpoint;
            credentials = of.credentials;
            userProject = of.userProject;
            kmsKey = of.kmsKey;
            blobStorageClass = of.blobStorageClass;
            chunkBytes = of.chunkBytes;
            parallelism = of.parallelism;
            timeout = of.timeout;
        }

        GcsSettings settings() {
            return new GcsSettings(
                    endpoint, credentials, userProject, kmsKey, blobStorageClass, chunkBytes, parallelism, timeout);
        }
    }
}
