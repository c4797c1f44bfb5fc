package io.modelregistry.core.log;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.Host;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.RegistryException;
import io.modelregistry.StoreFullException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.access.AccessRules;
import io.modelregistry.access.Action;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The seam through which every call to a backend goes, on the calling thread. Repeats reads that failed in passing, within a deadline, and says in
 * the registry's exceptions what a backend says in kinds. Creates are not repeated here: {@link EventLog} knows when that is right.
 */
public final class Store {
    private static final int MOST_READ_ATTEMPTS = 6;
    private static final int MOST_DELETIONS = 6;
    /** A writer whose clock is further off the store's than this doesn't write. */
    private static final Duration MOST_SKEW = Duration.ofSeconds(60);

    private static final int PAGE = 1_000;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private final StorageBackend backend;
    private final Host host;
    private final Duration timeout;

    public Store(StorageBackend backend, Host host, Duration timeout) {
        this.backend = backend;
        this.host = host;
        this.timeout = timeout;
    }

    public StorageBackend backend() {
        return backend;
    }

    public Host host() {
        return host;
    }

    /** The time an operation that begins now may take. */
    public Deadline deadline() {
        return Deadline.in(host, timeout);
    }

    public Optional<StoredObject> get(String key, int limitBytes, Deadline deadline) {
        return read("read", key, deadline, () -> backend.get(key, limitBytes));
    }

    public Optional<ObjectInfo> stat(String key, Deadline deadline) {
        return read("look up", key, deadline, () -> backend.stat(key));
    }

    public Listing list(String prefix, Depth depth, String startAfter, int limit, Deadline deadline) {
        return read("list", prefix, deadline, () -> backend.list(prefix, depth, startAfter, limit));
    }

    /** All pages of a listing, at once. */
    public List<String> listAll(String prefix, Depth depth) {
        List<String> keys = new ArrayList<>();
        Listing page = new Listing(List.of(), false);
        do {
            String last = keys.isEmpty() ? "" : keys.get(keys.size() - 1);
            page = list(prefix, depth, last, PAGE, deadline());
            keys.addAll(page.keys());
        } while (page.more());
        return keys;
    }

    public Instant storeTime(Deadline deadline) {
        return read("ask the time of", backend.location(), deadline, backend::storeTime);
    }

    /**
     * Refuses to go on when this machine's clock and the store's are too far apart for entries to be dated. The store's answer lies somewhere between the
     * question and its arrival: a slow answer is no wrong clock.
     */
    public void checkClock(Deadline deadline) {
        Instant asked = host.now();
        Instant storeTime = storeTime(deadline);
        Instant answered = host.now();
        Instant latest = storeTime.plus(MOST_SKEW);
        Instant earliest = storeTime.minus(MOST_SKEW);
        if (asked.isAfter(latest) || answered.isBefore(earliest)) {
            Instant now = asked.isAfter(latest) ? asked : answered;
            throw new InvalidRequestException("This machine's clock says " + now + ", "
                    + Duration.between(storeTime, now).abs().toSeconds() + " s "
                    + (now.isBefore(storeTime) ? "behind" : "ahead of") + " the clock of the store at "
                    + backend.location() + "; entries are written only within " + MOST_SKEW.toSeconds()
                    + " s of it. Set the clock; nothing was written");
        }
    }

    /** Creates an object that nobody else would create with other bytes, as often as it takes within the operation's time. */
    public CreateOutcome createIdempotently(String key, byte[] content) {
        Deadline deadline = deadline();
        Backoff backoff = new Backoff(host, FIRST_PAUSE);
        while (true) {
            try {
                return backend.create(key, content);
            } catch (StorageException e) {
                boolean passing =
                        e.kind() == StorageException.Kind.UNAVAILABLE || e.kind() == StorageException.Kind.UNKNOWN;
                if (!passing || deadline.isOver()) {
                    throw translate("create", key, e);
                }
            }
            pause("create", key, backoff, deadline);
        }
    }

    /** Deletes an object, and looks that it is gone. For keys that are never created again. */
    public void erase(String key) {
        Deadline deadline = deadline();
        Backoff backoff = new Backoff(host, FIRST_PAUSE);
        StorageException problem = null;
        for (int attempt = 1; ; attempt++) {
            Optional<ObjectInfo> standing = stat(key, deadline);
            if (standing.isEmpty()) {
                return;
            }
            if (attempt > MOST_DELETIONS) {
                throw new StoreUnavailableException(
                        "Could not delete " + key + " in " + backend.location() + ": it is still there. Try again",
                        problem);
            }
            try {
                backend.delete(key, standing.get().generation());
            } catch (StorageException e) {
                boolean passing =
                        e.kind() == StorageException.Kind.UNAVAILABLE || e.kind() == StorageException.Kind.UNKNOWN;
                if (!passing || deadline.isOver()) {
                    throw translate("delete", key, e);
                }
                problem = e;
                pause("delete", key, backoff, deadline);
            }
        }
    }

    /** A backend's failure in the registry's words, and in the backend's own where these name the key and the store already. */
    public RegistryException translate(String operation, String key, StorageException e) {
        String said = String.valueOf(e.getMessage());
        String location = backend.location();
        String what = said.contains(key) && said.contains(location)
                ? said
                : "Could not " + operation + " " + key + " in " + location + ": " + said;
        return switch (e.kind()) {
            case DENIED -> denied(operation, key, what, e);
            case FULL -> {
                String written = operation.equals("delete") ? "" : ". Nothing was written";
                yield new StoreFullException(what + written + "; make room and try again", e);
            }
            case UNSUITABLE -> new InvalidRequestException(what, e);
            case MISSING -> new IntegrityException(missing(key), key, what, e);
            case UNAVAILABLE, UNKNOWN -> new StoreUnavailableException(what + ". Try again", e);
        };
    }

    /** The store says which permission is missing; the key says which role has it. */
    private static AccessDeniedException denied(String operation, String key, String what, StorageException e) {
        Action action = switch (operation) {
            case "create", "upload" -> Action.CREATE;
            case "delete" -> Action.DELETE;
            default -> Action.READ;
        };
        String doing = switch (action) {
            case CREATE, OVERWRITE -> "Creating";
            case DELETE -> "Deleting";
            case READ -> "Reading";
        };
        return AccessRules.needed(action, key)
                .map(role -> new AccessDeniedException(what + ". " + doing + " it", role, e))
                .orElseGet(() -> new AccessDeniedException(what, e));
    }

    /** A store that remembers deletions says of more than blobs that they are gone. */
    private static Damage missing(String key) {
        if (key.equals(KeyLayout.REGISTRY)) {
            return Damage.WRONG_REGISTRY;
        }
        return key.startsWith(KeyLayout.BLOBS)
                ? Damage.MISSING_BLOB
                : key.startsWith(KeyLayout.NOTES) ? Damage.MISSING_NOTE : Damage.MISSING_ENTRY;
    }

    private <T> T read(String operation, String key, Deadline deadline, Supplier<T> call) {
        Backoff backoff = new Backoff(host, FIRST_PAUSE);
        for (int attempt = 1; ; attempt++) {
            if (Thread.currentThread().isInterrupted()) {
                throw new StoreUnavailableException("Interrupted before it could " + operation + " " + key, null);
            }
            try {
                return call.get();
            } catch (StorageException e) {
                if (e.kind() != StorageException.Kind.UNAVAILABLE
                        || attempt == MOST_READ_ATTEMPTS
                        || deadline.isOver()) {
                    throw translate(operation, key, e);
                }
            }
            pause(operation, key, backoff, deadline);
        }
    }

    private static void pause(String operation, String key, Backoff backoff, Deadline deadline) {
        try {
            backoff.pause(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("Interrupted before it could " + operation + " " + key, e);
        }
    }
}
