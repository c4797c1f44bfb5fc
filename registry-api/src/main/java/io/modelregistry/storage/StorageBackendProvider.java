package io.modelregistry.storage;

import io.modelregistry.Host;
import java.net.URI;

/** Opens the backends of one URI scheme; found through {@link java.util.ServiceLoader}. */
public interface StorageBackendProvider {

    /** The scheme, in lower case: {@code file}, {@code mem}, {@code s3}, {@code gs}. */
    String scheme();

    /**
     * Opens the store at a location. Does not check that a registry stands there, and writes nothing.
     *
     * @throws IllegalArgumentException when the location is not one of this scheme; the message shows what one looks like
     */
    StorageBackend open(URI location, Host host);
}
