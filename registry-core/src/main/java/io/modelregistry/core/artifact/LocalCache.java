package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.Host;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of one registry on this machine, shared by processes.
 *
 * <p>Without locks, because a lock outlives a killed process on some file systems and does nothing on others. Instead:
 * a file gets its final name by one rename or link, and only when it is whole; two processes that make the same file
 * make the same bytes, and either may win; and nothing found here is believed until it has been hashed, so that a file
 * another process has just removed, replaced or half forgotten costs a download and nothing else. What was used within
 * the last hour is not removed by others; who uses something for longer says so time and again.
 *
 * <p>Thread-safe.
 */
final class LocalCache {
    private static final Logger LOG = LoggerFactory.getLogger(LocalCache.class);

    private static final BlobReader.Sink NOWHERE = new BlobReader.Sink() {
        @Override
        public void write(byte[] bytes, int length) {}

        @Override
        public void restart() {}
    };

    /** Often enough that a late one doesn't matter: others take what was used an hour ago for unused. */
    private static final Duration BETWEEN_SIGNS = Duration.ofMinutes(20);

    /** Brings a content from elsewhere. */
    interface Fetch {
        void into(BlobReader.Sink sink) throws IOException;
    }

    private final Host host;
    private final CacheFolders folders;
    private final CacheFiles files;
    private final CacheTrim trim;
    /** How many users each artifact has in this process. */
    private final Map<String, Integer> usedHere = new ConcurrentHashMap<>();

    private Host.@Nullable Scheduled nextSign; // guarded by this
    private boolean closed; // guarded by this

    /** @param limitBytes how much may lie there; what this process has used is never removed by it */
    LocalCache(Host host, CacheLocation location, long limitBytes) {
        this.host = host;
        folders = new CacheFolders(host, location);
        files = new CacheFiles(folders);
        trim = new CacheTrim(host, folders, limitBytes, usedHere.keySet());
    }

    Path base() {
        return folders.base();
    }

    /** Keeps an artifact here until it is released as often. */
    void use(Digest manifest) {
        usedHere.merge(manifest.hex(), 1, Integer::sum);
        planSign();
    }

    private synchronized void planSign() {
        if (nextSign != null || closed) {
            return;
        }
        WeakReference<LocalCache> here = new WeakReference<>(this); // a registry that was forgotten can be collected
        try {
            nextSign = host.schedule(BETWEEN_SIGNS, () -> {
                LocalCache cache = here.get();
                if (cache != null) {
                    cache.giveSign();
                }
            });
        } catch (RuntimeException | Error e) { // no thread for it
            LOG.warn("Other processes may remove what is in use in {} an hour from now", folders.base(), e);
        }
    }

    /** Tells other processes what is in use here. */
    private void giveSign() {
        synchronized (this) {
            nextSign = null;
        }
        try {
            for (String manifest : usedHere.keySet()) {
                folders.touch(manifest);
            }
        } catch (IOException e) {
            LOG.warn("Other processes can't be told what is in use in {}, and may remove it", folders.base(), e);
        }
        if (!usedHere.isEmpty()) {
            planSign();
        }
    }

    /** From here on what is used counts as used for another hour. */
    synchronized void close() {
        closed = true;
        if (nextSign != null) {
            nextSign.cancel();
            nextSign = null;
        }
    }

    void release(Digest manifest) {
        usedHere.computeIfPresent(manifest.hex(), (hex, users) -> users == 1 ? null : users - 1);
    }

    /** Makes ready what is needed to bring an artifact here, and returns the folder of its files. */
    Path open(Digest manifest) throws IOException {
        folders.open();
        touch(manifest);
        return folders.artifact(manifest);
    }

    /** A manifest that was kept here, if it still is what its digest says. */
    Optional<byte[]> manifest(Digest digest, int limitBytes) throws IOException {
        Path file = folders.manifest(digest);
        BasicFileAttributes standing = FileContent.attributes(file);
        if (standing == null || !standing.isRegularFile() || standing.size() > limitBytes) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(limitBytes);
            return Digest.of(content).equals(digest) ? Optional.of(content) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void keepManifest(Digest digest, byte[] content) throws IOException {
        Path temp = folders.newTemp();
        try {
            try (FileSink sink = new FileSink(temp)) {
                sink.write(content, content.length);
            }
            files.seal(temp);
            CacheFolders.replace(temp, folders.manifest(digest));
        } finally {
            Files.deleteIfExists(temp);
        }
    }

    void touch(Digest manifest) throws IOException {
        folders.touch(manifest.hex());
    }

    /** Keeps the cache below its limit as far as what is in use allows. Nothing depends on it. */
    void trim() {
        try {
            trim.run();
        } catch (IOException e) {
            LOG.warn("The cache {} can't be kept below its limit", folders.base(), e);
        }
    }

    /** Where a content may lie; it proves nothing. */
    Path blob(Digest digest) {
        return folders.blob(digest);
    }

    /**
     * Puts a content into all its places if it is in one of them or among the blobs; false when it must be fetched.
     * What is in its place with other content is removed.
     */
    boolean spread(Placement content, ProgressMeter meter) throws IOException {
        List<Path> missing = new ArrayList<>();
        Path good = null;
        Object goodKey = null;
        for (Path place : places(content)) {
            BasicFileAttributes standing = FileContent.attributes(place);
            if (standing == null) {
                missing.add(place);
            } else if (!isSame(standing.fileKey(), goodKey)) {
                if (FileContent.holds(place, content, NOWHERE, meter)) {
                    good = place;
                    goodKey = standing.fileKey();
                } else {
                    LOG.warn("A file in the cache was damaged and is replaced: {}", place);
                    FileTrees.delete(place);
                    missing.add(place);
                }
            }
        }
        if (good == null) {
            return false;
        }
        for (Path place : missing) {
            files.put(good, place, content);
        }
        return true;
    }

    /** Fetches a content and puts it into all its places. */
    void fetch(Placement content, Fetch fetch) throws IOException {
        Path temp = folders.newTemp();
        try {
            try (FileSink sink = new FileSink(temp)) {
                fetch.into(sink);
            }
            files.seal(temp);
            Path blob = folders.blob(content.digest());
            CacheFolders.replace(temp, blob);
            for (Path place : content.places()) {
                files.put(blob, place, content);
            }
        } finally {
            Files.deleteIfExists(temp);
        }
    }

    private List<Path> places(Placement content) {
        List<Path> places = new ArrayList<>(content.places());
        places.add(0, folders.blob(content.digest()));
        return places;
    }

    private static boolean isSame(@Nullable Object key, @Nullable Object other) {
        return key != null && Objects.equals(key, other);
    }
}
