package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.assertMissing;
import static io.modelregistry.testkit.ContractFixture.contentOf;
import static io.modelregistry.testkit.ContractFixture.infoOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.storage.Generation;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code location} and {@code close}. */
interface CloseContract extends ContractFixture {

    @Test
    default void theLocationIsTheSameForEveryClient() {
        assertThat(backend().location()).isNotBlank();
        assertThat(anotherClient().location()).isEqualTo(backend().location());
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    default void aClosedBackendRefusesEveryOperation(Operation operation) {
        StorageBackend client = anotherClient();
        client.create("a", SampleContent.text("content"));
        Generation generation = infoOf(client, "a").generation();

        client.close();

        assertThatThrownBy(() -> SampleCalls.call(client, operation, "a", generation))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> SampleCalls.call(client, operation, "b", generation))
                .isInstanceOf(IllegalStateException.class);
        assertThat(contentOf(backend(), "a")).isEqualTo(SampleContent.text("content"));
        assertMissing(backend(), "b");
    }

    @Test
    default void closingAgainDoesNothing() {
        StorageBackend client = anotherClient();

        client.close();
        client.close();

        assertThatThrownBy(() -> client.stat("a")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void closingOneClientLeavesTheStoreAndOtherClientsAsTheyAre() {
        StorageBackend client = anotherClient();
        client.create("a", SampleContent.text("content"));

        client.close();

        assertThat(contentOf(backend(), "a")).isEqualTo(SampleContent.text("content"));
        backend().create("b", SampleContent.text("more"));
        assertThat(contentOf(anotherClient(), "b")).isEqualTo(SampleContent.text("more"));
    }

    @Test
    default void aCallUnderWayWhenTheBackendIsClosedFinishesOrFailsByTheRules() throws Exception {
        StorageBackend client = anotherClient();
        int writers = 4;
        CountDownLatch writing = new CountDownLatch(writers);
        Set<String> created = ConcurrentHashMap.newKeySet();
        Set<String> certainlyNot = ConcurrentHashMap.newKeySet();

        Crew.run(writers + 1, thread -> {
            if (thread == writers) {
                writing.await();
                client.close();
                return;
            }
            try {
                createUntilClosed(client, "w" + thread, writing, created, certainlyNot);
            } finally {
                writing.countDown();
            }
        });

        for (String key : created) {
            assertThat(contentOf(backend(), key)).isEqualTo(SampleCalls.CONTENT);
        }
        certainlyNot.forEach(key -> assertMissing(backend(), key));
        for (String key : ContractFixture.listAll(backend(), "")) {
            assertThat(contentOf(backend(), key)).isEqualTo(SampleCalls.CONTENT);
        }
    }

    private static void createUntilClosed(
            StorageBackend client, String folder, CountDownLatch writing, Set<String> created, Set<String> not) {
        for (int i = 0; ; i++) {
            String key = folder + "/" + i;
            try {
                client.create(key, SampleCalls.CONTENT);
                created.add(key);
            } catch (IllegalStateException e) {
                not.add(key);
                return;
            } catch (StorageException e) {
                if (e.kind() != StorageException.Kind.UNKNOWN) {
                    not.add(key);
                }
            }
            if (i == 3) {
                writing.countDown();
            }
        }
    }
}
