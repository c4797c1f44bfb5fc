package io.modelregistry.core.offline;

import io.modelregistry.Digest;
import io.modelregistry.Host;
import io.modelregistry.IntegrityException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.core.artifact.KeptFiles;
import io.modelregistry.core.log.EntryCodec;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.storage.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this machine last knew of a registry: entries as they are stored, which verify themselves, kept in the cache folder. Read only when the store
 * doesn't answer, and never mixed with what the store said: it proves nothing about the store, and whoever can write to the folder could have made it up.
 * Thread-safe.
 */
public final class LastKnown {
    private static final Logger LOG = LoggerFactory.getLogger(LastKnown.class);
    /** A clock may be set back by so much between two processes without anything being wrong. */
    private static final Duration CLOCK_STEP = Duration.ofMinutes(1);
    /** The age of what nobody can tell the age of. */
    private static final Duration UNKNOWN_AGE = Duration.ofDays(36_500);

    private final Host host;
    private final String registry;
    private final @Nullable KeptFiles files;
    private final Set<String> keptHere = ConcurrentHashMap.newKeySet();

    private LastKnown(Host host, String registry, @Nullable KeptFiles files) {
        this.host = host;
        this.registry = registry;
        this.files = files;
    }

    /** Of a registry at a location. One in memory is gone with its process: nothing is kept of it. */
    public static LastKnown of(Host host, RegistryOptions options, String registry, String location) {
        return Locations.areKept(location)
                ? new LastKnown(host, registry, KeptFiles.of(host, options, registry))
                : none(host);
    }

    /** Keeps nothing. */
    public static LastKnown none(Host host) {
        return new LastKnown(host, "", null);
    }

    /**
     * The newest entry of a stream, as far as this machine knew.
     *
     * @param age how long ago the store confirmed it, by the wall clock
     */
    public record Newest(StoredEntry entry, Duration age) {}

    /** Keeps the newest entry of a stream in the place of the one kept before. */
    public void keepNewest(StoredEntry entry, Duration sinceConfirmed) {
        keep(entry.entry().stream().path(), entry, host.now().minus(sinceConfirmed));
    }

    public Optional<Newest> newest(StreamName stream) {
        return find(stream.path(), stream).map(found -> new Newest(found.entry, age(found)));
    }

    /** Keeps an entry that never changes, once. */
    public void keep(StoredEntry entry) {
        String key = KeyLayout.entry(entry.entry().stream(), entry.sequence());
        if (files != null && keptHere.add(key) && !keep(key, entry, host.now())) {
            keptHere.remove(key); // for want of room, say: the next time there may be some
        }
    }

    public Optional<StoredEntry> entry(StreamName stream, long sequence) {
        return find(KeyLayout.entry(stream, sequence), stream)
                .map(found -> found.entry)
                .filter(entry -> entry.sequence() == sequence);
    }

    private record Found(StoredEntry entry, Kept kept) {}

    private boolean keep(String name, StoredEntry entry, Instant confirmedAt) {
        if (files == null) {
            return false;
        }
        byte[] content = EntryCodec.encode(entry.entry());
        // what a newer release added outside of the state isn't in memory, and without it the bytes are others
        return !Digest.of(content).equals(entry.digest())
                || files.write(
                        Kept.fileName(name),
                        new Kept(name, entry.sequence(), entry.at(), confirmedAt, content).encode());
    }

    private Optional<Found> find(String name, StreamName stream) {
        return files == null
                ? Optional.empty()
                : files.read(Kept.fileName(name))
                        .flatMap(file -> Kept.decode(file, name))
                        .filter(kept -> kept.sequence() >= 1 && kept.sequence() <= KeyLayout.MAX_SEQUENCE)
                        .flatMap(kept -> verify(kept, stream));
    }

    private Optional<Found> verify(Kept kept, StreamName stream) {
        try {
            StoredObject object = new StoredObject(kept.content(), kept.content().length, kept.storedAt());
            return Optional.of(new Found(StoredEntry.read(object, registry, stream, kept.sequence()), kept));
        } catch (IntegrityException | UpgradeRequiredException e) {
            LOG.warn("What was kept of {} in the cache isn't what it should be, and isn't used", stream, e);
            return Optional.empty();
        }
    }

    /** Counted from the confirmation; when the clock went back since, from the entry itself, which is older. */
    private Duration age(Found found) {
        Instant now = host.now();
        for (Instant from : new Instant[] {found.kept.confirmedAt(), found.kept.storedAt()}) {
            Duration age = Duration.between(from, now);
            if (age.compareTo(CLOCK_STEP.negated()) >= 0) {
                return age.isNegative() ? Duration.ZERO : age.compareTo(UNKNOWN_AGE) > 0 ? UNKNOWN_AGE : age;
            }
        }
        return UNKNOWN_AGE;
    }
}
