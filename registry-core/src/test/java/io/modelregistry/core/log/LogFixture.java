package io.modelregistry.core.log;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.RequestId;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.CountingBackend;
import io.modelregistry.testkit.ManualHost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store in memory that streams are written to, read from and tampered with, by any number of clients. */
final class LogFixture {
    static final String REGISTRY = "00000000000000000000000000000001";
    static final StreamName VERSIONS = new StreamName("versions/fraud-detector");
    static final StreamName REVIEWS = new StreamName("reviews/fraud-detector/0000000001");

    final ManualHost host = new ManualHost();
    final MemoryStore store = new MemoryStore(host);
    private final Streams writer = client();

    /** A process that knows nothing yet. */
    Streams client() {
        return client(store.open());
    }

    Streams client(StorageBackend backend) {
        return client(backend, REGISTRY);
    }

    Streams client(StorageBackend backend, String registry) {
        return new Streams(new Store(backend, host, Duration.ofSeconds(60)), registry, "test");
    }

    /** A process whose requests are counted. */
    Counted counted() {
        CountingBackend backend = new CountingBackend(store.open());
        return new Counted(client(backend), backend);
    }

    record Counted(Streams streams, CountingBackend backend) {}

    /** Writes entries, each with its number in its state. */
    void write(StreamName stream, int entries) {
        for (int i = 0; i < entries; i++) {
            append(writer, stream);
        }
    }

    /** As {@link #write}, without a writer: thousands of entries at once. */
    void plant(StreamName stream, long first, long last) {
        Entry entry = null;
        byte[] before = null;
        for (long sequence = first; sequence <= last; sequence++) {
            entry = next(stream, sequence, before);
            before = EntryCodec.encode(entry);
            store.put(KeyLayout.entry(stream, sequence), before);
        }
    }

    private Entry next(StreamName stream, long sequence, byte @Nullable [] before) {
        Digest digest = before == null ? new Digest("0".repeat(64)) : Digest.of(before);
        return new Entry(
                REGISTRY,
                stream,
                "c1",
                sequence,
                sequence == 1 ? null : new Entry.Previous(digest, host.now()),
                "c" + sequence,
                null,
                host.now(),
                Actor.of("ada"),
                "",
                Map.of(),
                Json.object().put("type", "test").build(),
                state(sequence),
                List.of(),
                List.of(),
                "test");
    }

    /** A first entry that carries a state. */
    static Entry entry(StreamName stream, Json.Obj state) {
        return new Entry(
                REGISTRY,
                stream,
                "c1",
                1,
                null,
                "c1",
                null,
                ManualHost.START,
                Actor.of("ada"),
                "",
                Map.of(),
                Json.object().put("type", "test").build(),
                state,
                List.of(),
                List.of(),
                "test");
    }

    static Tip append(Streams streams, StreamName stream) {
        return append(streams, stream, Map.of());
    }

    static Tip append(Streams streams, StreamName stream, Map<String, Long> seen) {
        return streams.log(stream)
                .append(
                        operation(null),
                        List.of(),
                        tip -> Optional.of(new Draft(state(tip.sequence() + 1), new TreeMap<>(seen))));
    }

    static Operation operation(@Nullable RequestId request) {
        return new Operation(Json.object().put("type", "test").build(), Actor.of("ada"), "", request);
    }

    static Json.Obj state(long number) {
        return Json.object().put("number", number).build();
    }

    byte[] bytes(StreamName stream, long sequence) {
        return store.bytes(KeyLayout.entry(stream, sequence)).orElseThrow();
    }

    void hint(StreamName stream, String content) {
        store.put(KeyLayout.hint(stream), content.getBytes(StandardCharsets.UTF_8));
    }

    static String hint(StreamName stream, long sequence) {
        return new String(
                JsonFormat.write(Json.object()
                        .put("format", 1)
                        .put("stream", stream.path())
                        .put("sequence", sequence)
                        .build()),
                StandardCharsets.UTF_8);
    }
}
