package io.modelregistry.store.gcs;

import com.google.auth.Credentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import java.net.URI;

/** Clients of a test server as an application would make them. */
final class GcsFixture {
    static final String BUCKET = "models";
    static final String PREFIX = "team/registry";

    private GcsFixture() {}

    static Storage client(URI server) {
        return client(server, NoCredentials.getInstance());
    }

    static Storage client(URI server, Credentials credentials) {
        return StorageOptions.http()
                .setHost(server.toString())
                .setProjectId("test")
                .setCredentials(credentials)
                .build()
                .getService();
    }

    /** The object's name in the bucket. */
    static String object(String key) {
        return PREFIX + "/" + key;
    }
}
