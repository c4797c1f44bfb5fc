package io.modelregistry.store.gcs;

import com.google.api.client.http.HttpRequestFactory;
import com.google.auth.Credentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.TransportOptions;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.HttpStorageOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.spi.v1.HttpStorageRpc;
import io.modelregistry.store.gcs.GcsSettings.CredentialSource;

/**
 * What is taken from the vendor's client: transport, credentials, endpoint.
 *
 * @param root of the JSON API, ending in {@code /}
 */
record Connection(HttpRequestFactory requests, String root, boolean withCredentials) {

    /** A client of our own, with the vendor's chain of credentials. */
    static Storage open(GcsSettings settings) {
        HttpStorageOptions.Builder options = StorageOptions.http();
        if (settings.endpoint() != null) {
            options.setHost(settings.endpoint().toString());
        }
        if (settings.credentials() == CredentialSource.NONE) {
            options.setCredentials(NoCredentials.getInstance());
        }
        if (settings.userProject() != null) {
            options.setProjectId(settings.userProject());
        }
        return options.build().getService();
    }

    static Connection of(Storage client) {
        StorageOptions options = client.getOptions();
        HttpTransportOptions transport = requireHttp(options.getTransportOptions());
        if (!(options.getRpc() instanceof HttpStorageRpc)) {
            throw new IllegalArgumentException("This client of Cloud Storage has a transport of its own, "
                    + options.getRpc().getClass().getName()
                    + ", and may not be talking to a store at all: make it without setServiceRpcFactory");
        }
        Credentials credentials = options.getScopedCredentials();
        String root = options.getResolvedApiaryHost("storage");
        return new Connection(
                transport
                        .getHttpTransportFactory()
                        .create()
                        .createRequestFactory(transport.getHttpRequestInitializer(options)),
                root.endsWith("/") ? root : root + "/",
                credentials != null && !(credentials instanceof NoCredentials));
    }

    static HttpTransportOptions requireHttp(TransportOptions transport) {
        if (transport instanceof HttpTransportOptions http) {
            return http;
        }
        throw new IllegalArgumentException(
                "This client of Cloud Storage doesn't speak HTTP and JSON but "
                        + transport.getClass().getSimpleName()
                        + ": make it with StorageOptions.http() or StorageOptions.newBuilder(), not with StorageOptions.grpc()");
    }
}
