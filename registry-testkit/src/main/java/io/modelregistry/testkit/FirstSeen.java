package io.modelregistry.testkit;

import io.modelregistry.storage.StoredObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The first content that a client saw at each key, for small objects: what a stale cache would still give. Thread-safe. */
final class FirstSeen {
    private static final int SMALL = 4_096; // a hint has some 100 bytes; blobs must not pile up here

    private final Map<String, StoredObject> objects = new ConcurrentHashMap<>();

    void remember(String key, StoredObject object) {
        if (object.sizeBytes() <= SMALL && object.content().length == object.sizeBytes() && !objects.containsKey(key)) {
            objects.putIfAbsent(key, new StoredObject(object.content().clone(), object.sizeBytes(), object.storedAt()));
        }
    }

    Optional<StoredObject> find(String key, int limitBytes) {
        return Optional.ofNullable(objects.get(key)).map(object -> {
            byte[] content = Arrays.copyOf(object.content(), Math.min(limitBytes, object.content().length));
            Instant storedAt = object.storedAt();
            return new StoredObject(content, object.sizeBytes(), storedAt);
        });
    }
}
