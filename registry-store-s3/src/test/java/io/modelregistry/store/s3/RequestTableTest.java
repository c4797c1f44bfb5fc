package io.modelregistry.store.s3;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.store.s3.FaultyWire.Sdk;
import io.modelregistry.testkit.RequestTableContract;
import io.modelregistry.testkit.proxy.ProxiedRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/** What the registry's operations cost on the wire. */
final class RequestTableTest {

    @Nested
    final class WithTheSecondSdk extends OnTheWire {
        WithTheSecondSdk() {
            super(Sdk.V2);
        }
    }

    @Nested
    final class WithTheFirstSdk extends OnTheWire {
        WithTheFirstSdk() {
            super(Sdk.V1);
        }
    }

    @Timeout(120)
    private abstract static class OnTheWire extends RequestTableContract {
        private static final Pattern LISTING = Pattern.compile(".*\\?(?:.*&)?prefix=team/([^&]*).*");

        private final FaultyWire wire = new FaultyWire();
        private final Sdk sdk;

        OnTheWire(Sdk sdk) {
            this.sdk = sdk;
        }

        @AfterEach
        void disconnect() {
            wire.close();
        }

        @Override
        protected StorageBackend open(Host itsHost) {
            return wire.open(sdk, S3Settings.defaults(), itsHost);
        }

        @Override
        protected List<String> requests() {
            return wire.proxy.requests().stream().map(this::printed).toList();
        }

        @Override
        protected void forget() {
            wire.proxy.reset();
        }

        /** As it is where the table has no word for it. */
        private String printed(ProxiedRequest request) {
            String root = "/" + wire.bucket + "/team/";
            if (!request.path().startsWith(root)) {
                Matcher listing = LISTING.matcher(URLDecoder.decode(request.target(), StandardCharsets.UTF_8));
                return request.method().equals("GET") && listing.matches()
                        ? "list " + listing.group(1)
                        : request.toString();
            }
            String key = request.path().substring(root.length());
            return switch (request.method()) {
                case "GET" -> "read " + key;
                case "HEAD" -> "look at " + key;
                case "PUT" ->
                    (request.header("If-None-Match").equals(Optional.of("*")) ? "create " : "overwrite ") + key;
                default -> request.toString();
            };
        }
    }
}
