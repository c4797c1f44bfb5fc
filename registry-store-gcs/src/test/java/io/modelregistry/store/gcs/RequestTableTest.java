package io.modelregistry.store.gcs;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.RequestTableContract;
import io.modelregistry.testkit.proxy.ProxiedRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What the registry's operations cost on the wire. */
@Timeout(60)
final class RequestTableTest extends RequestTableContract {
    private static final Pattern OBJECT =
            Pattern.compile("/storage/v1/b/models/o/team/registry/([^?]*)(\\?alt=media)?.*");
    private static final Pattern INSERTION = Pattern.compile("/upload/.*[?&]name=team/registry/([^&]*)&.*");
    private static final Pattern LISTING = Pattern.compile("/storage/v1/b/models/o\\?prefix=team/registry/([^&]*)&.*");

    private final ProxiedStore store = new ProxiedStore();

    @AfterEach
    void stop() {
        store.close();
    }

    @Override
    protected StorageBackend open(Host itsHost) {
        return store.backend(store.client(), GcsSettings.defaults(), itsHost);
    }

    @Override
    protected List<String> requests() {
        return store.proxy.requests().stream().map(RequestTableTest::printed).toList();
    }

    @Override
    protected void forget() {
        store.proxy.reset();
    }

    /** As it is where the table has no word for it. */
    private static String printed(ProxiedRequest request) {
        String target = URLDecoder.decode(request.target(), StandardCharsets.UTF_8);
        Matcher object = OBJECT.matcher(target);
        Matcher insertion = INSERTION.matcher(target);
        Matcher listing = LISTING.matcher(target);
        if (request.method().equals("GET") && object.matches()) {
            return (object.group(2) == null ? "look at " : "read ") + object.group(1);
        }
        if (request.method().equals("POST") && insertion.matches()) {
            String key = insertion.group(1);
            return (target.contains("ifGenerationMatch=0") ? "create " : "overwrite ") + key;
        }
        return request.method().equals("GET") && listing.matches() ? "list " + listing.group(1) : request.toString();
    }
}
