package io.modelregistry.store.s3;

import com.amazonaws.services.s3.AmazonS3;
import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.proxy.CannedAnswer;
import io.modelregistry.testkit.proxy.FaultProxy;
import io.modelregistry.testkit.proxy.ProxiedRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket behind a {@link FaultProxy}, reached with the SDKs as applications set them up: they retry. As an extension of a test, it ends with it. */
final class FaultyWire implements AutoCloseable, AfterEachCallback {
    final FaultProxy proxy = FaultProxy.to(S3Server.shared().port());
    final String bucket = S3Server.shared().freshBucket();
    private final S3Client v2 = S3Server.client(proxy.uri());
    private final AmazonS3 v1 = S3Server.clientV1(proxy.uri());

    /** The two SDKs. */
    enum Sdk {
        V2,
        V1
    }

    StorageBackend open(Sdk sdk) {
        return open(sdk, S3Settings.defaults(), Host.system());
    }

    StorageBackend open(Sdk sdk, Duration timeout) {
        return open(sdk, S3Settings.defaults().withTimeout(timeout), Host.system());
    }

    StorageBackend open(Sdk sdk, S3Settings settings, Host host) {
        return sdk == Sdk.V2
                ? S3Backend.on(v2, bucket, "team", settings, host)
                : SdkV1.on(v1, bucket, "team", settings, host);
    }

    /** A client that no fault befalls. */
    StorageBackend undisturbed() {
        return S3Backend.on(S3Server.shared().admin(), bucket, "team", S3Settings.defaults(), Host.system());
    }

    /** What plans match: {@code PUT /bucket-7/team/models/.*}. */
    String on(String method, String key) {
        return method + " /" + bucket + "/team/" + key + "(\\?.*)?";
    }

    /** Methods and keys of what went over the wire, such as {@code PUT models/a}; listings are {@code GET ?}. */
    List<String> requests() {
        return proxy.requests().stream().map(this::brief).toList();
    }

    private String brief(ProxiedRequest request) {
        String root = "/" + bucket + "/team/";
        String what = request.path().startsWith(root) ? request.path().substring(root.length()) : "?";
        return request.method() + " " + what;
    }

    /** An answer as Amazon's. */
    static CannedAnswer error(int status, String code) {
        return CannedAnswer.of(
                status,
                "application/xml",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code
                        + "</Code><Message>by the proxy</Message>" + "<RequestId>1</RequestId></Error>");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        v2.close();
        v1.shutdown();
        proxy.close();
        S3Server.shared().drop(bucket);
    }
}
