package io.modelregistry.core;

import io.modelregistry.Host;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.RegistryContract;

/** The registry over memory. */
class MemoryRegistryContractTest extends RegistryContract {
    private final Host host = Host.system();
    private final MemoryStore store = new MemoryStore(host);

    @Override
    protected Host host() {
        return host;
    }

    @Override
    protected StorageBackend open(Host client) {
        return store.open();
    }
}
