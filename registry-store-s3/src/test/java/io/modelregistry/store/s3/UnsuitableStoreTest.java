package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Host;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.store.s3.SloppyStore.Flaw;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.S3Client;

/** Fault 48: stores on which two writers would overwrite each other. */
@Timeout(120)
final class UnsuitableStoreTest {

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void aStoreThatLetsTwoCreatesWinIsRefusedWithTheReason(Flaw flaw) throws Exception {
        try (SloppyStore store = new SloppyStore(flaw);
                S3Client client = S3Server.client(store.uri());
                StorageBackend backend = S3Backend.on(client, "models", "", S3Settings.defaults(), Host.system())) {

            assertThatThrownBy(() -> ModelRegistry.on(backend, RegistryOptions.defaults(), Host.system()))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("s3://models is unsuitable for a registry: it doesn't keep put-if-absent")
                    .hasMessageContaining("concurrent creates of one key were told that they won");
        }
    }

    @Test
    void anApplicationsClientOfGooglesEndpointIsRefused() {
        URI google = URI.create("https://storage.googleapis.com");
        try (S3Client client = S3Server.client(google)) {
            assertThatThrownBy(() -> S3Backend.on(client, "models", ""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ignores If-None-Match");
        }
        assertThatThrownBy(() -> SdkV1.on(S3Server.clientV1(google), "models", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ignores If-None-Match");
    }
}
