package io.modelregistry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.modelregistry.storage.Depth;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageException;
import org.junit.jupiter.api.Test;

final class CountingBackendTest {
    private final MemoryStore store = new MemoryStore(new ManualHost());
    private final CountingBackend backend = new CountingBackend(store.open());

    @Test
    void requestsAreCountedByOperation() {
        assertThat(backend).hasToString("no requests");
        assertThat(backend.counts()).isEmpty();

        backend.get("a", 1);
        backend.create("a", new byte[1]);
        backend.get("a", 1);
        backend.get("b", 1);
        backend.list("x/", Depth.ALL, "", 10);
        backend.storeTime();

        assertThat(backend.counts())
                .containsExactly(entry(Operation.CREATE, 1), entry(Operation.GET, 3), entry(Operation.LIST, 1));
        assertThat(backend).hasToString("1 create, 3 get, 1 list");
        assertThat(backend.calls())
                .hasToString("[#1 get a, #2 create a, #3 get a, #4 get b, #5 list x/]")
                .contains(new Call(2, Operation.CREATE, "a"));
    }

    @Test
    void aRequestThatFailsIsCounted() {
        CountingBackend failing =
                new CountingBackend(new FaultyBackend(store.open(), FaultPlan.onCall(1, Fault.LOST_REQUEST)));

        assertThatThrownBy(() -> failing.stat("a")).isInstanceOf(StorageException.class);

        assertThat(failing).hasToString("1 stat");
    }

    @Test
    void resetForgetsEverything() {
        backend.stat("a");

        backend.reset();

        assertThat(backend).hasToString("no requests");
        assertThat(backend.calls()).isEmpty();
        assertThat(backend.roundTrips()).isZero();
        backend.stat("b");
        assertThat(backend.calls()).containsExactly(new Call(1, Operation.STAT, "b"));
    }

    @Test
    void requestsOneAfterAnotherAreAsManyRoundTrips() {
        backend.stat("a");
        backend.stat("b");
        backend.stat("c");

        assertThat(backend.roundTrips()).isEqualTo(3);
    }

    @Test
    void requestsThatOverlapAreOneRoundTrip() throws Exception {
        backend.nextTogether(3);
        Crew.run(3, thread -> backend.stat("a" + thread));
        backend.stat("b");

        assertThat(backend.roundTrips()).isEqualTo(2);
        assertThat(backend).hasToString("4 stat");
    }
}
