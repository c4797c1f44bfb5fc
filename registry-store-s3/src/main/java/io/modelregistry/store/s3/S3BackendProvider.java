package io.modelregistry.store.s3;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageBackendProvider;
import java.net.URI;

/**
 * Opens {@code s3://bucket/prefix}, with settings as {@code ?region=eu-west-1&endpoint=https://minio.example.com:9000&path-style=true}. Found
 * through {@link java.util.ServiceLoader}.
 */
public final class S3BackendProvider implements StorageBackendProvider {

    @Override
    public String scheme() {
        return "s3";
    }

    @Override
    public StorageBackend open(URI location, Host host) {
        return S3Backend.open(S3Location.parse(location), host);
    }
}
