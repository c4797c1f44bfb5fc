package io.modelregistry.core.log;

import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.OutcomeToken;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StoredObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One place in a stream that an operation wants for its entry. Its bytes never change; {@link #settle} goes on until it is certain whose the place
 * is, or says that it isn't. The comments name the actions of {@code docs/specs/RegLog.tla}. Not thread-safe; used once.
 */
final class Slot {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final int MOST_ATTEMPTS = 1_000;

    private final Store store;
    private final String registry;
    private final Entry entry;
    private final String key;
    private final byte[] content;
    /** Whether a create with these bytes may have reached the store without an answer that settles the place: {@code may} in RegLog. */
    private boolean mayStand;

    private @Nullable Throwable lastProblem;

    Slot(Store store, String registry, Entry entry) {
        this.store = store;
        this.registry = registry;
        this.entry = entry;
        this.key = KeyLayout.entry(entry.stream(), entry.sequence());
        this.content = EntryCodec.encode(entry);
    }

    /** The entry as it stands if {@link #settle} said that the place is ours. */
    StoredEntry written() {
        return new StoredEntry(entry, Digest.of(content), null);
    }

    /**
     * Creates the entry. The same bytes go to the same key until the store's answer, or a read of the key, settles whose the place is.
     *
     * @return the entry that has the place, if it is another's; empty if it is ours
     * @throws OutcomeUnknownException when time ran out, access was denied or the thread was interrupted while a create may have reached the store
     * @throws RegistryException of other kinds when it is certain that nothing was written
     */
    Optional<StoredEntry> settle(Deadline deadline) {
        Backoff backoff = new Backoff(store.host(), FIRST_PAUSE);
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            if (Thread.currentThread().isInterrupted()) {
                throw unsettled("it was interrupted");
            }
            Optional<Settled> settled = attempt();
            if (settled.isPresent()) {
                return settled.get().winner();
            }
            if (deadline.isOver()) {
                break;
            }
            pause(backoff, deadline); // RegLog: Again
        }
        if (mayStand) {
            Optional<Settled> settled = readBack(); // RegLog: Resolve
            if (settled.isPresent()) {
                return settled.get().winner();
            }
        }
        throw unsettled("time ran out");
    }

    /** Whose the place is: another's, or ours when the winner is empty. */
    private record Settled(Optional<StoredEntry> winner) {
        static final Settled OURS = new Settled(Optional.empty());
    }

    private Optional<Settled> attempt() {
        try {
            // RegLog: Put. The store's part in it is RegLog: Apply, Drop
            if (store.backend().create(key, content) == CreateOutcome.CREATED) {
                return Optional.of(Settled.OURS);
            }
            // something stands: ours, from an attempt whose answer was lost or that was repeated below us, or another's
            mayStand = true;
            return readBack(); // RegLog: On412
        } catch (IllegalStateException e) {
            if (!mayStand) {
                throw e;
            }
            lastProblem = e;
            throw unsettled("the registry was closed");
        } catch (StorageException e) {
            lastProblem = e;
            return switch (e.kind()) {
                case UNKNOWN -> { // RegLog: Timeout
                    mayStand = true;
                    yield Optional.empty();
                }
                case UNAVAILABLE -> Optional.empty(); // RegLog: Refused
                case DENIED, FULL, UNSUITABLE, MISSING -> Optional.of(refused(e)); // RegLog: Refused
            };
        }
    }

    /** Repeating doesn't help. What an earlier attempt left is still to be found out. */
    private Settled refused(StorageException refusal) {
        if (!mayStand) {
            throw store.translate("create", key, refusal);
        }
        // RegLog: Resolve
        return readBack().orElseThrow(() -> unsettled("the store then refused: " + refusal.getMessage()));
    }

    private Optional<Settled> readBack() {
        try {
            return readOnce();
        } catch (IntegrityException e) {
            // on its way, or where it lies: the second reading tells
            lastProblem = e;
        }
        try {
            return readOnce();
        } catch (IntegrityException e) {
            lastProblem = e;
            throw unsettled("what stands in its place is damaged"); // it may be ours all the same
        }
    }

    private Optional<Settled> readOnce() {
        Optional<StoredObject> standing;
        try {
            standing = store.backend().get(key, EntryCodec.MAX_BYTES + 1);
        } catch (StorageException e) {
            lastProblem = e;
            return Optional.empty();
        }
        return standing.map(object -> Arrays.equals(object.content(), content)
                ? Settled.OURS
                : new Settled(Optional.of(StoredEntry.read(object, registry, entry.stream(), entry.sequence()))));
    }

    private void pause(Backoff backoff, Deadline deadline) {
        try {
            backoff.pause(deadline);
        } catch (InterruptedException e) {
            lastProblem = e;
            Thread.currentThread().interrupt();
            throw unsettled("it was interrupted");
        }
    }

    /** Definite only while no create may stand; otherwise the caller knows as much as after a crash, and so does everybody else. RegLog: Refused, Crash. */
    private RegistryException unsettled(String why) {
        String where = entry.stream() + " as entry " + entry.sequence() + " (commit " + entry.commit() + ") in "
                + store.backend().location();
        String detail = lastProblem == null ? "" : ": " + lastProblem.getMessage();
        if (!mayStand) {
            return new StoreUnavailableException(
                    "Could not append to " + where + ": " + why + detail
                            + ". Nothing was written; try again, with the same request id if there was one",
                    lastProblem);
        }
        return new OutcomeUnknownException(
                "It is not known whether the change to " + where + " stands: " + why + detail
                        + ". Ask outcome() with this exception's token"
                        + (entry.request() == null
                                ? " before repeating it; without a request id a repetition may apply it twice"
                                : ", or repeat it with the request id " + entry.request()),
                new OutcomeToken(entry.stream().path(), entry.sequence(), entry.commit(), entry.request()),
                lastProblem);
    }
}
