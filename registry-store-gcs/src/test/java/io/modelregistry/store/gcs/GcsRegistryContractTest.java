package io.modelregistry.store.gcs;

import com.google.cloud.storage.Storage;
import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.store.gcs.server.GcsServer;
import io.modelregistry.testkit.RegistryContract;
import org.junit.jupiter.api.AfterEach;

final class GcsRegistryContractTest extends RegistryContract {
    private final GcsServer server = GcsServer.start();
    private final Storage client = GcsFixture.client(server.uri());

    GcsRegistryContractTest() {
        server.bucket(GcsFixture.BUCKET);
        server.log().stop();
    }

    @Override
    protected StorageBackend open(Host host) {
        return GcsBackend.on(client, GcsFixture.BUCKET, GcsFixture.PREFIX, GcsSettings.defaults(), host);
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
