package io.modelregistry.store.s3;

import com.amazonaws.services.s3.AmazonS3;
import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;

/** The contract over HTTP with an application's client of the first SDK. */
final class SdkV1ContractTest extends S3ContractTest {
    /** Ends with the JVM, as the shared server does. */
    private static final AmazonS3 CLIENT = S3Server.clientV1(S3Server.shared().uri());

    @Override
    StorageBackend openBucket(String bucket, Host host) {
        return SdkV1.on(CLIENT, bucket, "team/models", S3Settings.defaults(), host);
    }
}
