package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Host;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.store.s3.FaultyWire.Sdk;
import io.modelregistry.testkit.proxy.CannedAnswer;
import io.modelregistry.testkit.proxy.ProxiedRequest;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.testkit.proxy.ProxyPlan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests and answers that the server of the other tests doesn't know: answered as Amazon documents them. */
@Timeout(120)
final class WireTest {
    private static final String KEY = "blobs/tumor/sha256/0123";
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
    private static final CannedAnswer STORED = // the first SDK compares the tag with the content's MD5
            CannedAnswer.of(200).withHeader("ETag", "\"9a0364b9e99bb480dd25e1f0284c8555\"");

    @RegisterExtension
    private final FaultyWire wire = new FaultyWire();

    private static CannedAnswer standing(String version) {
        return CannedAnswer.of(200)
                .withHeader("ETag", "\"tag\"")
                .withHeader("Last-Modified", "Wed, 25 Nov 2026 12:00:00 GMT")
                .withHeader("x-amz-version-id", version);
    }

    private ProxyPlan versions(String latest) {
        String xml = "<ListVersionsResult><Name>b</Name><IsTruncated>false</IsTruncated>"
                + version("Version", KEY, latest, true)
                + version("DeleteMarker", KEY, "marker", false)
                + version("Version", KEY, "oldest", false)
                + version("Version", KEY + "4", "stranger", true)
                + "</ListVersionsResult>";
        return ProxyPlan.everyTimeOn(
                        "GET .*[?&]versions.*", ProxyFault.answer(CannedAnswer.of(200, "application/xml", xml)))
                .then(ProxyPlan.everyTimeOn("HEAD .*", ProxyFault.answer(standing("newest"))))
                .then(ProxyPlan.everyTimeOn("DELETE .*", ProxyFault.answer(CannedAnswer.of(204))));
    }

    private static String version(String element, String key, String id, boolean latest) {
        return "<" + element + "><Key>team/" + key + "</Key><VersionId>" + id + "</VersionId><IsLatest>" + latest
                + "</IsLatest><LastModified>2026-11-25T12:00:00.000Z</LastModified></" + element + ">";
    }

    private List<String> deleted() {
        return wire.proxy.requests().stream()
                .filter(request -> request.method().equals("DELETE"))
                .map(ProxiedRequest::target)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void onAVersionedBucketEveryVersionAndMarkerOfTheKeyIsDeletedTheNewestLast(Sdk sdk) {
        wire.proxy.plan(versions("newest"));
        try (StorageBackend backend = wire.open(sdk)) {
            ObjectInfo info = backend.stat(KEY).orElseThrow();

            backend.delete(KEY, info.generation());

            assertThat(info.generation()).isEqualTo(new Generation("v:newest"));
            String target = "/" + wire.bucket + "/team/" + KEY + "?versionId=";
            assertThat(deleted()).hasSize(3);
            assertThat(deleted()).containsExactlyInAnyOrder(target + "oldest", target + "marker", target + "newest");
            assertThat(deleted().get(2)).isEqualTo(target + "newest");
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aVersionThatWasReplacedInTheMeantimeIsSpared(Sdk sdk) {
        wire.proxy.plan(versions("even-newer"));
        try (StorageBackend backend = wire.open(sdk)) {

            backend.delete(KEY, new Generation("v:newest"));
            backend.delete(KEY, new Generation("v:former"));

            assertThat(deleted()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aListingOutOfOrderIsRefused(Sdk sdk) {
        String xml =
                "<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated><Contents><Key>team/b</Key></Contents>"
                        + "<Contents><Key>team/a</Key></Contents></ListBucketResult>";
        wire.proxy.plan(
                ProxyPlan.everyTimeOn("GET .*", ProxyFault.answer(CannedAnswer.of(200, "application/xml", xml))));
        try (StorageBackend backend = wire.open(sdk)) {
            assertThatThrownBy(() -> backend.list("", Depth.ALL, "", 10))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("lists team/b before team/a");
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void settingsAreHeadersOfWrites(Sdk sdk) {
        wire.proxy.plan(ProxyPlan.everyTimeOn("PUT .*", ProxyFault.answer(STORED)));
        S3Settings encrypted = sdk == Sdk.V2
                ? S3Settings.defaults().withKmsKey("key-1")
                : S3Settings.defaults()
                        .withEncryption(S3Settings.Encryption.SSE_S3); // it refuses a KMS key without TLS
        S3Settings settings = encrypted.withBlobStorageClass("STANDARD_IA").withPayer(S3Settings.Payer.REQUESTER);
        try (StorageBackend backend = wire.open(sdk, settings, Host.system())) {

            assertThat(backend.create("models/a", CONTENT)).isEqualTo(CreateOutcome.CREATED);
            backend.upload(KEY, new BlobFaultTest.Blob(CONTENT, Integer.MAX_VALUE));
        }

        assertThat(wire.requests()).containsExactly("PUT models/a", "PUT " + KEY);
        ProxiedRequest entry = wire.proxy.requests().get(0);
        ProxiedRequest blob = wire.proxy.requests().get(1);
        for (ProxiedRequest each : wire.proxy.requests()) {
            assertThat(each.header("if-none-match")).contains("*");
            assertThat(each.header("x-amz-server-side-encryption")).contains(sdk == Sdk.V2 ? "aws:kms" : "AES256");
            assertThat(each.header("x-amz-server-side-encryption-aws-kms-key-id"))
                    .isEqualTo(sdk == Sdk.V2 ? Optional.of("key-1") : Optional.empty());
            assertThat(each.header("x-amz-request-payer")).contains("requester");
            assertThat(each.header("x-amz-checksum-sha256")).contains("7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M=");
            assertThat(each.header("x-amz-trailer")).isEmpty();
        }
        assertThat(entry.header("x-amz-storage-class")).isEmpty();
        assertThat(blob.header("x-amz-storage-class")).contains("STANDARD_IA");
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aStoreThatRejectsChecksumsGetsNone(Sdk sdk) {
        S3Settings settings = S3Settings.defaults().withChecksums(S3Settings.Checksums.NONE);
        try (StorageBackend backend = wire.open(sdk, settings, Host.system())) {

            assertThat(backend.create("models/a", CONTENT)).isEqualTo(CreateOutcome.CREATED);

            assertThat(wire.proxy.requests().get(0).header("x-amz-checksum-sha256"))
                    .isEmpty();
        }
    }
}
