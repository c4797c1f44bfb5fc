package io.modelregistry.store.gcs.server;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer to be sent. Its {@code Date} is the machine's: the JDK's server sets it, and nobody else can. */
final class Answer {
    /** The JDK's server makes a buffer twice as large as what it is given at once. */
    private static final int PIECE = 64 << 10;

    private final int status;
    private final byte[] body;
    private final int offset;
    private final int length;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Answer(int status, byte[] body) {
        this(status, body, 0, body.length);
    }

    private Answer(int status, byte[] body, int offset, int length) {
        this.status = status;
        this.body = body;
        this.offset = offset;
        this.length = length;
    }

    static Answer empty(int status) {
        return new Answer(status, new byte[0]);
    }

    static Answer bytes(int status, byte[] body) {
        return new Answer(status, body);
    }

    static Answer range(int status, byte[] whole, int offset, int length) {
        return new Answer(status, whole, offset, length);
    }

    static Answer json(int status, JsonObject body, String fields) {
        JsonObject selected = fields == null ? body : Fields.parse(fields).select(body);
        return new Answer(status, selected.toString().getBytes(StandardCharsets.UTF_8))
                .with("Content-Type", "application/json; charset=UTF-8")
                .with("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate");
    }

    static Answer text(int status, String body) {
        return new Answer(status, body.getBytes(StandardCharsets.UTF_8))
                .with("Content-Type", "text/html; charset=UTF-8");
    }

    Answer with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    int status() {
        return status;
    }

    static String httpDate(Instant time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
    }

    void send(HttpExchange http) throws IOException {
        http.getRequestBody().readAllBytes(); // or the connection can't be used again
        headers.forEach(http.getResponseHeaders()::set);
        http.sendResponseHeaders(status, length == 0 ? -1 : length);
        if (length > 0) {
            try (OutputStream out = http.getResponseBody()) {
                for (int sent = 0; sent < length; sent += PIECE) {
                    out.write(body, offset + sent, Math.min(PIECE, length - sent));
                }
            }
        }
    }
}
