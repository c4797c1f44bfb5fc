package io.modelregistry.testkit.simulation;

import io.modelregistry.Digest;
import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.ForwardingBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Registration;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What stands when a schedule begins: objects that the registry itself wrote once, in peace, and that are copied into each schedule's store. A schedule can so
 * begin in the middle of things. Immutable.
 */
final class Scene {
    /** How long one operation may take. */
    static final Duration TIMEOUT = Duration.ofSeconds(4);

    private static final RegistryOptions OPTIONS =
            RegistryOptions.defaults().withOperationTimeout(TIMEOUT).withCacheFolder(Path.of("simulated-cache"));

    private final Opener opener;
    private final String registry;
    private final List<Piece> objects;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Piece(String key, byte[] content) {}

    private Scene(Opener opener, String registry, List<Piece> objects) {
        this.opener = opener;
        this.registry = registry;
        this.objects = objects;
    }

    /** All scenes: from an empty registry to one with versions in each state and environments that have served several. */
    static List<Scene> all(Opener opener) {
        return List.of(
                of(opener, r -> {}),
                of(opener, r -> register(r, 1)),
                of(opener, r -> {
                    register(r, 2);
                    promote(r, "production", 1);
                }),
                of(opener, r -> {
                    register(r, 2);
                    promote(r, "production", 1);
                    promote(r, "production", 2);
                    r.model("alpha").version(1).submit("scene");
                }),
                of(opener, r -> {
                    register(r, 2);
                    r.model("alpha").version(1).submit("scene");
                    r.model("alpha").version(1).approve("scene");
                    promote(r, "staging", 1);
                    promote(r, "production", 1);
                    r.model("alpha").version(2).submit("scene");
                    r.model("alpha").version(2).reject("scene");
                }),
                of(opener, r -> {
                    register(r, 3);
                    promote(r, "production", 1);
                    promote(r, "production", 2);
                    r.model("alpha").version(2).submit("scene");
                    r.model("alpha").version(2).approve("scene");
                    r.model("alpha").version(2).deprecate("scene");
                }));
    }

    private static Scene of(Opener opener, Consumer<ModelRegistry> history) {
        ManualHost host = new ManualHost();
        MemoryStore store = new MemoryStore(host);
        String id;
        List<String> order = new ArrayList<>();
        try (ModelRegistry registry = opener.open(new Ordered(store.open(), order), OPTIONS, host)) {
            id = registry.id();
            history.accept(registry.as("scene"));
        }
        return new Scene(
                opener,
                id,
                order.stream()
                        .distinct()
                        .filter(store.keys()::contains)
                        .map(key -> new Piece(key, store.bytes(key).orElseThrow()))
                        .toList());
    }

    /** Notes the order in which objects come to stand. */
    private static final class Ordered extends ForwardingBackend {
        private final List<String> order;

        Ordered(StorageBackend store, List<String> order) {
            super(store);
            this.order = order;
        }

        @Override
        public CreateOutcome create(String key, byte[] content) {
            order.add(key);
            return super.create(key, content);
        }

        @Override
        public CreateOutcome upload(String key, BlobSource source) {
            order.add(key);
            return super.upload(key, source);
        }

        @Override
        public void overwrite(String key, byte[] content) {
            order.add(key);
            super.overwrite(key, content);
        }
    }

    private static void register(ModelRegistry registry, int versions) {
        for (int i = 0; i < versions; i++) {
            registry.model("alpha")
                    .register(Registration.empty()
                            .file("model.bin", new byte[] {(byte) i})
                            .reason("scene"));
        }
    }

    private static void promote(ModelRegistry registry, String environment, long version) {
        registry.model("alpha").environment(environment).promote(version, "scene");
    }

    String registry() {
        return registry;
    }

    ModelRegistry open(StorageBackend backend, Host host) {
        return opener.open(backend, OPTIONS, host);
    }

    /** Copies everything into an empty store, under the witness's eyes. No time passed in the scene, and none passes here. */
    void set(StorageBackend store, Witness witness) {
        StorageBackend watched = witness.over(store, "scene");
        for (Piece piece : objects) {
            if (piece.key().startsWith(Paths.BLOBS)) {
                watched.upload(piece.key(), source(piece.content()));
            } else if (piece.key().startsWith(Paths.HINTS)) {
                watched.overwrite(piece.key(), piece.content());
            } else {
                watched.create(piece.key(), piece.content());
            }
        }
    }

    private static BlobSource source(byte[] content) {
        return new BlobSource() {
            @Override
            public long sizeBytes() {
                return content.length;
            }

            @Override
            public String sha256() {
                return Digest.of(content).hex();
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(content);
            }
        };
    }
}
