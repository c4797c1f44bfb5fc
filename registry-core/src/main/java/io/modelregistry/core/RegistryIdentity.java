package io.modelregistry.core;

import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.NotFoundException;
import io.modelregistry.RegistryProvider.Mode;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.EntryCodec;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.core.log.Store;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.StoredObject;
import java.util.List;
import java.util.Optional;

/** {@code registry.json}: the id of a registry and the format it is kept in. Written once. */
final class RegistryIdentity {
    static final int MAX_BYTES = 64 * 1024;

    private RegistryIdentity() {}

    /** The id of the registry that stands in a store. With {@link Mode#INITIALISE} one is made first if the store is empty and suitable. */
    static String open(Store store, Mode mode, String writer) {
        Optional<String> standing = find(store);
        if (standing.isPresent()) {
            return standing.get();
        }
        Optional<String> meanwhile = checkEmpty(store);
        if (meanwhile.isPresent()) {
            return meanwhile.get();
        }
        if (mode == Mode.OPEN) {
            String location = store.backend().location();
            throw new NotFoundException("No registry at " + location + ". ModelRegistry.initialise(\"" + location
                    + "\") makes one; if there should be one, check the location");
        }
        PutIfAbsentProof.run(store);
        Json.Obj json = Json.object()
                .put("format", EntryCodec.FORMAT)
                .put("registry", store.host().newId())
                .put("created", store.storeTime(store.deadline()).toString())
                .put("writer", writer)
                .build();
        store.createIdempotently(KeyLayout.REGISTRY, SelfVerifying.seal(JsonFormat.write(json)));
        return find(store)
                .orElseThrow(() -> new IntegrityException(
                        Damage.WRONG_REGISTRY,
                        KeyLayout.REGISTRY,
                        KeyLayout.REGISTRY + " was written to "
                                + store.backend().location() + " and is not there",
                        null));
    }

    /** The id of the registry that stands in the store now. */
    static String require(Store store) {
        return find(store)
                .orElseThrow(() -> new IntegrityException(
                        Damage.WRONG_REGISTRY,
                        KeyLayout.REGISTRY,
                        KeyLayout.REGISTRY + " is missing from "
                                + store.backend().location()
                                + ". Restore it from a backup or replica; the registry can't be opened without it",
                        null));
    }

    /** Refuses an object that isn't the identity of this registry. */
    static void requireSame(Optional<StoredObject> standing, String registry, String location) {
        Optional<String> found = standing.map(RegistryIdentity::decode);
        if (!found.equals(Optional.of(registry))) {
            throw new IntegrityException(
                    Damage.WRONG_REGISTRY,
                    KeyLayout.REGISTRY,
                    "At " + location + " stands "
                            + found.map(id -> "the registry " + id).orElse("no registry")
                            + ", though this machine knew the registry " + registry
                            + " there, which was opened while the store was away. If it was replaced on purpose, open it again",
                    null);
        }
    }

    private static Optional<String> find(Store store) {
        return store.get(KeyLayout.REGISTRY, MAX_BYTES, store.deadline()).map(RegistryIdentity::decode);
    }

    private static String decode(StoredObject object) {
        try {
            Fields fields = Fields.of(JsonFormat.readObject(SelfVerifying.open(object.content())));
            long format = fields.number("format");
            if (format < 1) {
                throw new MalformedException("its format is " + format);
            }
            if (format > EntryCodec.FORMAT || !fields.texts("requires").isEmpty()) {
                throw new UpgradeRequiredException("This registry has format " + format + " and requires "
                        + fields.texts("requires")
                        + ", written by " + fields.textOr("writer", "a newer release") + "; this release reads format "
                        + EntryCodec.FORMAT + ". Upgrade the library");
            }
            fields.text("created"); // what an entry, which names its registry too, doesn't have
            return fields.text("registry");
        } catch (MalformedException e) {
            throw new IntegrityException(
                    Damage.WRONG_REGISTRY,
                    KeyLayout.REGISTRY,
                    KeyLayout.REGISTRY + " is damaged: " + e.getMessage()
                            + ". Restore it from a backup or replica, byte for byte",
                    e);
        }
    }

    /** A store that holds streams but no identity has lost it; making another would cut the old entries off. */
    private static Optional<String> checkEmpty(Store store) {
        List<String> standing = store.listAll("", Depth.ONE).stream()
                .filter(key -> KeyLayout.STREAM_AUTHORITIES.contains(key) || key.equals(KeyLayout.BLOBS))
                .toList();
        if (standing.isEmpty()) {
            return Optional.empty();
        }
        // another process may have made the registry, and written to it, since we looked
        Optional<String> meanwhile = find(store);
        if (meanwhile.isEmpty()) {
            throw new IntegrityException(
                    Damage.WRONG_REGISTRY,
                    KeyLayout.REGISTRY,
                    KeyLayout.REGISTRY + " is missing from " + store.backend().location() + ", though " + standing
                            + " stand there. Restore it from a backup or replica; nothing is read or written without it",
                    null);
        }
        return meanwhile;
    }
}
