package io.modelregistry.testkit.simulation;

import io.modelregistry.Digest;
import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.environment.Promotion;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.ForwardingBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Registration;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What stands when a schedule begins: objects that the registry itself wrote once, in peace, and that are copied into each schedule's store. A schedule can so
 * begin in the middle of things. Immutable.
 */
final class Scene {
    /** From the beginning of the clock to the beginning of a schedule. */
    static final Duration BEFORE_THE_BEGINNING = Duration.ofDays(1);

    /** Of the canary that is under way in a scene, in seconds of the clock. */
    private static final long FIRST_STEP = BEFORE_THE_BEGINNING.toSeconds() + 20;

    /** How long one operation may take. */
    static final Duration TIMEOUT = Duration.ofSeconds(4);

    static final RegistryOptions OPTIONS =
            RegistryOptions.defaults().withOperationTimeout(TIMEOUT).withCacheFolder(Path.of("simulated-cache"));

    private final Opener opener;
    private final Map<String, byte[]> objects;
    private final Ledger ledger;
    private final List<Scene> origin;
    private final List<Ledger> originals;

    private Scene(Opener opener, Map<String, byte[]> objects, Ledger ledger, List<Scene> origin) {
        this.opener = opener;
        this.objects = objects;
        this.ledger = ledger;
        this.origin = origin;
        this.originals = origin.stream().map(moment -> moment.ledger).toList();
    }

    /** All scenes: from an empty registry to one with versions in each state and environments that have served several. */
    static List<Scene> all(Opener opener) {
        List<Scene> origin = Origin.moments(opener);
        return histories(opener).stream()
                .map(scene -> new Scene(opener, scene.objects, scene.ledger, origin))
                .toList();
    }

    private static List<Scene> histories(Opener opener) {
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
                    r.model("alpha").version(1).addNote("scene" + Calls.NOTED);
                }),
                of(opener, r -> {
                    register(r, 2);
                    r.model("alpha").version(1).submit("scene");
                    r.model("alpha").version(1).approve("scene");
                    promote(r, "staging", 1);
                    promote(r, "production", 1);
                    r.model("alpha").version(2).submit("scene");
                    r.model("alpha").version(2).reject("scene");
                    r.model("alpha").archive("scene");
                }),
                of(opener, r -> {
                    register(r, 3);
                    promote(r, "production", 1);
                    promote(r, "production", 2);
                    r.model("alpha").version(2).submit("scene");
                    r.model("alpha").version(2).approve("scene");
                    r.model("alpha").version(2).deprecate("scene");
                    r.model("alpha").version(2).addNote("scene" + Calls.NOTED);
                }),
                of(opener, r -> {
                    ModelRegistry first = r.as("p1");
                    register(first, 2);
                    first.policy().set(Rules.numbered(7).policy(), "scene");
                    first.model("alpha").version(1).submit("scene");
                    first.model("alpha").version(2).submit("scene");
                    r.as("p2").model("alpha").version(1).approve("scene");
                    r.as("p2").model("alpha").version(2).approve("scene");
                    r.as("p3").model("alpha").version(2).approve("scene");
                    promote(r, "production", 2);
                }),
                of(opener, r -> {
                    ModelRegistry first = r.as("p1");
                    register(first, 2);
                    first.policy().set(Rules.numbered(2).policy(), "scene");
                    first.model("alpha").version(1).submit("scene");
                    first.model("alpha").version(2).submit("scene");
                }),
                of(opener, r -> {
                    register(r, 2);
                    promote(r, "production", 1);
                    r.model("alpha")
                            .environment("production")
                            .promote(Promotion.of(Calls.scheduled(2, FIRST_STEP), "scene"));
                }),
                of(opener, r -> {
                    register(r, 3);
                    promote(r, "production", 3);
                    r.model("alpha")
                            .environment("production")
                            .promote(Promotion.of(Calls.experiment(0, 1, 2), "scene"));
                }));
    }

    private static Scene of(Opener opener, Consumer<ModelRegistry> history) {
        return of(opener, new ManualHost(), history);
    }

    /** @param host whose identities the registry and its entries have */
    static Scene of(Opener opener, ManualHost host, Consumer<ModelRegistry> history) {
        MemoryStore store = new MemoryStore(host);
        String id;
        try (ModelRegistry registry = opener.open(store.open(), OPTIONS, host)) {
            id = registry.id();
        }
        Ledger ledger = new Ledger(id);
        Witness witness = new Witness(host, ledger);
        StreamLaws laws = new StreamLaws(ledger, List.of(), witness.blobs(), Map.of());
        witness.tell(laws::check);
        try (ModelRegistry registry = opener.open(witness.over(store.open(), "scene"), OPTIONS, host)) {
            history.accept(registry.as("scene"));
        }
        Map<String, byte[]> objects = new LinkedHashMap<>();
        store.keys().forEach(key -> objects.put(key, store.bytes(key).orElseThrow()));
        return new Scene(opener, objects, ledger, List.of());
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

    /** @param cache null for a machine that keeps nothing */
    ModelRegistry open(StorageBackend backend, Host host, @Nullable Path cache) {
        return cache == null
                ? opener.open(new Located(backend, "mem:"), OPTIONS, host)
                : opener.open(new Located(backend, "simulated:"), OPTIONS.withCacheFolder(cache), host);
    }

    /** Another registry, at each of the moments at which it is seen. */
    List<Scene> origin() {
        return origin;
    }

    /** What stands there at each of the moments. */
    List<Ledger> originals() {
        return originals;
    }

    /** What stands in the scene. No time passed in it. */
    Ledger ledger() {
        return ledger.copy();
    }

    /** Copies everything into an empty store; the keys of the blobs among it. */
    Set<String> set(StorageBackend store) {
        Set<String> blobs = new HashSet<>();
        objects.forEach((key, content) -> {
            if (key.startsWith(Paths.BLOBS)) {
                store.upload(key, source(content));
                blobs.add(key);
            } else if (key.startsWith(Paths.HINTS)) {
                store.overwrite(key, content);
            } else {
                store.create(key, content);
            }
        });
        return blobs;
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

    /** Of what is in memory nothing is kept on the disk: a schedule depends on its seed, and not on what another left behind. */
    private static final class Located extends ForwardingBackend {
        private final String location;

        Located(StorageBackend store, String location) {
            super(store);
            this.location = location;
        }

        @Override
        public String location() {
            return location;
        }
    }
}
