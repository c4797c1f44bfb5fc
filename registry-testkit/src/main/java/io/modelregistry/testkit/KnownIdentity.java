package io.modelregistry.testkit;

import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StoredObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The registry that the first test of a class made. Making one proves with some hundreds of requests that its store is suitable; later tests, whose stores are
 * of the same kind, get by with a copy of its identity.
 */
final class KnownIdentity {
    private static final String KEY = "registry.json";
    private static final int MOST_BYTES = 64 << 10;
    private static final Map<Class<?>, byte[]> BY_TEST = new ConcurrentHashMap<>();

    private KnownIdentity() {}

    /** Puts it into an empty store, if it is known. */
    static void bring(Class<?> test, StorageBackend store) {
        byte[] known = BY_TEST.get(test);
        if (known != null) {
            store.create(KEY, known);
        }
    }

    /** Remembers the one that stands in a store. */
    static void keep(Class<?> test, StorageBackend store) {
        BY_TEST.computeIfAbsent(
                test, t -> store.get(KEY, MOST_BYTES).map(StoredObject::content).orElse(null));
    }
}
