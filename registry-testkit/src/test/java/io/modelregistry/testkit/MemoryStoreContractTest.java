package io.modelregistry.testkit;

import io.modelregistry.Host;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;

final class MemoryStoreContractTest extends StorageBackendContract {
    private MemoryStore store = new MemoryStore(new ManualHost());

    @Override
    protected void freshStore() {
        store = new MemoryStore(new ManualHost());
    }

    @Override
    protected StorageBackend open(Host host) {
        return store.open();
    }
}
