package io.modelregistry.webhooks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An endpoint on this machine: takes everything, unless the test says otherwise for the next requests. */
final class Receiver implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final Queue<Reply> next = new ConcurrentLinkedQueue<>();
    private volatile Reply otherwise = status(204);
    private HttpServer server;

    Receiver() {
        start(0);
    }

    /** What it does with a request that it has read. */
    @FunctionalInterface
    interface Reply {
        void answer(HttpExchange exchange) throws IOException;
    }

    record Request(String path, String type, String id, String timestamp, String signature, String body) {
        boolean isGenuine(String secret, Instant now) {
            try {
                return WebhookVerifier.isGenuine(
                        id, timestamp, signature, body.getBytes(StandardCharsets.UTF_8), secret, now);
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }
    }

    static Reply status(int status) {
        return exchange -> exchange.sendResponseHeaders(status, -1);
    }

    static Reply status(int status, String header, String value) {
        return exchange -> {
            exchange.getResponseHeaders().set(header, value);
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** It has the request, and nobody learns of it. */
    static Reply lost() {
        return HttpExchange::close;
    }

    Receiver then(Reply reply) {
        next.add(reply);
        return this;
    }

    void always(Reply reply) {
        otherwise = reply;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hooks/token-4711?key=4712");
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The events it was told of, in order, as {@code what subject}. */
    List<String> told() {
        return requests().stream()
                .map(request -> field(request.body(), "what") + " " + field(request.body(), "after"))
                .toList();
    }

    static String field(String body, String name) {
        String start = "\"" + name + "\":\"";
        int from = body.indexOf(start) + start.length();
        return body.substring(from, body.indexOf('"', from));
    }

    /** Nothing listens at its address. */
    void down() {
        server.stop(0);
    }

    void up() {
        start(server.getAddress().getPort());
    }

    private void start(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(
                exchange.getRequestURI().toString(),
                header(exchange, "content-type"),
                header(exchange, "webhook-id"),
                header(exchange, "webhook-timestamp"),
                header(exchange, "webhook-signature"),
                body));
        Reply reply = next.poll();
        try (exchange) {
            (reply == null ? otherwise : reply).answer(exchange);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
