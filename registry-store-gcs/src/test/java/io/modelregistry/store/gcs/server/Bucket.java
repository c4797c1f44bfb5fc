package io.modelregistry.store.gcs.server;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A bucket and its objects. Each request is one step. Tests may also reach in: switch features on, look, damage and change what no
 * client of the registry would. Thread-safe.
 */
public final class Bucket {
    private static final Duration WRITE_INTERVAL = Duration.ofSeconds(1);

    private final String name;
    private final InstantSource clock;
    private final NavigableMap<String, List<ObjectVersion>> objects =
            new TreeMap<>(); // by UTF-16, which for ASCII is by bytes
    private long lastGeneration;
    private boolean isVersioned;
    private boolean limitsWrites;
    private boolean requesterPays;
    private boolean packsDownloads;
    private Duration retention = Duration.ZERO;

    Bucket(String name, InstantSource clock) {
        this.name = name;
        this.clock = clock;
    }

    public String name() {
        return name;
    }

    /** Keeps what is replaced or deleted: https://cloud.google.com/storage/docs/object-versioning */
    public synchronized Bucket versioned() {
        isVersioned = true;
        return this;
    }

    /** Takes one write a second of each object, as the store may: https://cloud.google.com/storage/docs/objects#immutability */
    public synchronized Bucket oneWriteASecond() {
        limitsWrites = true;
        return this;
    }

    /** Keeps every object from being deleted or replaced for so long: https://cloud.google.com/storage/docs/bucket-lock */
    public synchronized Bucket retention(Duration duration) {
        retention = duration;
        return this;
    }

    /** https://cloud.google.com/storage/docs/requester-pays */
    public synchronized Bucket requesterPays() {
        requesterPays = true;
        return this;
    }

    /** Sends downloads packed to whoever takes gzip, as a careless proxy would. */
    public synchronized Bucket packsDownloads() {
        packsDownloads = true;
        return this;
    }

    synchronized boolean doesPackDownloads() {
        return packsDownloads;
    }

    synchronized void requirePayer(Request request) {
        if (requesterPays && request.parameter("userProject") == null) {
            throw Refusal.noPayer();
        }
    }

    /** The live object of this name, or null. */
    public synchronized ObjectVersion live(String object) {
        List<ObjectVersion> versions = objects.getOrDefault(object, List.of());
        ObjectVersion newest = versions.isEmpty() ? null : versions.get(versions.size() - 1);
        return newest == null || newest.deleted() != null ? null : newest;
    }

    /** The names of all live objects, in order. */
    public synchronized List<String> names() {
        return objects.keySet().stream().filter(object -> live(object) != null).toList();
    }

    /** Every generation of an object, oldest first. */
    public synchronized List<ObjectVersion> versions(String object) {
        return List.copyOf(objects.getOrDefault(object, List.of()));
    }

    /** All generations of all objects in the order of their names, from this one on. */
    synchronized List<ObjectVersion> from(String object) {
        return objects.tailMap(object, true).values().stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Puts an object in place as another program would, with metadata of its own. */
    public synchronized void plant(String object, byte[] content, JsonObject metadata) {
        store(ObjectVersion.unstored(name, object, content, metadata));
    }

    /** Changes the bytes behind the store's back: generation and times stay. */
    public synchronized void damage(String object, byte[] content) {
        replaceNewest(object, live(object).damaged(content));
    }

    /** Somebody changes an object's metadata. */
    public synchronized void changeMetadata(String object, String field, String value) {
        ObjectVersion version = live(object);
        JsonObject metadata = version.metadata().deepCopy();
        metadata.addProperty(field, value);
        replaceNewest(object, version.changed(metadata, clock.instant()));
    }

    /** Makes an object older than it is. */
    public synchronized void backdate(String object, Duration by) {
        ObjectVersion version = live(object);
        replaceNewest(object, version.created(version.created().minus(by)));
    }

    private void replaceNewest(String object, ObjectVersion version) {
        List<ObjectVersion> versions = objects.get(object);
        versions.set(versions.size() - 1, version);
    }

    synchronized ObjectVersion insert(ObjectVersion unstored, Preconditions preconditions, Caller caller) {
        ObjectVersion standing = live(unstored.name());
        caller.require("storage.objects.create", name, unstored.name());
        preconditions.requireOf(standing);
        if (standing != null) {
            caller.require("storage.objects.delete", name, unstored.name());
        }
        requireMutable(unstored.name(), standing);
        return store(unstored);
    }

    private ObjectVersion store(ObjectVersion unstored) {
        Instant now = clock.instant();
        lastGeneration = Math.max(lastGeneration + 1, now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000);
        ObjectVersion stored = unstored.stored(lastGeneration, now);
        takeAway(unstored.name(), now);
        objects.computeIfAbsent(unstored.name(), n -> new ArrayList<>()).add(stored);
        return stored;
    }

    synchronized void delete(String object, Long generation, Preconditions preconditions) {
        ObjectVersion version = find(object, generation);
        preconditions.requireOf(version);
        if (version == null) {
            throw Refusal.noSuchObject(name + "/" + object);
        }
        requireMutable(object, version);
        if (generation == null) {
            takeAway(object, clock.instant());
            return;
        }
        List<ObjectVersion> versions = objects.get(object);
        versions.remove(version);
        if (versions.isEmpty()) {
            objects.remove(object);
        }
    }

    /** The live object, or the generation that is named; null if there is none. */
    synchronized ObjectVersion find(String object, Long generation) {
        return generation == null
                ? live(object)
                : versions(object).stream()
                        .filter(version -> version.generation() == generation)
                        .findFirst()
                        .orElse(null);
    }

    private void takeAway(String object, Instant now) {
        ObjectVersion live = live(object);
        if (live == null) {
            return;
        }
        if (isVersioned) {
            replaceNewest(object, live.noLongerLive(now));
        } else {
            objects.remove(object);
        }
    }

    private void requireMutable(String object, ObjectVersion standing) {
        if (standing == null) {
            return;
        }
        Instant now = clock.instant();
        Instant until = standing.created().plus(retention);
        if (now.isBefore(until)) {
            throw Refusal.retained(name + "/" + object, until);
        }
        if (limitsWrites && now.isBefore(standing.updated().plus(WRITE_INTERVAL))) {
            throw Refusal.tooManyWrites(name + "/" + object);
        }
    }

    synchronized JsonObject resource() {
        JsonObject versioning = new JsonObject();
        versioning.addProperty("enabled", isVersioned);
        JsonObject resource = new JsonObject();
        resource.addProperty("kind", "storage#bucket");
        resource.addProperty("id", name);
        resource.addProperty("name", name);
        resource.addProperty("location", "US");
        resource.addProperty("storageClass", "STANDARD");
        resource.add("versioning", versioning);
        return resource;
    }
}
