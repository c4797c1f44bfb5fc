package io.modelregistry.store.gcs;

import com.google.cloud.storage.Storage;
import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageBackendProvider;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Opens {@code gs://bucket/prefix} locations. Settings may follow as a query:
 * {@code gs://bucket/prefix?userProject=my-project&blobStorageClass=NEARLINE}, with {@code endpoint}, {@code credentials=none},
 * {@code userProject}, {@code kmsKey}, {@code blobStorageClass}. Credentials are found by Google's own chain. Found through
 * {@link java.util.ServiceLoader}.
 */
public final class GcsBackendProvider implements StorageBackendProvider {
    private static final String EXAMPLE = ": it looks like gs://bucket/prefix";

    /** For {@link java.util.ServiceLoader}. */
    public GcsBackendProvider() {}

    @Override
    public String scheme() {
        return "gs";
    }

    @Override
    public StorageBackend open(URI location, Host host) {
        String scheme = location.getScheme();
        if (scheme == null || !scheme.toLowerCase(Locale.ROOT).equals("gs") || location.getRawAuthority() == null) {
            throw new IllegalArgumentException("Not a location in Cloud Storage: " + location + EXAMPLE);
        }
        if (location.getRawFragment() != null || location.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "Not a location in Cloud Storage: " + location + EXAMPLE + ", without # and @");
        }
        String path = location.getRawPath();
        BucketPrefix place =
                BucketPrefix.of(location.getRawAuthority(), path.startsWith("/") ? path.substring(1) : path);
        GcsSettings settings = settings(location);
        Storage client = Connection.open(settings);
        return new GcsBackend(Connection.of(client), place, settings, host, () -> close(client));
    }

    private static GcsSettings settings(URI location) {
        GcsSettings settings = GcsSettings.defaults();
        String query = location.getRawQuery();
        if (query == null || query.isEmpty()) {
            return settings;
        }
        for (String setting : query.split("&", -1)) {
            int equals = setting.indexOf('=');
            String name = equals < 0 ? setting : setting.substring(0, equals);
            String value = equals < 0 ? "" : URLDecoder.decode(setting.substring(equals + 1), StandardCharsets.UTF_8);
            if (value.isEmpty()) {
                throw new IllegalArgumentException("The setting " + name + " of " + location + " has no value");
            }
            settings = switch (name) {
                case "endpoint" -> settings.endpoint(URI.create(value));
                case "credentials" -> credentials(settings, value);
                case "userProject" -> settings.userProject(value);
                case "kmsKey" -> settings.kmsKey(value);
                case "blobStorageClass" -> settings.blobStorageClass(value);
                default ->
                    throw new IllegalArgumentException("No setting \"" + name + "\" in " + location
                            + ": there are endpoint, credentials, userProject, kmsKey and blobStorageClass");
            };
        }
        return settings;
    }

    private static GcsSettings credentials(GcsSettings settings, String value) {
        if (!value.equals("none")) {
            throw new IllegalArgumentException(
                    "credentials is " + value
                            + ", and can only be none: otherwise Google's own chain finds them (Application Default Credentials)");
        }
        return settings.credentials(GcsSettings.CredentialSource.NONE);
    }

    private static void close(Storage client) {
        try {
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException("The client of Cloud Storage could not be closed", e);
        }
    }
}
