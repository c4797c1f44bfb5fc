package io.modelregistry.store.s3;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;

/** The contract over HTTP with an application's client of the second SDK. */
final class SdkV2ContractTest extends S3ContractTest {
    @Override
    StorageBackend openBucket(String bucket, Host host) {
        return S3Backend.on(S3Server.shared().admin(), bucket, "team/models", S3Settings.defaults(), host);
    }
}
