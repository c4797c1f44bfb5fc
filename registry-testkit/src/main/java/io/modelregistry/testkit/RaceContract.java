package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.contentOf;
import static io.modelregistry.testkit.ContractFixture.listAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StoredObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** {@code create} by many at the same moment: what every promise of the registry rests on. */
interface RaceContract extends ContractFixture {
    int RACERS = 64;
    int ROUNDS = 200;
    int MOST_ATTEMPTS = 100;

    @Test
    default void exactlyOneOfManyCreatesWinsEachOf200Rounds() throws Exception {
        race(List.of(backend()));
    }

    @Test
    default void exactlyOneOfManyCreatesThroughTwoClientsWinsEachOf200Rounds() throws Exception {
        race(List.of(backend(), anotherClient()));
    }

    private void race(List<StorageBackend> clients) throws InterruptedException {
        boolean[][] won = new boolean[ROUNDS][RACERS]; // each element is written by one thread

        Crew.runRounds(RACERS, ROUNDS, (racer, round) -> {
            StorageBackend client = clients.get(racer % clients.size());
            won[round][racer] = wins(client, "race/" + round, contentOfRacer(racer, round));
        });

        for (int round = 0; round < ROUNDS; round++) {
            List<Integer> winners = new ArrayList<>();
            for (int racer = 0; racer < RACERS; racer++) {
                if (won[round][racer]) {
                    winners.add(racer);
                }
            }
            assertThat(winners).as("winners of round %s", round).hasSize(1);
            assertThat(contentOf(clients.get(0), "race/" + round))
                    .as("what stands after round %s", round)
                    .isEqualTo(contentOfRacer(winners.get(0), round));
        }
    }

    /** Whether this create wrote the object. One whose outcome is unknown is repeated, as every caller has to. */
    private static boolean wins(StorageBackend client, String key, byte[] content) {
        boolean unsettled = false;
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            try {
                CreateOutcome outcome = client.create(key, content);
                return outcome == CreateOutcome.CREATED
                        || (unsettled && Arrays.equals(contentOf(client, key), content));
            } catch (StorageException e) {
                if (e.kind() != StorageException.Kind.UNKNOWN) {
                    throw e;
                }
                unsettled = true;
            }
        }
        throw new AssertionError("The outcome of a create of " + key + " stays unknown");
    }

    private static byte[] contentOfRacer(int racer, int round) {
        return SampleContent.noise(1_000L * round + racer, 100 + racer);
    }

    @Test
    default void whoIsToldThatAnObjectExistsCanReadAllOfIt() throws Exception {
        List<StorageBackend> clients = List.of(backend(), anotherClient());

        Crew.runRounds(8, 50, (racer, round) -> {
            StorageBackend client = clients.get(racer % 2);
            byte[] content = SampleContent.noise(8L * round + racer, 50_000);
            boolean won = wins(client, "race/" + round, content);

            byte[] standing = contentOf(client, "race/" + round);
            assertThat(Arrays.equals(standing, content)).isEqualTo(won);
            assertThat(standing).hasSize(50_000);
        });
    }

    @Test
    default void noReaderSeesPartOfACreateOrSeesItVanishAgain() throws Exception {
        int rounds = 40;
        List<StorageBackend> clients = List.of(backend(), anotherClient());
        AtomicIntegerArray seen = new AtomicIntegerArray(rounds);
        AtomicBoolean failed = new AtomicBoolean();
        byte[] content = SampleContent.noise(1, 600_000);

        Crew.runRounds(4, rounds, (thread, round) -> {
            StorageBackend client = clients.get(thread % 2);
            String key = "models/a/" + round;
            boolean found = false;
            try {
                if (thread == 0) {
                    assertThat(client.create(key, content)).isEqualTo(CreateOutcome.CREATED);
                    seen.set(round, 1);
                }
                while (!found && !failed.get()) {
                    boolean mustBeThere = seen.get(round) == 1;
                    found = sees(client, key, content, thread == 3);
                    assertThat(found || !mustBeThere)
                            .as("seen by one reader, then missing for another")
                            .isTrue();
                }
                seen.set(round, 1);
            } finally {
                failed.compareAndSet(false, !found); // nobody waits for what a thread that failed would have written
            }
        });
    }

    private static boolean sees(StorageBackend client, String key, byte[] content, boolean byListing) {
        if (byListing && !listAll(client, "models/a/").contains(key)) {
            return false;
        }
        Optional<StoredObject> found = client.get(key, WHOLE);
        assertThat(found.isPresent() || !byListing)
                .as("what is listed can be read")
                .isTrue();
        found.ifPresent(object -> {
            assertThat(object.sizeBytes()).isEqualTo(content.length);
            assertThat(Arrays.equals(object.content(), content))
                    .as("whole content")
                    .isTrue();
        });
        return found.isPresent();
    }
}
