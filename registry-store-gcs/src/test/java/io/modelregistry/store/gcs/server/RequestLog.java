package io.modelregistry.store.gcs.server;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The requests that arrived, in the order in which they were answered. Thread-safe. */
public final class RequestLog {
    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private volatile boolean keeps = true;

    /**
     * One request.
     *
     * @param path after {@code /storage/v1}, decoded: {@code /b/bucket/o/name}
     */
    public record Entry(String method, String path, Map<String, String> parameters, String authorization, int status) {}

    void add(Request request, int status) {
        if (keeps) {
            entries.add(new Entry(
                    request.method(),
                    "/" + String.join("/", request.path()),
                    Map.copyOf(request.parameters()),
                    request.header("Authorization"),
                    status));
        }
    }

    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    public void clear() {
        entries.clear();
    }

    /** Keeps nothing any more: a race of thousands of requests would be slowed down. */
    public void stop() {
        keeps = false;
    }
}
