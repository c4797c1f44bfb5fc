package io.modelregistry.core.preview;

import io.modelregistry.Host;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.Checksum;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A store as it would be after changes: reads go to the store below, writes stay in memory, and blobs are checked and forgotten. Closing it leaves the store
 * below open. Thread-safe.
 */
public final class OverlayBackend implements StorageBackend {
    private final StorageBackend below;
    private final StorageBackend above;
    private final Map<String, ObjectInfo> blobs = new ConcurrentHashMap<>();
    private final Set<String> deleted = ConcurrentHashMap.newKeySet();
    private final List<String> created = new CopyOnWriteArrayList<>();

    public OverlayBackend(StorageBackend below, Host host) {
        this.below = below;
        this.above = new MemoryStore(host).open();
    }

    /** The keys that {@link #create} made here, oldest first. */
    public List<String> created() {
        return List.copyOf(created);
    }

    @Override
    public String location() {
        return below.location();
    }

    @Override
    public CreateOutcome create(String key, byte[] content) {
        if (stands(key) || above.create(key, content) == CreateOutcome.EXISTS) {
            return CreateOutcome.EXISTS;
        }
        created.add(key);
        return CreateOutcome.CREATED;
    }

    @Override
    public Optional<StoredObject> get(String key, int limitBytes) {
        Optional<StoredObject> here = above.get(key, limitBytes);
        return here.isPresent() || deleted.contains(key) ? here : below.get(key, limitBytes);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        ObjectInfo blob = blobs.get(key);
        Optional<ObjectInfo> here = blob == null ? above.stat(key) : Optional.of(blob);
        return here.isPresent() || deleted.contains(key) ? here : below.stat(key);
    }

    @Override
    public void overwrite(String key, byte[] content) {
        above.overwrite(key, content);
    }

    @Override
    public Listing list(String prefix, Depth depth, String startAfter, int limit) {
        String after = startAfter;
        while (true) {
            Listing under = below.list(prefix, depth, after, limit);
            Listing over = above.list(prefix, depth, after, limit);
            SortedSet<String> keys = new TreeSet<>(under.keys());
            keys.removeAll(deleted);
            keys.addAll(over.keys());
            for (Listing page : List.of(under, over)) {
                if (page.more()) {
                    // what the other page has beyond this one comes after keys that nobody has listed yet
                    String last = page.keys().get(page.keys().size() - 1);
                    keys.removeIf(key -> key.compareTo(last) > 0);
                    after = last;
                }
            }
            boolean more = under.more() || over.more();
            if (keys.isEmpty() && more) {
                continue; // all of this page were deleted here
            }
            List<String> found = new ArrayList<>(keys);
            return found.size() <= limit ? new Listing(found, more) : new Listing(found.subList(0, limit), true);
        }
    }

    @Override
    public CreateOutcome upload(String key, BlobSource source) {
        if (stands(key)) {
            return CreateOutcome.EXISTS;
        }
        try (InputStream in = source.open()) {
            in.transferTo(
                    OutputStream
                            .nullOutputStream()); // the source checks at its end that it is what it was announced to be
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Checksum checksum = new Checksum(Checksum.Algorithm.SHA256, source.sha256());
        blobs.put(key, new ObjectInfo(source.sizeBytes(), checksum, below.storeTime(), new Generation("preview")));
        return CreateOutcome.CREATED;
    }

    @Override
    public InputStream read(String key, long offset, long length) {
        if (blobs.containsKey(key)) {
            throw new StorageException(
                    StorageException.Kind.UNSUITABLE,
                    "The bytes of " + key + " were only previewed: a preview keeps no files");
        }
        boolean here = above.stat(key).isPresent();
        return here || deleted.contains(key) ? above.read(key, offset, length) : below.read(key, offset, length);
    }

    @Override
    public void delete(String key, Generation generation) {
        Optional<ObjectInfo> standing = stat(key);
        if (standing.isPresent() && standing.get().generation().equals(generation)) {
            blobs.remove(key);
            above.delete(key, generation);
            deleted.add(key);
        }
    }

    @Override
    public Instant storeTime() {
        return below.storeTime();
    }

    /** What was tried is still to be told. */
    @Override
    public void close() {}

    private boolean stands(String key) {
        return stat(key).isPresent();
    }
}
