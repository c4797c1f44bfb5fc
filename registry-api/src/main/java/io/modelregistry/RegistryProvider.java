package io.modelregistry;

import io.modelregistry.storage.StorageBackend;

/** The implementation behind {@link ModelRegistry}'s static methods; found through {@link java.util.ServiceLoader}. registry-core brings one. */
public interface RegistryProvider {

    /** What to do about the registry at a location. */
    enum Mode {
        /** A registry must stand there. */
        OPEN,
        /** Make one if none stands there. */
        INITIALISE
    }

    /** Opens a registry over a backend, which it then owns and closes, also when opening fails. */
    ModelRegistry open(StorageBackend backend, RegistryOptions options, Host host, Mode mode);
}
