package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.assertMissing;
import static io.modelregistry.testkit.ContractFixture.contentOf;
import static io.modelregistry.testkit.ContractFixture.infoOf;
import static io.modelregistry.testkit.ContractFixture.listAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code delete}. */
interface DeleteContract extends ContractFixture {
    String DELETE_KEY = "intents/a/0123.json";

    @Test
    default void aDeletedObjectIsMissingForEveryone() {
        backend().create(DELETE_KEY, SampleContent.text("content"));
        backend().create("intents/a/0124.json", SampleContent.text("neighbour"));

        backend().delete(DELETE_KEY, infoOf(anotherClient(), DELETE_KEY).generation());

        for (StorageBackend client : List.of(backend(), anotherClient())) {
            assertMissing(client, DELETE_KEY);
            assertThatThrownBy(() -> client.read(DELETE_KEY, 0, 1).close()).isInstanceOf(StorageException.class);
            assertThat(listAll(client, "")).containsExactly("intents/a/0124.json");
        }
    }

    @Test
    default void aBlobIsDeletedToo() {
        backend().upload(DELETE_KEY, SampleBlob.of(1, 9L << 20));

        backend().delete(DELETE_KEY, infoOf(backend(), DELETE_KEY).generation());

        assertMissing(backend(), DELETE_KEY);
        assertThat(backend().upload(DELETE_KEY, SampleBlob.of(2, 10))).isEqualTo(CreateOutcome.CREATED);
    }

    @Test
    default void deletingAMissingObjectSucceeds() {
        backend().create(DELETE_KEY, SampleContent.text("content"));
        Generation generation = infoOf(backend(), DELETE_KEY).generation();

        backend().delete(DELETE_KEY, generation);
        backend().delete(DELETE_KEY, generation);
        anotherClient().delete(DELETE_KEY, generation);
        backend().delete("intents/never/stood.json", generation);

        assertMissing(backend(), DELETE_KEY);
    }

    @Test
    default void aDeleteOfAFormerGenerationDoesNothing() {
        backend().create(DELETE_KEY, SampleContent.text("former"));
        Generation former = infoOf(backend(), DELETE_KEY).generation();
        backend().delete(DELETE_KEY, former);
        backend().create(DELETE_KEY, SampleContent.text("present"));

        backend().delete(DELETE_KEY, former);
        anotherClient().delete(DELETE_KEY, former);

        assertThat(contentOf(backend(), DELETE_KEY)).isEqualTo(SampleContent.text("present"));
    }

    @Test
    default void aDeleteOfWhatWasOverwrittenDoesNothing() {
        backend().overwrite("notes/a/1", SampleContent.text("former"));
        Generation former = infoOf(backend(), "notes/a/1").generation();
        backend().overwrite("notes/a/1", SampleContent.text("present"));

        backend().delete("notes/a/1", former);

        assertThat(contentOf(backend(), "notes/a/1")).isEqualTo(SampleContent.text("present"));
    }

    @Test
    default void deletesOfOneObjectAtTheSameTimeAllSucceed() throws Exception {
        List<StorageBackend> clients = List.of(backend(), anotherClient());
        backend().create(DELETE_KEY, SampleContent.text("content"));
        Generation generation = infoOf(backend(), DELETE_KEY).generation();

        Crew.run(16, thread -> clients.get(thread % 2).delete(DELETE_KEY, generation));

        assertMissing(backend(), DELETE_KEY);
    }

    @Test
    default void aDeleteNeverHitsWhatIsWrittenAgainAtTheSameTime() throws Exception {
        List<StorageBackend> clients = List.of(backend(), anotherClient());
        for (int round = 0; round < 50 && deletesByGenerationAtomically(); round++) {
            String key = DELETE_KEY + round;
            backend().create(key, SampleContent.text("former"));
            Generation former = infoOf(backend(), key).generation();

            Crew.run(4, thread -> {
                clients.get(thread % 2).delete(key, former);
                if (thread == 0) {
                    CreateOutcome again = clients.get(0).create(key, SampleContent.text("present"));
                    assertThat(again).isEqualTo(CreateOutcome.CREATED);
                }
            });

            assertThat(contentOf(backend(), key)).isEqualTo(SampleContent.text("present"));
        }
    }
}
