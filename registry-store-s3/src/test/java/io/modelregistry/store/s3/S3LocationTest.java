package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Host;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.storage.StorageBackend;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3LocationTest {
    @ParameterizedTest
    @CsvSource({
        "s3://models, models, ''",
        "s3://models/, models, ''",
        "S3://models/team, models, team",
        "s3://models/team/a.b_c-d/, models, team/a.b_c-d",
        "s3://my_old.Bucket/x, my_old.Bucket, x"
    })
    void aLocationIsABucketAndAPrefix(String uri, String bucket, String prefix) {
        S3Location location = S3Location.parse(URI.create(uri));

        assertThat(location.bucket()).isEqualTo(bucket);
        assertThat(location.prefix()).isEqualTo(prefix);
        assertThat(location.settings()).isEqualTo(S3Settings.defaults());
    }

    @Test
    void everySettingCanBeNamedInALocation() {
        S3Location location = S3Location.parse(
                URI.create(
                        "s3://models/team?region=eu-west-1&endpoint=https://minio.example.com:9000"
                                + "&path-style=true&profile=research&encryption=sse-kms&kms-key=arn:aws:kms:eu-west-1:1:key/2"
                                + "&blob-storage-class=STANDARD_IA&requester-pays=true&checksums=none&part-mib=16&parallelism=8&timeout-seconds=30"));

        assertThat(location.uri()).isEqualTo("s3://models/team");
        assertThat(location.root()).isEqualTo("team/");
        assertThat(location.settings())
                .isEqualTo(new S3Settings(
                        "eu-west-1",
                        URI.create("https://minio.example.com:9000"),
                        S3Settings.Addressing.PATH,
                        "research",
                        S3Settings.Encryption.SSE_KMS,
                        "arn:aws:kms:eu-west-1:1:key/2",
                        "STANDARD_IA",
                        S3Settings.Payer.REQUESTER,
                        S3Settings.Checksums.NONE,
                        16 << 20,
                        8,
                        Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3:models|looks like s3://bucket/prefix",
                "s3:///team|looks like s3://bucket/prefix",
                "gs://models/team|looks like s3://bucket/prefix",
                "s3://a|Not a bucket's name",
                "s3://models/Team|Not a prefix",
                "s3://models/a//b|Not a prefix",
                "s3://models/../b|Not a prefix",
                "s3://models/team#x|has no fragment",
                "s3://models--use1-az4--x-s3/team|directory bucket",
                "s3://models?regoin=x|No setting of an S3 location is called regoin",
                "s3://models?region|name=value",
                "s3://models?region=|name=value",
                "s3://models?region=a&region=b|region twice",
                "s3://models?path-style=yes|it takes true, false",
                "s3://models?encryption=rot13|it takes sse-s3, sse-kms",
                "s3://models?encryption=sse-s3&kms-key=k&encryption=sse-s3|encryption twice",
                "s3://models?checksums=md5|it takes sent, none",
                "s3://models?part-mib=1|partBytes is 1048576",
                "s3://models?parallelism=99|parallelism is 99",
                "s3://models?timeout-seconds=0|timeout is PT0S",
                "s3://models?timeout-seconds=soon|whole numbers",
                "s3://models?endpoint=minio|Not an endpoint",
                "s3://models?endpoint=https://storage.googleapis.com|ignores If-None-Match",
                "s3://models?endpoint=https://models.storage.googleapis.com|ignores If-None-Match"
            })
    void whatIsNoLocationIsRefusedWithTheReason(String uri, String reason) {
        assertThatThrownBy(() -> S3Location.parse(URI.create(uri)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void credentialsInALocationAreRefusedAndNotRepeated() {
        assertThatThrownBy(() -> S3Location.parse(URI.create("s3://key:secret@models/team")))
                .hasMessageContaining("No credentials belong into a location")
                .hasMessageNotContaining("secret");
    }

    @Test
    void theSchemeIsFoundOnTheClassPathAndItsRefusalsAreTheRegistrys() {
        assertThatThrownBy(() -> ModelRegistry.open("s3://models?endpoint=https://storage.googleapis.com"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("gs://bucket/prefix");
    }

    @Test
    void openingAsksNothing() {
        URI unreachable = URI.create("s3://models/team?endpoint=http://127.0.0.1:9&path-style=true");

        try (StorageBackend backend = new S3BackendProvider().open(unreachable, Host.system())) {
            assertThat(backend.location()).isEqualTo("s3://models/team");
        }
    }
}
