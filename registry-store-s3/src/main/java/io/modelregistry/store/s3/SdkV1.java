package io.modelregistry.store.s3;

import com.amazonaws.services.s3.AmazonS3;
import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import java.net.URI;

/**
 * Opens buckets with an application's own client of the first AWS SDK, whose support has ended and which many applications still hold. Needs
 * {@code com.amazonaws:aws-java-sdk-s3} on the class path; this module brings it to nobody.
 *
 * <p>Creates are made once whatever the client's retry policy is. Blobs that were sent in parts have no checksum that the store knows, so that
 * reusing one reads it.
 */
public final class SdkV1 {
    private SdkV1() {}

    /**
     * Opens a prefix of a bucket. The client stays open when the backend is closed; region, endpoint, addressing and profile are the client's, and those
     * of the settings are not looked at.
     *
     * @param prefix of all keys, such as {@code team/models}; empty for the whole bucket
     */
    public static StorageBackend on(AmazonS3 client, String bucket, String prefix, S3Settings settings, Host host) {
        S3Location place = new S3Location(bucket, prefix, settings);
        S3Settings.requireKnownGood(
                URI.create(client.getUrl(bucket, "registry.json").toString()));
        StoreClock clock = new StoreClock(host);
        return new S3Backend(new SdkV1Port(client, bucket, settings, clock), place, host, clock);
    }

    /** As above, with default settings on the real machine. */
    public static StorageBackend on(AmazonS3 client, String bucket, String prefix) {
        return on(client, bucket, prefix, S3Settings.defaults(), Host.system());
    }
}
