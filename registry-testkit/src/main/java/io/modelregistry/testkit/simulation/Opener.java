package io.modelregistry.testkit.simulation;

import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.storage.StorageBackend;

/** Opens a registry; {@code ModelRegistry::on} for the one on the class path. */
@FunctionalInterface
public interface Opener {
    ModelRegistry open(StorageBackend backend, RegistryOptions options, Host host);
}
