package io.modelregistry.store.s3;

import com.amazonaws.services.s3.AmazonS3;
import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.RegistryContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The registry over HTTP. */
final class S3RegistryContractTest {

    @Nested
    final class WithTheSecondSdk extends RegistryContract {
        private final String bucket = S3Server.shared().freshBucket();

        @AfterEach
        void dropBucket() {
            S3Server.shared().drop(bucket);
        }

        @Override
        protected StorageBackend open(Host host) {
            return S3Backend.on(S3Server.shared().admin(), bucket, "", S3Settings.defaults(), host);
        }
    }

    /** The server keeps objects in a folder. */
    @Nested
    final class WithTheFirstSdk extends RegistryContract {
        @TempDir(factory = FolderInMemory.class)
        private static Path folder;

        private static S3Server server;
        private static AmazonS3 client;

        private final String bucket = server.freshBucket();

        @BeforeAll
        static void start() throws Exception {
            server = S3Server.inFolder(folder);
            client = S3Server.clientV1(server.uri());
        }

        @AfterAll
        static void stop() {
            client.shutdown();
            server.close();
        }

        @Override
        protected StorageBackend open(Host host) {
            return SdkV1.on(client, bucket, "team/models", S3Settings.defaults(), host);
        }
    }
}
