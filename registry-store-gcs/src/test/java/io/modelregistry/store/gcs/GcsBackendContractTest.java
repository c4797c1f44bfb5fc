package io.modelregistry.store.gcs;

import com.google.cloud.storage.Storage;
import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.store.gcs.server.GcsServer;
import io.modelregistry.testkit.StorageBackendContract;

final class GcsBackendContractTest extends StorageBackendContract {
    private GcsServer server;
    private Storage client;

    @Override
    protected void freshStore() {
        server = GcsServer.start();
        server.log().stop();
        server.bucket(GcsFixture.BUCKET);
        client = GcsFixture.client(server.uri());
    }

    @Override
    protected StorageBackend open(Host host) {
        return GcsBackend.on(client, GcsFixture.BUCKET, GcsFixture.PREFIX, GcsSettings.defaults(), host);
    }

    @Override
    protected void dropStore() {
        server.close();
    }

    /** A blob of one chunk is sent without looking: one request instead of two. */
    @Override
    public boolean tellsBeforehandThatABlobStands() {
        return false;
    }
}
