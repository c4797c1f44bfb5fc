package io.modelregistry.store.gcs;

import com.google.auth.Credentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import io.modelregistry.Host;
import io.modelregistry.store.gcs.server.Bucket;
import io.modelregistry.store.gcs.server.GcsServer;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.proxy.FaultProxy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/** A server, a proxy before it that makes requests go wrong, and clients that only know the proxy. */
final class ProxiedStore implements AutoCloseable {
    final GcsServer server = GcsServer.start();
    final FaultProxy proxy = FaultProxy.to(server.port());
    final Bucket bucket = server.bucket(GcsFixture.BUCKET);

    /** The vendor's client as it comes, with all the retries it has. */
    Storage client() {
        return GcsFixture.client(proxy.uri());
    }

    /** A client whose sockets lose patience soon: those tests wait for it. */
    Storage impatientClient() {
        return StorageOptions.http()
                .setHost(proxy.uri().toString())
                .setProjectId("test")
                .setCredentials(NoCredentials.getInstance())
                .setTransportOptions(
                        HttpTransportOptions.newBuilder().setReadTimeout(300).build())
                .build()
                .getService();
    }

    GcsBackend backend() {
        return backend(client());
    }

    GcsBackend backend(Storage client) {
        return backend(client, GcsSettings.defaults(), new ManualHost());
    }

    GcsBackend backend(Credentials credentials) {
        return backend(GcsFixture.client(proxy.uri(), credentials));
    }

    GcsBackend backend(Storage client, GcsSettings settings, Host host) {
        return GcsBackend.on(client, GcsFixture.BUCKET, GcsFixture.PREFIX, settings, host);
    }

    /** A machine whose time passes by waiting only, and whose clock is the server's. */
    static ManualHost hostAtTheServersTime() {
        ManualHost host = new ManualHost();
        host.turnWallClock(Duration.between(ManualHost.START, Instant.now()));
        return host;
    }

    /** What a plan of the proxy calls the insertions of this key, itself a regular expression. */
    static String insertionOf(String key) {
        String name = URLEncoder.encode(GcsFixture.PREFIX + "/", StandardCharsets.UTF_8) + key.replace("/", "%2F");
        return "POST .*[?&]name=" + name + "&.*";
    }

    /** What a plan calls the downloads of this key. */
    static String downloadOf(String key) {
        return "GET .*" + Pattern.quote(GcsFixture.PREFIX.replace("/", "%2F") + "%2F" + key.replace("/", "%2F"))
                + "\\?alt=media.*";
    }

    /** How many requests came to the proxy that a plan would have called so. */
    long count(String pattern) {
        return proxy.requests().stream()
                .filter(request -> request.toString().matches(pattern))
                .count();
    }

    /** The stored bytes at a key, or null. */
    byte[] stored(String key) {
        return bucket.live(GcsFixture.object(key)) == null
                ? null
                : bucket.live(GcsFixture.object(key)).content();
    }

    /** The keys of the inserted objects of one folder that stand. */
    List<String> keys(String folder) {
        return bucket.names().stream()
                .filter(name -> name.startsWith(GcsFixture.object(folder)))
                .map(name -> name.substring(GcsFixture.PREFIX.length() + 1))
                .toList();
    }

    @Override
    public void close() {
        proxy.close();
        server.close();
    }
}
