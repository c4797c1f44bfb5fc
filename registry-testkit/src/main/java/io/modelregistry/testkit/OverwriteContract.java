package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.contentOf;
import static io.modelregistry.testkit.ContractFixture.infoOf;
import static io.modelregistry.testkit.ContractFixture.listAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.StorageBackend;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code overwrite}. */
interface OverwriteContract extends ContractFixture {
    int WRITES = 100;

    @Test
    default void overwriteWritesWhetherOrNotAnObjectStands() {
        backend().overwrite("hints/a", SampleContent.text("one"));
        assertThat(contentOf(anotherClient(), "hints/a")).isEqualTo(SampleContent.text("one"));

        backend().overwrite("hints/a", SampleContent.text("two"));
        assertThat(contentOf(anotherClient(), "hints/a")).isEqualTo(SampleContent.text("two"));
        assertThat(listAll(backend(), "")).containsExactly("hints/a");
    }

    @Test
    default void aShorterContentLeavesNothingOfALongerOne() {
        for (int size : new int[] {2 * SampleContent.MEBIBYTE, 100, 0, 1}) {
            byte[] content = SampleContent.noise(size, size);

            backend().overwrite("hints/a", content);

            assertThat(contentOf(backend(), "hints/a")).isEqualTo(content);
            assertThat(infoOf(backend(), "hints/a").sizeBytes()).isEqualTo(size);
        }
    }

    @Test
    default void theLastOfManyWritersWins() throws Exception {
        StorageBackend other = anotherClient();
        Crew.run(8, thread -> {
            StorageBackend client = thread % 2 == 0 ? backend() : other;
            client.overwrite("hints/a", uniform(thread));
        });
        assertUniform(contentOf(backend(), "hints/a"));

        other.overwrite("hints/a", SampleContent.text("last"));

        assertThat(contentOf(backend(), "hints/a")).isEqualTo(SampleContent.text("last"));
    }

    @Test
    default void noReaderSeesAMixtureOfTwoContents() throws Exception {
        List<StorageBackend> clients = List.of(backend(), anotherClient());
        backend().overwrite("hints/a", uniform(0));

        Crew.runRounds(4, WRITES, (thread, round) -> {
            StorageBackend client = clients.get(thread % 2);
            if (thread < 2) {
                client.overwrite("hints/a", uniform(2 * round + thread));
            }
            for (int i = 0; i < 3; i++) {
                assertUniform(contentOf(client, "hints/a"));
            }
        });
    }

    @Test
    default void aReaderSeesWhatWasAcknowledgedBeforeOrSomethingLater() throws Exception {
        List<StorageBackend> clients = List.of(backend(), anotherClient());
        backend().overwrite("hints/a", number(0));
        AtomicInteger seen = new AtomicInteger();

        Crew.runRounds(4, WRITES, (thread, round) -> {
            StorageBackend client = clients.get(thread % 2);
            if (thread == 0) {
                client.overwrite("hints/a", number(round + 1));
                seen.accumulateAndGet(round + 1, Math::max);
            }
            for (int i = 0; i < 3; i++) {
                int atLeast = Math.max(round, seen.get());
                int found = ByteBuffer.wrap(contentOf(client, "hints/a")).getInt();
                assertThat(found).isGreaterThanOrEqualTo(atLeast);
                seen.accumulateAndGet(found, Math::max);
            }
        });
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    /** As long as its value says, and of one value throughout. */
    private static byte[] uniform(int index) {
        int value = index % 100;
        byte[] content = new byte[1_000 * (1 + value)];
        Arrays.fill(content, (byte) value);
        return content;
    }

    private static void assertUniform(byte[] content) {
        assertThat(content).as("content").hasSizeGreaterThanOrEqualTo(1_000);
        assertThat(Arrays.equals(content, uniform(content[0])))
                .as("%s bytes, all of them %s", content.length, content[0])
                .isTrue();
    }
}
