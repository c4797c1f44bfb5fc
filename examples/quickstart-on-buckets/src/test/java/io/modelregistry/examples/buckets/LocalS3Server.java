package io.modelregistry.examples.buckets;

import java.util.Map;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.blobstore.BlobStore;

/** S3Proxy on the loopback address, with one bucket in memory. */
final class LocalS3Server implements AutoCloseable {
    static final String BUCKET = "models";

    private static final String PROVIDER = "transient-nio2";
    private static final String IDENTITY = "local-identity";
    private static final String CREDENTIAL = "local-credential";

    private final S3Proxy server;

    LocalS3Server() throws Exception {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "s3proxy.authorization", "aws-v2-or-v4",
                "s3proxy.identity", IDENTITY,
                "s3proxy.credential", CREDENTIAL,
                "s3proxy.endpoint", "http://127.0.0.1:0",
                "jclouds.provider", PROVIDER,
                "jclouds.identity", "none",
                "jclouds.credential", "none"));
        BlobStore store = BlobStores.create(PROVIDER, properties);
        store.createContainer(BUCKET);
        server = S3Proxy.Builder.fromProperties(properties).blobStore(store).build();
        server.start();
    }

    String location(String prefix) {
        return "s3://" + BUCKET + "/" + prefix + "?endpoint=http://127.0.0.1:" + server.getPort() + "&path-style=true";
    }

    /** Where the SDK's own chain looks for credentials. */
    static Map<String, String> environment() {
        return Map.of("AWS_ACCESS_KEY_ID", IDENTITY, "AWS_SECRET_ACCESS_KEY", CREDENTIAL);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new AssertionError("S3Proxy doesn't stop", e);
        }
    }
}
