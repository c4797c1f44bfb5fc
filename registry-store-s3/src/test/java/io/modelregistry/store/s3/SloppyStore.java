package io.modelregistry.store.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A server that puts, gets and deletes objects as S3 does, but for the condition. It lists none. */
final class SloppyStore implements AutoCloseable {
    /** What becomes of {@code If-None-Match}. */
    enum Flaw {
        /** Nobody looks at it. */
        IGNORES_THE_CONDITION,
        /** It is looked at before the object is put, so that two requests at once both find nothing. */
        CHECKS_BEFORE_IT_PUTS
    }

    private static final String DATE = "Wed, 25 Nov 2026 12:00:00 GMT";

    private final Flaw flaw;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> together = new ConcurrentHashMap<>();

    SloppyStore(Flaw flaw) throws IOException {
        this.flaw = flaw;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        String key = exchange.getRequestURI().getPath();
        byte[] content = exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("ETag", "\"" + key.hashCode() + "\"");
        exchange.getResponseHeaders().set("Last-Modified", DATE);
        switch (exchange.getRequestMethod()) {
            case "PUT" -> answer(exchange, put(key, content) ? 200 : 412, new byte[0]);
            case "DELETE" -> {
                objects.remove(key);
                answer(exchange, 204, new byte[0]);
            }
            default -> {
                if (exchange.getRequestURI().getRawQuery() != null) {
                    answer(exchange, 200, "<ListBucketResult/>".getBytes(StandardCharsets.UTF_8));
                    return;
                }
                byte[] found = objects.get(key);
                byte[] missing = "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8);
                answer(exchange, found == null ? 404 : 200, found == null ? missing : found);
            }
        }
    }

    private boolean put(String key, byte[] content) {
        if (flaw == Flaw.CHECKS_BEFORE_IT_PUTS) {
            if (objects.containsKey(key)) {
                return false;
            }
            CountDownLatch two = together.computeIfAbsent(key, k -> new CountDownLatch(2));
            two.countDown();
            try {
                if (!two.await(30, TimeUnit.SECONDS)) {
                    throw new AssertionError("No other request came for " + key);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        objects.put(key, content);
        return true;
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
