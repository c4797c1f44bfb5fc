package io.modelregistry.testkit.proxy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it came off the wire.
 *
 * @param number from 1, in the order in which their heads were read, over all connections
 * @param target path and query as they were sent, percent-encoded
 * @param headers by lower-case name
 */
public record ProxiedRequest(long number, String method, String target, Map<String, List<String>> headers) {
    public ProxiedRequest {
        headers = Map.copyOf(headers);
    }

    /** The target without its query. */
    public String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    /** The first value of a header, whatever the case of its name. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    /** {@code PUT /bucket/key?partNumber=1}. */
    @Override
    public String toString() {
        return method + " " + target;
    }
}
