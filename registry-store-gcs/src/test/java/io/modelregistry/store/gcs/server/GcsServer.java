package io.modelregistry.store.gcs.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The server: buckets, a log of requests, and who may do what. Linearizable for each bucket, as the store is for each object:
 * https://cloud.google.com/storage/docs/consistency. Thread-safe.
 */
public final class GcsServer implements AutoCloseable {
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();
    private final ResumableUploads resumable = new ResumableUploads();
    private final RequestLog log = new RequestLog();
    private final InstantSource clock;
    private volatile Permissions permissions = Permissions.EVERYTHING_FOR_EVERYBODY;

    private GcsServer(InstantSource clock) {
        this.clock = clock;
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    /** A server without buckets on a free port of the loopback address. */
    public static GcsServer start() {
        return start(InstantSource.system());
    }

    /** As {@link #start()}, with another clock for what it stores. */
    public static GcsServer start(InstantSource clock) {
        return new GcsServer(clock);
    }

    public URI uri() {
        return URI.create("http://" + http.getAddress().getAddress().getHostAddress() + ":" + port());
    }

    public int port() {
        return http.getAddress().getPort();
    }

    /** The bucket of this name, which is made if there is none. */
    public Bucket bucket(String name) {
        return buckets.computeIfAbsent(name, n -> new Bucket(n, clock));
    }

    public RequestLog log() {
        return log;
    }

    /** From now on callers may do what these say. */
    public void setPermissions(Permissions value) {
        permissions = value;
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange http) {
        Request request = new Request(http);
        try {
            Answer answer;
            try {
                answer = answer(request);
            } catch (Refusal e) {
                answer = e.answer(request.wantsMedia());
            }
            log.add(request, answer.status());
            answer.send(http);
        } catch (IOException e) {
            // the client has gone
        } finally {
            http.close();
        }
    }

    private Answer answer(Request request) throws IOException {
        List<String> path = request.path();
        boolean isUpload = path.get(0).equals("upload");
        List<String> rest = isUpload || path.get(0).equals("download") ? path.subList(1, path.size()) : path;
        if (rest.size() < 4 || !rest.subList(0, 3).equals(List.of("storage", "v1", "b"))) {
            throw Refusal.notFound("Not Found");
        }
        Bucket bucket = buckets.get(rest.get(3));
        if (bucket == null) {
            throw Refusal.notFound("The specified bucket does not exist.");
        }
        Caller caller = permissions.caller(request.header("Authorization"));
        bucket.requirePayer(request);
        String route = request.method() + " " + String.join("/", rest.subList(4, Math.min(rest.size(), 5)))
                + (rest.size() == 6 ? "/x" : "");
        if (isUpload) {
            return upload(request, route, bucket, caller);
        }
        return switch (route) {
            case "GET " -> {
                caller.requireOnBucket("storage.buckets.get", bucket.name());
                yield Answer.json(200, bucket.resource(), request.parameter("fields"));
            }
            case "GET o" -> Listings.list(request, bucket, caller);
            case "GET o/x" -> Downloads.get(request, bucket, rest.get(5), caller);
            case "DELETE o/x" -> {
                request.allow("generation", "ifGenerationMatch", "ifGenerationNotMatch", "ifMetagenerationMatch");
                caller.require("storage.objects.delete", bucket.name(), rest.get(5));
                bucket.delete(rest.get(5), request.number("generation"), Preconditions.of(request));
                yield Answer.empty(204);
            }
            default -> throw Refusal.notFound("Not Found");
        };
    }

    private Answer upload(Request request, String route, Bucket bucket, Caller caller) throws IOException {
        return switch (route) {
            case "POST o" ->
                switch (String.valueOf(request.parameter("uploadType"))) {
                    case "media", "multipart" -> Inserts.insert(request, bucket, caller);
                    case "resumable" -> resumable.begin(request, bucket, caller);
                    default -> throw Refusal.badRequest("Invalid uploadType");
                };
            case "PUT o" -> resumable.put(request, bucket);
            case "DELETE o" -> resumable.cancel(request);
            default -> throw Refusal.notFound("Not Found");
        };
    }
}
