package io.modelregistry.store.s3;

import com.amazonaws.services.s3.AmazonS3;
import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract over HTTP with an application's client of the first SDK. */
final class SdkV1ContractTest extends S3FolderContractTest {
    private static AmazonS3 client;

    @BeforeAll
    static void connect() {
        client = S3Server.clientV1(running().uri());
    }

    @AfterAll
    static void disconnect() {
        client.shutdown();
    }

    @Override
    StorageBackend openBucket(String bucket, Host host) {
        return SdkV1.on(client, bucket, "team/models", S3Settings.defaults(), host);
    }
}
