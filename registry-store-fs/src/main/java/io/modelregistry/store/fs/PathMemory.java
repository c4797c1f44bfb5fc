package io.modelregistry.store.fs;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A set of paths that forgets everything when it grows too large: what is remembered only saves work. Thread-safe. */
final class PathMemory {
    private static final int MAX_PATHS = 10_000;

    private final Set<Path> paths = ConcurrentHashMap.newKeySet();

    boolean contains(Path path) {
        return paths.contains(path);
    }

    /** Whether it was not known before. */
    boolean add(Path path) {
        if (paths.size() >= MAX_PATHS) {
            paths.clear();
        }
        return paths.add(path);
    }

    void clear() {
        paths.clear();
    }
}
