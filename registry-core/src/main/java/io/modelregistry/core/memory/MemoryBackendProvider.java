package io.modelregistry.core.memory;

import io.modelregistry.Host;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageBackendProvider;
import java.net.URI;

/** Opens {@code mem:}, an empty store that is gone when it is closed. */
public final class MemoryBackendProvider implements StorageBackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public MemoryBackendProvider() {}

    @Override
    public String scheme() {
        return "mem";
    }

    @Override
    public StorageBackend open(URI location, Host host) {
        if (!location.getSchemeSpecificPart().isEmpty()
                && !location.getSchemeSpecificPart().equals("/")) {
            throw new IllegalArgumentException(
                    "Not a location: \"" + location
                            + "\": memory has no names. To share one between registries, make a MemoryStore and use ModelRegistry.on(store.open(), …)");
        }
        return new MemoryStore(host).open();
    }
}
