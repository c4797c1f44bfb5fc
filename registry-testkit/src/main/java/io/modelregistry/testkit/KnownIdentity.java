package io.modelregistry.testkit;

import io.modelregistry.ModelRegistry;
import io.modelregistry.storage.StorageBackend;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The registry that the first test of a class made. Making one proves with some hundreds of requests that its store is suitable; later tests, whose stores are
 * of the same kind, get by with a copy of its identity.
 */
final class KnownIdentity {
    private static final String KEY = "registry.json";
    private static final int MOST_BYTES = 64 << 10;
    private static final Map<Class<?>, byte[]> BY_TEST = new ConcurrentHashMap<>();

    private KnownIdentity() {}

    /**
     * Opens a test's first client.
     *
     * @param empty the test's store, which is closed afterwards
     */
    static ModelRegistry open(Class<?> test, StorageBackend empty, Supplier<ModelRegistry> client) {
        try (StorageBackend store = empty) {
            byte[] known = BY_TEST.get(test);
            if (known != null) {
                store.create(KEY, known);
                return client.get();
            }
            ModelRegistry made = client.get();
            store.get(KEY, MOST_BYTES).ifPresent(identity -> BY_TEST.put(test, identity.content()));
            return made;
        }
    }
}
