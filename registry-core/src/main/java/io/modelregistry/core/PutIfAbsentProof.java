package io.modelregistry.core;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Parallel;
import io.modelregistry.core.log.Store;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Proves on fresh keys that a store lets exactly one of several concurrent creates win. Two creates one after the other are not enough: some stores
 * fail only under a race.
 */
final class PutIfAbsentProof {
    private static final int ROUNDS = 10;
    /** Rounds included of which nobody was told that he won: where a request is repeated on its way, the answer to the repetition is that it stands. */
    private static final int MOST_ROUNDS = 2 * ROUNDS;

    private static final int WRITERS = 16;
    private static final int MAX_BYTES = 1024;

    /** What one create of a round was told. */
    private enum Answer {
        CREATED,
        EXISTS,
        /** It may have won without knowing. */
        UNKNOWN
    }

    private PutIfAbsentProof() {}

    /** @throws InvalidRequestException with the reason when the store is unsuitable */
    static void run(Store store) {
        int decided = 0;
        for (int round = 0; round < MOST_ROUNDS && decided < ROUNDS; round++) {
            String key = KeyLayout.probe(store.host().newId());
            try {
                decided += round(store, key) ? 1 : 0;
            } finally {
                remove(store, key);
            }
        }
        if (decided < ROUNDS) {
            throw unsuitable(
                    store,
                    "in " + (MOST_ROUNDS - decided) + " of " + MOST_ROUNDS + " rounds none of " + WRITERS
                            + " concurrent creates of a fresh key was told that it won");
        }
    }

    /** Whether somebody may have been told that he won. */
    private static boolean round(Store store, String key) {
        List<Answer> answers = race(store, key);
        Optional<String> standing = store.get(key, MAX_BYTES, store.deadline())
                .map(object -> new String(object.content(), StandardCharsets.UTF_8));
        List<String> winners = contents(key, answers, Answer.CREATED);
        List<String> mayHaveWon = contents(key, answers, Answer.UNKNOWN);
        if (winners.size() > 1) {
            throw unsuitable(
                    store,
                    winners.size() + " of " + WRITERS + " concurrent creates of one key were told that they won");
        }
        if (winners.size() == 1 && !standing.equals(Optional.of(winners.get(0)))) {
            throw unsuitable(store, "the create that was told that it won is not the one that stands");
        }
        if (winners.isEmpty() && (standing.isEmpty() || !mayHaveWon.contains(standing.get()))) {
            if (!mayHaveWon.isEmpty()) {
                throw new StoreUnavailableException(
                        "The store at " + store.backend().location()
                                + " answered too few requests to prove that it is suitable. Try again",
                        null);
            }
            if (standing.isPresent() && contents(key, answers, Answer.EXISTS).contains(standing.get())) {
                return false;
            }
            throw unsuitable(store, "none of " + WRITERS + " concurrent creates of a fresh key was told that it won");
        }
        return true;
    }

    private static List<Answer> race(Store store, String key) {
        try (StartingLine line = new StartingLine(WRITERS)) {
            List<Callable<Answer>> creates = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                byte[] content = content(key, writer);
                creates.add(() -> {
                    line.await(writer);
                    return create(store, key, content);
                });
            }
            return new Parallel(store.host()).call(creates);
        }
    }

    private static Answer create(Store store, String key, byte[] content) {
        try {
            return store.backend().create(key, content) == CreateOutcome.CREATED ? Answer.CREATED : Answer.EXISTS;
        } catch (StorageException e) {
            if (e.kind() == Kind.UNKNOWN || e.kind() == Kind.UNAVAILABLE) {
                return Answer.UNKNOWN;
            }
            throw store.translate("create", key, e);
        }
    }

    private static List<String> contents(String key, List<Answer> answers, Answer wanted) {
        List<String> contents = new ArrayList<>();
        for (int writer = 0; writer < answers.size(); writer++) {
            if (answers.get(writer) == wanted) {
                contents.add(new String(content(key, writer), StandardCharsets.UTF_8));
            }
        }
        return contents;
    }

    private static byte[] content(String key, int writer) {
        return (key + " by writer " + writer + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void remove(Store store, String key) {
        try {
            store.backend().stat(key).ifPresent(info -> store.backend().delete(key, info.generation()));
        } catch (StorageException e) {
            // a left-over under probe/ does no harm, and a writer may lack the permission to delete
        }
    }

    private static InvalidRequestException unsuitable(Store store, String why) {
        return new InvalidRequestException("The store at " + store.backend().location()
                + " is unsuitable for a registry: it doesn't keep put-if-absent: " + why
                + ". Two writers would overwrite each other's changes; use another store");
    }
}
