package io.modelregistry.testkit.proxy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer that no server gave. It is sent with a {@code Content-Length}, to a {@code HEAD} without the body.
 *
 * @param headers further ones, by name
 */
public record CannedAnswer(int status, Map<String, String> headers, String body) {
    public CannedAnswer {
        headers = Map.copyOf(headers);
    }

    public static CannedAnswer of(int status) {
        return new CannedAnswer(status, Map.of(), "");
    }

    public static CannedAnswer of(int status, String contentType, String body) {
        return new CannedAnswer(status, Map.of("Content-Type", contentType), body);
    }

    public CannedAnswer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new CannedAnswer(status, more, body);
    }

    byte[] encoded(String method) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Canned\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(content.length).append("\r\n\r\n");
        return (method.equals("HEAD") ? head : head.append(body)).toString().getBytes(StandardCharsets.UTF_8);
    }
}
