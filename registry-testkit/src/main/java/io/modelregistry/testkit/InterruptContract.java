package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.contentOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls on interrupted threads. */
interface InterruptContract extends ContractFixture {

    @ParameterizedTest
    @EnumSource(Operation.class)
    default void aCallOnAnInterruptedThreadSucceedsOrFailsByTheRulesAndKeepsTheFlag(Operation operation) {
        for (int round = 0; round < 3; round++) {
            InterruptedCall call = new InterruptedCall(backend(), operation, "interrupted/" + round);
            call.prepare();
            boolean flag;
            Thread.currentThread().interrupt();
            try {
                call.make();
            } finally {
                flag = Thread.interrupted();
            }
            assertThat(flag).as("interrupt flag after the call").isTrue();
            call.assertOutcomeIsTrue(anotherClient());
        }

        assertThat(backend().create("afterwards", SampleCalls.CONTENT)).isEqualTo(CreateOutcome.CREATED);
        assertThat(contentOf(backend(), "afterwards")).isEqualTo(SampleCalls.CONTENT);
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    default void anInterruptDuringACallDisturbsNoOtherThread(Operation operation) throws Exception {
        int rounds = 20;
        StorageBackend other = anotherClient();
        Baton baton = new Baton();

        Crew.run(3, thread -> {
            try {
                switch (thread) {
                    case 0 -> beInterrupted(operation, rounds, baton, other);
                    case 1 -> baton.interruptEachCall();
                    default -> workUndisturbed(baton);
                }
            } finally {
                baton.over.set(true);
            }
        });
    }

    private void beInterrupted(Operation operation, int rounds, Baton baton, StorageBackend other) {
        for (int round = 0; round < rounds; round++) {
            InterruptedCall call = new InterruptedCall(backend(), operation, "interrupted/" + round);
            call.prepare();
            baton.begin();
            call.make();
            baton.awaitInterrupt();
            assertThat(Thread.interrupted()).as("interrupt flag after the call").isTrue();
            call.assertOutcomeIsTrue(other);
        }
        assertThat(backend().create("afterwards", SampleCalls.CONTENT)).isEqualTo(CreateOutcome.CREATED);
    }

    private void workUndisturbed(Baton baton) throws IOException {
        backend().upload("blobs/undisturbed", SampleCalls.BLOB);
        for (int i = 0; !baton.over.get(); i++) {
            String key = "undisturbed/" + i % 10;
            try (InputStream in = backend().read("blobs/undisturbed", 0, SampleCalls.BLOB.sizeBytes())) {
                backend().overwrite(key, SampleCalls.CONTENT);
                assertThat(contentOf(backend(), key)).isEqualTo(SampleCalls.CONTENT);
                assertThat(in.readAllBytes()).hasSize((int) SampleCalls.BLOB.sizeBytes());
            }
        }
    }

    @Test
    default void interruptingOneReaderLeavesOtherStreamsOfTheObjectOpen() throws Exception {
        SampleBlob blob = SampleBlob.of(1, 2L << 20);
        backend().upload("blobs/a", blob);

        try (InputStream undisturbed = backend().read("blobs/a", 0, blob.sizeBytes())) {
            assertThat(undisturbed.readNBytes(1_000)).isEqualTo(blob.range(0, 1_000));
            Crew.run(4, thread -> {
                Thread.currentThread().interrupt();
                try (InputStream disturbed = backend().read("blobs/a", 0, blob.sizeBytes())) {
                    disturbed.readAllBytes();
                } catch (IOException | StorageException e) {
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                }
            });
            assertThat(undisturbed.readNBytes(1 << 20)).isEqualTo(blob.range(1_000, 1 << 20));
        }
    }

    /** Takes turns between one thread that makes calls and one that interrupts it, at another moment of each call. */
    final class Baton {
        private static final int MOMENTS = 16;

        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger interrupted = new AtomicInteger();
        private final AtomicReference<@Nullable Thread> victim = new AtomicReference<>();

        private void begin() {
            victim.set(Thread.currentThread());
            begun.incrementAndGet();
        }

        private void awaitInterrupt() {
            while (interrupted.get() < begun.get() && !over.get()) {
                Thread.onSpinWait();
            }
        }

        private void interruptEachCall() {
            while (!over.get()) {
                int call = begun.get();
                if (interrupted.get() == call) {
                    Thread.onSpinWait();
                    continue;
                }
                int spins = 1 << (call % MOMENTS);
                for (int i = 0; i < spins; i++) {
                    Thread.onSpinWait();
                }
                Thread thread = victim.get();
                if (thread != null) {
                    thread.interrupt();
                }
                interrupted.incrementAndGet();
            }
        }
    }
}
