package io.modelregistry.testkit;

import io.modelregistry.Host;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageBackendProvider;
import io.modelregistry.storage.StorageException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A store that somebody names, for running the contracts against it. Everything happens in one new folder below its location, where each
 * test has a folder of its own; {@link #clear} deletes what it may when all are done.
 *
 * <p>Thread-safe.
 */
public final class RealStore {
    private static final int THREADS = 8;
    private static final int PAGE = 1_000;

    private final String place;
    private final String settings;
    private final AtomicInteger folders = new AtomicInteger();

    private RealStore(String place, String settings) {
        this.place = place;
        this.settings = settings;
    }

    /**
     * Makes up the new folder; asks the store for nothing.
     *
     * @param location a URI whose backend is on the class path, {@code s3://bucket/scratch?region=eu-west-1}
     */
    public static RealStore below(String location) {
        int query = location.indexOf('?');
        String path = query < 0 ? location : location.substring(0, query);
        String folder = "check-" + Host.system().newId();
        return new RealStore(
                path.endsWith("/") ? path + folder : path + "/" + folder, location.substring(path.length()));
    }

    /** That of the new folder, with the settings that were named. */
    public String location() {
        return place + settings;
    }

    /** The location of a folder for one test, in the new folder. */
    public String freshFolder() {
        return folder(folders.incrementAndGet());
    }

    private String folder(int number) {
        return place + "/" + number + settings;
    }

    /** A client of what is at the location. */
    public static StorageBackend open(String location, Host host) {
        URI uri = URI.create(location);
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        return ServiceLoader.load(StorageBackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.scheme().equals(scheme))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No backend on the class path opens " + location))
                .open(uri, host);
    }

    /**
     * Deletes every object below the new folder. What the store doesn't let go stays and is told; unfinished uploads are not seen.
     *
     * @return {@code Deleted 1234 objects below s3://…}, and what is left
     */
    public String clear() throws InterruptedException {
        AtomicInteger deleted = new AtomicInteger();
        ConcurrentLinkedQueue<String> left = new ConcurrentLinkedQueue<>();
        for (int number = 1; number <= folders.get(); number++) {
            try (StorageBackend backend = open(folder(number), Host.system())) {
                clear(backend, deleted, left);
            }
        }
        String report = "Deleted " + deleted + " objects below " + place;
        return left.isEmpty() ? report : report + "; left " + left.size() + ": the first is " + left.peek();
    }

    private static void clear(StorageBackend backend, AtomicInteger deleted, ConcurrentLinkedQueue<String> left)
            throws InterruptedException {
        String position = "";
        Listing page;
        do {
            page = backend.list("", Depth.ALL, position, PAGE);
            List<String> keys = page.keys();
            AtomicInteger next = new AtomicInteger();
            Crew.run(THREADS, thread -> {
                for (int i = next.getAndIncrement(); i < keys.size(); i = next.getAndIncrement()) {
                    delete(backend, keys.get(i), deleted, left);
                }
            });
            position = keys.isEmpty() ? position : keys.get(keys.size() - 1);
        } while (page.more());
    }

    private static void delete(
            StorageBackend backend, String key, AtomicInteger deleted, ConcurrentLinkedQueue<String> left) {
        try {
            Optional<ObjectInfo> info = backend.stat(key);
            if (info.isPresent()) {
                backend.delete(key, info.get().generation());
                deleted.incrementAndGet();
            }
        } catch (StorageException | IllegalArgumentException e) { // not allowed, retained, or not a key of the grammar
            left.add(key + " in " + backend.location() + ": " + e.getMessage());
        }
    }
}
