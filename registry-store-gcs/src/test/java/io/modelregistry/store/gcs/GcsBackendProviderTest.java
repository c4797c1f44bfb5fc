package io.modelregistry.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageBackendProvider;
import io.modelregistry.store.gcs.GcsSettings.CredentialSource;
import io.modelregistry.version.Registration;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GcsBackendProviderTest {
    @TempDir
    Path cache;

    private final ProxiedStore store = new ProxiedStore();

    @AfterEach
    void close() {
        store.close();
    }

    private static StorageBackend open(String location) {
        StorageBackendProvider provider = ServiceLoader.load(StorageBackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(each -> each.scheme().equals("gs"))
                .findFirst()
                .orElseThrow();
        return provider.open(URI.create(location), Host.system());
    }

    @ParameterizedTest
    @CsvSource({
        "gs://models, gs://models",
        "gs://models/, gs://models",
        "GS://models/team/registry, gs://models/team/registry",
        "gs://models/team/registry/, gs://models/team/registry",
        "gs://my_models.example.com/a, gs://my_models.example.com/a"
    })
    void aLocationNamesBucketAndPrefix(String location, String printed) {
        try (StorageBackend backend = open(location + "?credentials=none&endpoint=" + store.proxy.uri())) {
            assertThat(backend.location()).isEqualTo(printed);
        }
        assertThat(store.proxy.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gs:models",
                "gs:/models",
                "s3://models/a",
                "gs://Models/a",
                "gs://m/a",
                "gs://user@models/a",
                "gs://models/a#b",
                "gs://models/a//b",
                "gs://models/../b",
                "gs://models/a%2Fb",
                "gs://models/.hidden",
                "gs://models/a?unheard=of",
                "gs://models/a?credentials=mine",
                "gs://models/a?user-project=",
                "gs://models/a?kms-key=a&kms-key=b",
                "gs://models/a?timeout-seconds=soon",
                "gs://models/Team",
                "gs://models/a?endpoint=ftp://host",
                "gs://models/a?endpoint=nowhere"
            })
    void whatIsNoLocationIsRefusedWithAnExample(String location) {
        assertThatThrownBy(() -> open(location))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotBlank();
    }

    @Test
    void aSecretInALocationIsNotRepeated() {
        assertThatThrownBy(() -> open("gs://user:secret@models/a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("credentials")
                .hasMessageNotContaining("secret");
    }

    @Test
    void settingsFollowTheLocationAsAQuery() {
        GcsLocation location = GcsLocation.parse(
                URI.create(
                        "gs://models/a?endpoint=http://localhost:1&credentials=none"
                                + "&user-project=p&kms-key=projects%2Fp%2Fk&blob-storage-class=NEARLINE&chunk-mib=16&parallelism=7&timeout-seconds=5"));

        assertThat(location.settings())
                .isEqualTo(GcsSettings.defaults()
                        .withEndpoint(URI.create("http://localhost:1"))
                        .withCredentials(CredentialSource.NONE)
                        .withUserProject("p")
                        .withKmsKey("projects/p/k")
                        .withBlobStorageClass("NEARLINE")
                        .withChunkBytes(16 << 20)
                        .withParallelism(7)
                        .withTimeout(Duration.ofSeconds(5)));
    }

    @Test
    void aPrefixThatLeavesNoRoomForKeysIsRefused() {
        assertThatThrownBy(() -> open("gs://models/" + "a".repeat(121)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("up to 120 characters");
    }

    @Test
    void aRegistryIsMadeAndOpenedByItsLocation() {
        String location = "gs://models/team/registry?credentials=none&endpoint=" + store.proxy.uri();
        RegistryOptions options = RegistryOptions.defaults().withCacheFolder(cache);

        try (ModelRegistry registry =
                ModelRegistry.initialise(location, options).as("ada")) {
            registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {1}));
        }

        try (ModelRegistry registry = ModelRegistry.open(location, options)) {
            assertThat(registry.location()).isEqualTo("gs://models/team/registry");
            assertThat(registry.model("tumor").latest()).isPresent();
        }
        assertThat(store.keys("versions/")).containsExactly("versions/tumor/0000000001.json");
    }

    @Test
    void settingsAreWhatTheyWereSetTo() {
        GcsSettings settings = GcsSettings.defaults()
                .withEndpoint(URI.create("https://storage.example.com"))
                .withCredentials(CredentialSource.NONE)
                .withUserProject("p")
                .withKmsKey("k")
                .withBlobStorageClass("NEARLINE")
                .withChunkBytes(1 << 20)
                .withParallelism(3)
                .withTimeout(Duration.ofSeconds(7));

        assertThat(settings)
                .isEqualTo(new GcsSettings(
                        URI.create("https://storage.example.com"),
                        CredentialSource.NONE,
                        "p",
                        "k",
                        "NEARLINE",
                        1 << 20,
                        3,
                        Duration.ofSeconds(7)));
        assertThatThrownBy(() -> GcsBackend.on(store.client(), "models", "", settings, Host.system()))
                .hasMessageContaining("Endpoint and credentials are the client's");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1, (256 << 10) + 1, Integer.MIN_VALUE})
    void chunksAreMultiplesOf256Kib(int bytes) {
        assertThatThrownBy(() -> GcsSettings.defaults().withChunkBytes(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiple of 262144");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 33})
    void upTo32RangesAreFetchedAtOnce(int parallelism) {
        assertThatThrownBy(() -> GcsSettings.defaults().withParallelism(parallelism))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parallelism is " + parallelism + ", and must be from 1 to 32");
    }

    @Test
    void aTimeoutIsPositive() {
        assertThatThrownBy(() -> GcsSettings.defaults().withTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be positive");
    }
}
