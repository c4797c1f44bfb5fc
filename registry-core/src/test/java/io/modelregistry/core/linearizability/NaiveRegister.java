package io.modelregistry.core.linearizability;

import io.modelregistry.OutcomeToken;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.testkit.linearizability.History.Found;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A register that appends by put-if-absent as one writes it down at first, with the mistakes that one then makes. One client of it, for one thread. */
final class NaiveRegister {

    /** What is wrong with it. */
    enum Mistake {
        NONE,
        /** After an unknown outcome it takes the next place. */
        MOVES_ON,
        /** An unknown outcome is reported as a failure. */
        REPORTS_FAILURE,
        /** It believes that "exists" means another's. */
        BELIEVES_EXISTS,
        /** It answers reads from what it knows, and asks the store every other time. */
        READS_FROM_MEMORY
    }

    private static final int MOST_ATTEMPTS = 1_000;

    private final StorageBackend backend;
    private final Mistake mistake;
    private long known;
    private int reads;

    NaiveRegister(StorageBackend backend, Mistake mistake) {
        this.backend = backend;
        this.mistake = mistake;
    }

    /** The newest entry. */
    Optional<Found> read() {
        reads++;
        if (mistake != Mistake.READS_FROM_MEMORY || reads % 2 == 1) {
            while (at(known + 1).isPresent()) {
                known++;
            }
        }
        return known == 0 ? Optional.empty() : at(known).map(value -> new Found(known, value));
    }

    /** Appends, and returns the position. */
    long append(String value) {
        read();
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            long place = known + 1;
            try {
                boolean exists =
                        backend.create(key(place), value.getBytes(StandardCharsets.UTF_8)) == CreateOutcome.EXISTS;
                if (!exists || (mistake != Mistake.BELIEVES_EXISTS && at(place).equals(Optional.of(value)))) {
                    known = place;
                    return place;
                }
                known = place;
            } catch (StorageException e) {
                giveUp(place, e);
                known += mistake == Mistake.MOVES_ON ? 1 : 0;
            }
        }
        throw new OutcomeUnknownException("No answer", new OutcomeToken("register", known + 1, "0", null), null);
    }

    private void giveUp(long place, StorageException e) {
        if (mistake == Mistake.REPORTS_FAILURE) {
            throw new StoreUnavailableException("Could not write " + place, e);
        }
    }

    private Optional<String> at(long place) {
        return backend.get(key(place), 1 << 10).map(object -> new String(object.content(), StandardCharsets.UTF_8));
    }

    private static String key(long place) {
        return "register/" + place;
    }
}
