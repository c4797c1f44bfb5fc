package io.modelregistry.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpTransport;
import com.google.cloud.NoCredentials;
import com.google.cloud.TransportOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.spi.v1.StorageRpc;
import java.io.File;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps the exclusions in the pom honest: what a user's class path gets is this and nothing else, and it suffices. */
final class SlimClientTest {
    private static final Pattern VENDORS = Pattern.compile(
            ".*/(com/google|io/grpc|io/opentelemetry|io/opencensus|org/conscrypt|io/perfmark|dev/cel|org/threeten|org/apache/httpcomponents)/.*");
    private static final Pattern VERSION = Pattern.compile("-(v1-rev)?\\d[^/]*$");

    private static Set<String> artifacts() {
        Set<String> artifacts = new TreeSet<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            String path = entry.replace('\\', '/');
            if (VENDORS.matcher(path).matches()) {
                artifacts.add(
                        VERSION.matcher(Path.of(entry).getFileName().toString()).replaceFirst(""));
            }
        }
        return artifacts;
    }

    @Test
    void theClassPathHasTheseArtifactsOfTheVendorAndNoOthers() {
        assertThat(artifacts())
                .containsExactly(
                        "api-common",
                        "auto-value-annotations",
                        "error_prone_annotations",
                        "failureaccess",
                        "gax",
                        "gax-httpjson",
                        "google-api-client",
                        "google-api-services-storage",
                        "google-auth-library-credentials",
                        "google-auth-library-oauth2-http",
                        "google-cloud-core",
                        "google-cloud-core-http",
                        "google-cloud-storage",
                        "google-http-client",
                        "google-http-client-appengine",
                        "google-http-client-gson",
                        "google-http-client-jackson2",
                        "google-oauth-client",
                        "grpc-api",
                        "gson",
                        "guava",
                        "j2objc-annotations",
                        "jsr305",
                        "listenablefuture",
                        "opencensus-api",
                        "opencensus-contrib-http-util",
                        "opentelemetry-api",
                        "opentelemetry-common",
                        "opentelemetry-context",
                        "proto-google-cloud-storage-v2",
                        "proto-google-common-protos",
                        "proto-google-iam-v1",
                        "protobuf-java",
                        "protobuf-java-util",
                        "threetenbp");
    }

    @Test
    void aClientThatSpeaksGrpcCannotBeMadeHere() {
        assertThatThrownBy(StorageOptions::grpc)
                .isInstanceOf(NoClassDefFoundError.class)
                .hasMessageContaining("com/google/api/gax/grpc");
    }

    /** An application that has gRPC on its class path can make one. */
    @Test
    void aClientThatSpeaksGrpcIsRefusedWithTheReason() {
        class GrpcTransportOptions implements TransportOptions {}

        assertThatThrownBy(() -> Connection.requireHttp(new GrpcTransportOptions()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("doesn't speak HTTP and JSON but GrpcTransportOptions")
                .hasMessageContaining("StorageOptions.http()");
    }

    /** As {@code LocalStorageHelper} of google-cloud-nio, which has no put-if-absent and no server either. */
    @Test
    void aClientWithATransportOfItsOwnIsRefusedWithTheReason() {
        StorageRpc fake = (StorageRpc) Proxy.newProxyInstance(
                StorageRpc.class.getClassLoader(),
                new Class<?>[] {StorageRpc.class},
                (proxy, method, arguments) -> null);
        StorageOptions options = StorageOptions.http()
                .setProjectId("test")
                .setCredentials(NoCredentials.getInstance())
                .setServiceRpcFactory(ignored -> fake)
                .build();

        assertThatThrownBy(() -> GcsBackend.on(answering(options), "bucket", "prefix"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("transport of its own");
    }

    @Test
    void theTransportIsTheJdksOwn() {
        Storage client = StorageOptions.http()
                .setProjectId("test")
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService();

        HttpTransport transport = Connection.of(client).requests().getTransport();

        assertThat(transport.getClass().getName()).isEqualTo("com.google.api.client.http.javanet.NetHttpTransport");
        assertThat(List.of("io.grpc.netty.NettyChannelBuilder", "org.apache.http.client.HttpClient"))
                .noneMatch(SlimClientTest::isThere);
    }

    private static boolean isThere(String className) {
        try {
            Class.forName(className, false, SlimClientTest.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** A client that is asked for nothing but its options. */
    private static Storage answering(StorageOptions options) {
        return (Storage) Proxy.newProxyInstance(
                Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("getOptions");
                    return options;
                });
    }
}
