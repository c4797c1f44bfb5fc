package io.modelregistry.store.gcs;

import com.google.cloud.storage.Storage;
import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageBackendProvider;
import java.net.URI;

/**
 * Opens {@code gs://bucket/prefix}, with settings as {@code ?user-project=my-project&blob-storage-class=NEARLINE}. Credentials are found by
 * Google's own chain, Application Default Credentials. Found through {@link java.util.ServiceLoader}.
 */
public final class GcsBackendProvider implements StorageBackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public GcsBackendProvider() {}

    @Override
    public String scheme() {
        return "gs";
    }

    @Override
    public StorageBackend open(URI location, Host host) {
        GcsLocation place = GcsLocation.parse(location);
        Storage client = Connection.open(place.settings());
        return new GcsBackend(Connection.of(client), place, host, () -> close(client));
    }

    private static void close(Storage client) {
        try {
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException("The client of Cloud Storage could not be closed", e);
        }
    }
}
