package io.modelregistry.testkit.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelregistry.Host;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StoredObject;
import io.modelregistry.testkit.ForwardingBackend;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the faults and the store and sees what really happens there: fills the {@link Ledger}, and refuses what no client may ask of a store. Objects get
 * the simulation's time instead of the store's, so that a store whose clock can't be moved can be simulated too.
 */
final class Witness {
    private final Host clock;
    private final Ledger ledger;
    private final NoteLaws noteLaws;
    private final Set<String> blobs = new HashSet<>();
    private Consumer<LedgerEntry> listener = entry -> {};
    private long calls;

    Witness(Host clock, Ledger ledger) {
        this.clock = clock;
        this.ledger = ledger;
        this.noteLaws = new NoteLaws(ledger);
    }

    /** Who is told of each entry as it comes into being. */
    void tell(Consumer<LedgerEntry> whom) {
        listener = whom;
    }

    /** How many calls reached the store. */
    long calls() {
        return calls;
    }

    /** The keys of all blobs that stand. */
    Set<String> blobs() {
        return blobs;
    }

    /** A client of a store as one process has it. */
    StorageBackend over(StorageBackend store, String process) {
        return new Watched(store, process);
    }

    private final class Watched extends ForwardingBackend {
        private final String process;

        Watched(StorageBackend store, String process) {
            super(store);
            this.process = process;
        }

        @Override
        public CreateOutcome create(String key, byte[] content) {
            calls++;
            CreateOutcome outcome = super.create(key, content);
            if (key.startsWith(Paths.NOTES) && outcome == CreateOutcome.CREATED) {
                ledger.notes().create(key, content);
            }
            if (!Paths.isEntry(key)) {
                return outcome;
            }
            LedgerEntry standing = ledger.at(key);
            if ((outcome == CreateOutcome.EXISTS) != (standing != null)) {
                throw new Violation("store", key + " was answered " + outcome + " while there stood " + standing);
            }
            if (outcome == CreateOutcome.CREATED) {
                listener.accept(ledger.append(key, content.clone(), clock.now(), process));
            }
            return outcome;
        }

        @Override
        public Optional<StoredObject> get(String key, int limitBytes) {
            calls++;
            Optional<StoredObject> found = super.get(key, limitBytes);
            LedgerEntry standing = entry(key);
            if (!Paths.isEntry(key)) {
                return found;
            }
            if (found.isPresent() != (standing != null)
                    || (standing != null && !Arrays.equals(found.get().content(), standing.content()))) {
                throw new Violation("store", "a get of " + key + " gave something else than " + standing);
            }
            return standing == null
                    ? found
                    : Optional.of(
                            new StoredObject(found.get().content(), found.get().sizeBytes(), standing.storedAt()));
        }

        @Override
        public Optional<ObjectInfo> stat(String key) {
            calls++;
            LedgerEntry standing = entry(key);
            return super.stat(key)
                    .map(i -> standing == null
                            ? i
                            : new ObjectInfo(i.sizeBytes(), i.checksum(), standing.storedAt(), i.generation()));
        }

        @Override
        public void overwrite(String key, byte[] content) {
            calls++;
            if (!key.startsWith(Paths.HINTS)) {
                throw new Violation("I3", process + " overwrites " + key);
            }
            String stream = key.substring(Paths.HINTS.length(), key.length() - ".json".length());
            JsonNode hint = Ledger.json(key, content);
            if (!hint.path("stream").asText().equals(stream)
                    || hint.path("sequence").asLong() > ledger.count(stream)) {
                throw new Violation("hint", process + " notes what isn't there: " + new String(content, UTF_8));
            }
            super.overwrite(key, content);
        }

        @Override
        public Listing list(String prefix, Depth depth, String startAfter, int limit) {
            calls++;
            return super.list(prefix, depth, startAfter, limit);
        }

        @Override
        public CreateOutcome upload(String key, BlobSource source) {
            calls++;
            CreateOutcome outcome = super.upload(key, source);
            blobs.add(key);
            return outcome;
        }

        @Override
        public InputStream read(String key, long offset, long length) {
            calls++;
            return super.read(key, offset, length);
        }

        @Override
        public void delete(String key, Generation generation) {
            calls++;
            if (key.startsWith(Paths.NOTES)) {
                noteLaws.requireErased(process, key);
            } else if (!key.startsWith(Paths.PROBE)) {
                throw new Violation("I3", process + " deletes " + key);
            }
            super.delete(key, generation);
            if (key.startsWith(Paths.NOTES) && super.stat(key).isEmpty()) {
                ledger.notes().delete(key);
            }
        }

        @Override
        public Instant storeTime() {
            return clock.now();
        }

        private @Nullable LedgerEntry entry(String key) {
            return Paths.isEntry(key) ? ledger.at(key) : null;
        }
    }
}
