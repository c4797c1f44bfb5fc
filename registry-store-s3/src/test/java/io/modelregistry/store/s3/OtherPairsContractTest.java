package io.modelregistry.store.s3;

import com.amazonaws.services.s3.AmazonS3;
import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The contract with each SDK and the server that it doesn't meet in the ordinary tests. */
@Tag("proof")
final class OtherPairsContractTest {
    private static int tests;

    @AfterEach
    void count() {
        tests++;
    }

    @AfterAll
    static void tell() {
        System.out.println("proof: contract over HTTP, the other pairs of SDK and server: " + tests + " tests");
    }

    @Nested
    final class TheSecondSdkAndAFolder extends S3FolderContractTest {
        @Override
        StorageBackend openBucket(String bucket, Host host) {
            return S3Backend.on(server().admin(), bucket, "team/models", S3Settings.defaults(), host);
        }
    }

    @Nested
    final class TheFirstSdkAndMemory extends S3ContractTest {
        /** Ends with the JVM, as the shared server does. */
        private static final AmazonS3 CLIENT =
                S3Server.clientV1(S3Server.shared().uri());

        @Override
        StorageBackend openBucket(String bucket, Host host) {
            return SdkV1.on(CLIENT, bucket, "team/models", S3Settings.defaults(), host);
        }
    }
}
