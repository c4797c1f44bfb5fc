package io.modelregistry.store.gcs.server;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** A request as it came. */
final class Request {
    /** https://cloud.google.com/storage/docs/json_api/v1/parameters */
    private static final Set<String> EVERYWHERE = Set.of(
            "alt", "fields", "key", "prettyPrint", "quotaUser", "userProject", "projection", "uploadType", "upload_id");

    private final HttpExchange http;
    private final List<String> path = new ArrayList<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();

    Request(HttpExchange http) {
        this.http = http;
        for (String segment : http.getRequestURI().getRawPath().substring(1).split("/", -1)) {
            path.add(decode(segment));
        }
        String query = http.getRequestURI().getRawQuery();
        if (query != null) {
            for (String parameter : query.split("&", -1)) {
                int equals = parameter.indexOf('=');
                String name = equals < 0 ? parameter : parameter.substring(0, equals);
                parameters.put(decode(name), equals < 0 ? "" : decode(parameter.substring(equals + 1)));
            }
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    String method() {
        return http.getRequestMethod();
    }

    List<String> path() {
        return path;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    String parameter(String name) {
        return parameters.get(name);
    }

    Long number(String name) {
        String value = parameters.get(name);
        try {
            return value == null ? null : Long.valueOf(value);
        } catch (NumberFormatException e) {
            throw Refusal.badRequest("Invalid value for " + name + ": " + value);
        }
    }

    /** A parameter that the method doesn't know would be a mistake of the client. */
    void allow(String... known) {
        for (String name : parameters.keySet()) {
            if (!EVERYWHERE.contains(name) && !Set.of(known).contains(name)) {
                throw Refusal.badRequest("Unknown name \"" + name + "\": Cannot bind query parameter.");
            }
        }
    }

    String header(String name) {
        return http.getRequestHeaders().getFirst(name);
    }

    boolean wantsMedia() {
        return "media".equals(parameter("alt"));
    }

    boolean acceptsGzip() {
        String accepted = header("Accept-Encoding");
        return accepted != null && accepted.contains("gzip");
    }

    /** The vendor's client packs what it sends in one request, and says so. */
    InputStream body() throws IOException {
        InputStream body = http.getRequestBody();
        return "gzip".equals(header("Content-Encoding")) ? new GZIPInputStream(body) : body;
    }

    byte[] bytes() throws IOException {
        return body().readAllBytes();
    }

    /** How this server is addressed by the client. */
    String origin() {
        return "http://" + header("Host");
    }
}
