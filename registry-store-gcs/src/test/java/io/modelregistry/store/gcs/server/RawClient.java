package io.modelregistry.store.gcs.server;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Plain HTTP, so that the server is tested without a client that hides what it says. */
final class RawClient {
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI server;

    RawClient(URI server) {
        this.server = server;
    }

    /** @param headers names and values in turn */
    HttpResponse<byte[]> send(String method, String pathAndQuery, byte[] body, String... headers) {
        URI uri = pathAndQuery.startsWith("http") ? URI.create(pathAndQuery) : server.resolve(pathAndQuery);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<byte[]> get(String pathAndQuery, String... headers) {
        return send("GET", pathAndQuery, null, headers);
    }

    /** One object in one request. */
    HttpResponse<byte[]> insert(String bucket, String name, String content, String query) {
        String body = "--b\r\nContent-Type: application/json\r\n\r\n{\"name\":\"" + name + "\"}\r\n--b\r\n"
                + "Content-Type: text/plain\r\n\r\n" + content + "\r\n--b--\r\n";
        return send(
                "POST",
                "/upload/storage/v1/b/" + bucket + "/o?uploadType=multipart" + query,
                body.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "multipart/related; boundary=b");
    }

    static JsonObject json(HttpResponse<byte[]> answer) {
        return JsonParser.parseString(text(answer)).getAsJsonObject();
    }

    static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse(null);
    }
}
