package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.infoOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Store times. None is compared with a clock of the test, only with other times of the store. */
interface TimeContract extends ContractFixture {
    /** Stores that tell whole seconds cut them off, some here and others there. */
    Duration RESOLUTION = Duration.ofSeconds(2);

    @Test
    default void theStoreTimeOfAnObjectIsTheSameForEveryReaderAndForEver() {
        backend().create("a", SampleContent.text("content"));
        backend().upload("blobs/b", SampleBlob.of(1, 100_000));

        for (String key : List.of("a", "blobs/b")) {
            Instant storedAt = infoOf(backend(), key).storedAt();
            ManualHost later = new ManualHost();
            StorageBackend other = client(later);
            later.advance(Duration.ofDays(400));
            other.create(key, SampleContent.text("too late"));
            other.create(key + ".neighbour", SampleContent.text("no matter"));

            assertThat(storedAtOf(backend(), key)).isEqualTo(storedAt);
            assertThat(storedAtOf(other, key)).isEqualTo(storedAt);
            assertThat(infoOf(other, key).storedAt()).isEqualTo(storedAt);
        }
    }

    @Test
    default void storeTimesOfCreatesOneAfterAnotherNeverGoBack() {
        List<StorageBackend> clients = List.of(backend(), anotherClient());
        Instant last = Instant.MIN;
        for (int i = 0; i < 60; i++) {
            String key = "a/" + i;
            clients.get(i % 2).create(key, SampleContent.text(key));

            Instant storedAt = storedAtOf(backend(), key);
            assertThat(storedAt).isAfterOrEqualTo(last);
            last = storedAt;
        }
    }

    @Test
    default void storeTimeIsOfTheClockThatStoredAtIsTakenFrom() {
        for (int i = 0; i < 20; i++) {
            assertStoreTimeFitsIn(backend(), "a/" + i);
        }
    }

    @Test
    default void storeTimeIsNotExtrapolatedForEver() {
        ManualHost host = new ManualHost();
        StorageBackend client = client(host);
        for (int i = 0; i < 3; i++) {
            assertStoreTimeFitsIn(client, "a/" + i);
            host.advance(Duration.ofMinutes(5).plusSeconds(1));
        }
        assertStoreTimeFitsIn(client, "a/last");
    }

    @Test
    default void storeTimeGoesForward() {
        StorageBackend client = backend();
        Instant last = client.storeTime();
        for (int i = 0; i < 200; i++) {
            Instant time = client.storeTime();
            assertThat(time).isAfterOrEqualTo(last.minus(RESOLUTION));
            last = time;
        }
    }

    /** Between the store times of an object made before and one made after. */
    private void assertStoreTimeFitsIn(StorageBackend client, String key) {
        client.create(key + "/before", new byte[1]);
        Instant time = client.storeTime();
        client.create(key + "/after", new byte[1]);

        assertThat(time).isAfterOrEqualTo(storedAtOf(client, key + "/before").minus(RESOLUTION));
        assertThat(time).isBeforeOrEqualTo(storedAtOf(client, key + "/after").plus(RESOLUTION));
    }

    private static Instant storedAtOf(StorageBackend backend, String key) {
        return backend.get(key, 10).map(StoredObject::storedAt).orElseThrow();
    }
}
