package io.modelregistry.store.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a bucket is reached and what objects are stored as. Start from {@link #defaults}. Credentials are no setting: they come from the SDK's own
 * chain (environment, profile, web identity, container, instance).
 *
 * @param region the bucket's; null for what the SDK's chain says
 * @param endpoint of another store than Amazon's; null for Amazon's own
 * @param addressing whether the bucket is part of the host's name or of the path
 * @param profile in the AWS configuration files; null for the default one
 * @param encryption asked for with every write
 * @param kmsKey id or ARN of the key for {@link Encryption#SSE_KMS}; null for the account's own
 * @param blobStorageClass such as {@code STANDARD_IA} or {@code INTELLIGENT_TIERING}, for the contents of artifacts; null for the bucket's default.
 *     Not one that has to be restored before it can be read
 * @param payer who pays for requests
 * @param checksums whether writes carry checksums for the store to check
 * @param partBytes blobs up to this size are one request, larger ones are sent and read in parts of it; 5 MiB to 512 MiB. 8 MiB
 * @param parallelism how many parts of one blob are under way at once, 1 to 32. A blob that is sent takes memory for as many, one that is read for up to
 *     twice as many. 4
 * @param timeout how long one operation may take in all, the SDK's repetitions included; blobs have as much longer as they take at 64 KiB/s. 15 seconds
 */
public record S3Settings(
        @Nullable String region,
        @Nullable URI endpoint,
        Addressing addressing,
        @Nullable String profile,
        Encryption encryption,
        @Nullable String kmsKey,
        @Nullable String blobStorageClass,
        Payer payer,
        Checksums checksums,
        int partBytes,
        int parallelism,
        Duration timeout) {
    private static final int MEBIBYTE = 1 << 20;
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);

    /** Where the bucket's name is in a request. */
    public enum Addressing {
        /** {@code https://bucket.host/key}, as Amazon has it. */
        VIRTUAL_HOST,
        /** {@code https://host/bucket/key}, as most other stores have it. */
        PATH
    }

    /** What the store encrypts with. */
    public enum Encryption {
        /** As the bucket is set up. */
        BUCKET_DEFAULT,
        /** The store's own keys ({@code AES256}). */
        SSE_S3,
        /** A key of the key management service ({@code aws:kms}). */
        SSE_KMS
    }

    /** Who is charged for requests. */
    public enum Payer {
        BUCKET_OWNER,
        REQUESTER
    }

    /** What writes carry besides their content. */
    public enum Checksums {
        /** A SHA-256 or CRC32C that the store checks and, if it is Amazon's, keeps. */
        SENT,
        /** None, for stores that reject the headers. */
        NONE
    }

    public S3Settings {
        if (endpoint != null) {
            requireKnownGood(endpoint);
        }
        if (kmsKey != null && encryption != Encryption.SSE_KMS) {
            throw new IllegalArgumentException(
                    "A KMS key is used with SSE_KMS only, and the encryption is " + encryption);
        }
        requireWithin("partBytes", partBytes, 5 * MEBIBYTE, 512 * MEBIBYTE);
        requireWithin("parallelism", parallelism, 1, 32);
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("The timeout is " + timeout + "; it may be up to " + LONGEST_TIMEOUT);
        }
    }

    public static S3Settings defaults() {
        return new S3Settings(
                null,
                null,
                Addressing.VIRTUAL_HOST,
                null,
                Encryption.BUCKET_DEFAULT,
                null,
                null,
                Payer.BUCKET_OWNER,
                Checksums.SENT,
                8 * MEBIBYTE,
                4,
                Duration.ofSeconds(15));
    }

    public S3Settings withRegion(String name) {
        return with(copy -> copy.region = name);
    }

    public S3Settings withEndpoint(URI uri) {
        return with(copy -> copy.endpoint = uri);
    }

    public S3Settings withAddressing(Addressing where) {
        return with(copy -> copy.addressing = where);
    }

    public S3Settings withProfile(String name) {
        return with(copy -> copy.profile = name);
    }

    /** Encryption without a key of one's own. */
    public S3Settings withEncryption(Encryption how) {
        return with(copy -> {
            copy.encryption = how;
            copy.kmsKey = null;
        });
    }

    /** {@link Encryption#SSE_KMS} with this key. */
    public S3Settings withKmsKey(String idOrArn) {
        return with(copy -> {
            copy.encryption = Encryption.SSE_KMS;
            copy.kmsKey = idOrArn;
        });
    }

    public S3Settings withBlobStorageClass(String name) {
        return with(copy -> copy.blobStorageClass = name);
    }

    public S3Settings withPayer(Payer who) {
        return with(copy -> copy.payer = who);
    }

    public S3Settings withChecksums(Checksums which) {
        return with(copy -> copy.checksums = which);
    }

    public S3Settings withPartBytes(int bytes) {
        return with(copy -> copy.partBytes = bytes);
    }

    public S3Settings withParallelism(int parts) {
        return with(copy -> copy.parallelism = parts);
    }

    public S3Settings withTimeout(Duration duration) {
        return with(copy -> copy.timeout = duration);
    }

    /** Refuses an endpoint that is known to break the one promise a registry needs. */
    static void requireKnownGood(URI endpoint) {
        String host = endpoint.getHost();
        if (host == null
                || endpoint.getScheme() == null
                || !endpoint.getScheme().startsWith("http")) {
            throw new IllegalArgumentException(
                    "Not an endpoint: " + endpoint + ": it looks like https://minio.example.com:9000");
        }
        String name = host.toLowerCase(Locale.ROOT);
        if (name.equals("storage.googleapis.com") || name.endsWith(".storage.googleapis.com")) {
            throw new IllegalArgumentException("Unsuitable for a registry: " + endpoint
                    + ": Google's S3-compatible endpoint ignores If-None-Match without a word, so that two writers would overwrite each"
                    + " other's changes. Use gs://bucket/prefix with registry-store-gcs");
        }
    }

    private static void requireWithin(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " is " + value + "; it may be " + least + " to " + most);
        }
    }

    private S3Settings with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.settings();
    }

    /** The one place that names all settings in their order. */
    private static final class Copy {
        private @Nullable String region;
        private @Nullable URI endpoint;
        private Addressing addressing;
        private @Nullable String profile;
        private Encryption encryption;
        private @Nullable String kmsKey;
        private @Nullable String blobStorageClass;
        private Payer payer;
        private Checksums checksums;
        private int partBytes;
        private int parallelism;
        private Duration timeout;

        Copy(S3Settings of) {
            region = of.region;
            endpoint = of.endpoint;
            addressing = of.addressing;
            profile = of.profile;
            encryption = of.encryption;
            kmsKey = of.kmsKey;
            blobStorageClass = of.blobStorageClass;
            payer = of.payer;
            checksums = of.checksums;
            partBytes = of.partBytes;
            parallelism = of.parallelism;
            timeout = of.timeout;
        }

        S3Settings settings() {
            return new S3Settings(
                    region,
                    endpoint,
                    addressing,
                    profile,
                    encryption,
                    kmsKey,
                    blobStorageClass,
                    payer,
                    checksums,
                    partBytes,
                    parallelism,
                    timeout);
        }
    }
}
