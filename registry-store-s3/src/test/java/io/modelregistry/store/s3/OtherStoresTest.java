package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.RegistryProvider;
import io.modelregistry.storage.StorageBackend;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Fault 48 with stores that people do use, as they come. Takes Maven and its repository for them. S3Mock loses a race only now and then, the less the busier
 * the machine is: an examination of it may find nothing, which 1 of 50 did with eight busy processes on two processors.
 */
@Tag("proof")
@Timeout(600)
final class OtherStoresTest {
    private static final String BUCKET = "models";
    private static final int EXAMINATIONS = 5;

    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"s3mock", "local-s3"})
    void aStoreThatLetsTwoCreatesWinIsRefusedByInitialiseAndByDoctor(String name) throws Exception {
        try (OtherStore store = new OtherStore(name, scratch);
                S3Client client = S3Server.client(store.uri())) {
            client.createBucket(create -> create.bucket(BUCKET));

            int byInitialise = 0;
            for (int i = 0; i < EXAMINATIONS; i++) {
                StorageBackend fresh = open(client, "new-" + i);
                byInitialise += isRefused(() -> ModelRegistry.on(fresh, RegistryOptions.defaults(), Host.system())
                                .close())
                        ? 1
                        : 0;
            }
            putPlainly(store.uri().resolve("/" + BUCKET + "/old/registry.json"), marker());
            int byDoctor = 0;
            try (ModelRegistry registry = openStanding(open(client, "old"))) {
                for (int i = 0; i < EXAMINATIONS; i++) {
                    byDoctor += isRefused(registry::doctor) ? 1 : 0;
                }
            }

            System.out.println("proof: " + name + ": refused by initialise " + byInitialise + " and by doctor "
                    + byDoctor + " of " + EXAMINATIONS + " times");
            assertThat(byInitialise).isGreaterThan(EXAMINATIONS / 2);
            assertThat(byDoctor).isGreaterThan(EXAMINATIONS / 2);
        }
    }

    private static boolean isRefused(Runnable examination) {
        try {
            examination.run();
            return false;
        } catch (InvalidRequestException e) {
            assertThat(e).hasMessageContaining("is unsuitable for a registry: it doesn't keep put-if-absent");
            return true;
        }
    }

    private static StorageBackend open(S3Client client, String prefix) {
        return S3Backend.on(client, BUCKET, prefix, S3Settings.defaults(), Host.system());
    }

    /** LocalS3 keeps the signatures that the SDK writes between the content's bytes. */
    private static void putPlainly(URI object, byte[] content) throws IOException, InterruptedException {
        HttpRequest put = HttpRequest.newBuilder(object)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(put, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
    }

    /** That of a registry which was made where it could be, and then moved. */
    private static byte[] marker() {
        String bucket = S3Server.shared().freshBucket();
        S3Client client = S3Server.shared().admin();
        ModelRegistry.on(
                        S3Backend.on(client, bucket, "", S3Settings.defaults(), Host.system()),
                        RegistryOptions.defaults(),
                        Host.system())
                .close();
        return client.getObjectAsBytes(get -> get.bucket(bucket).key("registry.json"))
                .asByteArray();
    }

    private static ModelRegistry openStanding(StorageBackend backend) {
        return ServiceLoader.load(RegistryProvider.class)
                .findFirst()
                .orElseThrow()
                .open(backend, RegistryOptions.defaults(), Host.system(), RegistryProvider.Mode.OPEN);
    }
}
