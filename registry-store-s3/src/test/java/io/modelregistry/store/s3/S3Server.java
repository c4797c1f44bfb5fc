package io.modelregistry.store.s3;

import com.amazonaws.ClientConfiguration;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** S3Proxy within this JVM: a real server on the loopback address that checks signatures and checksums. */
final class S3Server implements AutoCloseable {
    static final String IDENTITY = "local-identity";
    static final String CREDENTIAL = "local-credential";

    private final S3Proxy server;
    private final AtomicInteger buckets = new AtomicInteger();
    private final S3Client admin;

    private S3Server(Properties more) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("s3proxy.authorization", "aws-v2-or-v4");
        properties.setProperty("s3proxy.identity", IDENTITY);
        properties.setProperty("s3proxy.credential", CREDENTIAL);
        properties.setProperty("s3proxy.endpoint", "http://127.0.0.1:0");
        properties.setProperty("jclouds.identity", "none");
        properties.setProperty("jclouds.credential", "none");
        properties.putAll(more);
        server = S3Proxy.Builder.fromProperties(properties)
                .blobStore(BlobStores.create(properties.getProperty("jclouds.provider"), properties))
                .build();
        server.start();
        admin = client(uri());
    }

    /** The one that all tests share who do with a bucket of their own; it ends with the JVM. */
    static S3Server shared() {
        return Shared.SERVER;
    }

    private static final class Shared {
        static final S3Server SERVER = start();

        private static S3Server start() {
            try {
                return inMemory();
            } catch (Exception e) {
                throw new AssertionError("S3Proxy doesn't start", e);
            }
        }
    }

    static S3Server inMemory() throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jclouds.provider", "transient-nio2");
        return new S3Server(properties);
    }

    static S3Server inFolder(Path folder) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jclouds.provider", "filesystem-nio2");
        properties.setProperty("jclouds.filesystem.basedir", folder.toString());
        return new S3Server(properties);
    }

    int port() {
        return server.getPort();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** The name of a bucket that nobody has used. */
    String freshBucket() {
        String name = "bucket-" + buckets.incrementAndGet();
        admin.createBucket(create -> create.bucket(name));
        return name;
    }

    /** Gives the memory of a bucket back: the server holds all objects in this JVM, and a run of all tests would fill it. */
    void drop(String bucket) {
        admin.listObjectsV2Paginator(list -> list.bucket(bucket))
                .contents()
                .forEach(object ->
                        admin.deleteObject(delete -> delete.bucket(bucket).key(object.key())));
    }

    /** A client that retries as applications' clients do. */
    static S3Client client(URI endpoint) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(IDENTITY, CREDENTIAL)))
                .build();
    }

    /**
     * As {@link #client}, of the first SDK. It looks whether a pooled connection still stands: after a 412 this server closes the connection, because the SDK
     * waits to be told to send the content.
     */
    static AmazonS3 clientV1(URI endpoint) {
        return AmazonS3ClientBuilder.standard()
                .withEndpointConfiguration(new EndpointConfiguration(endpoint.toString(), "us-east-1"))
                .withPathStyleAccessEnabled(true)
                .withClientConfiguration(new ClientConfiguration().withValidateAfterInactivityMillis(1))
                .withCredentials(new AWSStaticCredentialsProvider(new BasicAWSCredentials(IDENTITY, CREDENTIAL)))
                .build();
    }

    S3Client admin() {
        return admin;
    }

    @Override
    public void close() {
        admin.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new AssertionError("S3Proxy doesn't stop", e);
        }
    }
}
