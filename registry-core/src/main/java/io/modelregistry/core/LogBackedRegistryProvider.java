package io.modelregistry.core;

import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.RegistryProvider;
import io.modelregistry.storage.StorageBackend;

/** Opens registries for {@link ModelRegistry}'s static methods. */
public final class LogBackedRegistryProvider implements RegistryProvider {

    /** For {@link java.util.ServiceLoader}. */
    public LogBackedRegistryProvider() {}

    @Override
    public ModelRegistry open(StorageBackend backend, RegistryOptions options, Host host, Mode mode) {
        boolean opened = false;
        try {
            ModelRegistry registry = LogBackedRegistry.open(backend, options, host, mode);
            opened = true;
            return registry;
        } finally {
            if (!opened) {
                backend.close();
            }
        }
    }
}
