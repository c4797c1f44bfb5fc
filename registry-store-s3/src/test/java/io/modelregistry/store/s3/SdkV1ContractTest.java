package io.modelregistry.store.s3;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;

/** The contract over HTTP with an application's client of the first SDK. */
final class SdkV1ContractTest extends S3ContractTest {
    @Override
    StorageBackend openBucket(String bucket, Host host) {
        return SdkV1.on(S3Server.sharedClientV1(), bucket, "team/models", S3Settings.defaults(), host);
    }
}
