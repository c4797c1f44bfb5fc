package io.modelregistry.testkit.linearizability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.ConflictException;
import io.modelregistry.OutcomeToken;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.testkit.linearizability.History.Found;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is recorded of calls that end in each way. */
class HistoryTest {
    private final AtomicLong clock = new AtomicLong();
    private final History history = new History(clock::incrementAndGet);

    @Test
    void answersAreRecordedWithTheirTimes() {
        history.write("ada", "a", () -> 1);
        history.read("ben", () -> Optional.of(new Found(1, "a")));
        history.read("ben", Optional::empty);

        assertThat(history.operations())
                .containsExactly(
                        TimedOperation.written("ada", 1, 2, 1, "a"),
                        TimedOperation.read("ben", 3, 4, 1, "a"),
                        TimedOperation.read("ben", 5, 6, 0, null));
    }

    @Test
    void whatAWriteSaysOfItsOutcomeIsRecorded() {
        history.write("ada", "conflict", () -> {
            throw new ConflictException("another was faster", null);
        });
        history.write("ada", "unknown", () -> {
            throw new OutcomeUnknownException("who knows", new OutcomeToken("versions/tumor", 1, "00", null), null);
        });

        assertThat(history.operations())
                .containsExactly(
                        TimedOperation.refused("ada", 1, 2, "conflict"), TimedOperation.unknown("ada", 3, "unknown"));
    }

    @Test
    void aWriteThatNeverReturnedMayHaveBeenDone() {
        assertThatThrownBy(() -> history.write("ada", "a", () -> {
                    throw new IllegalStateException("closed");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(history.operations()).containsExactly(TimedOperation.unknown("ada", 1, "a"));
    }

    @Test
    void aReadThatFailsSaysNothing() {
        history.read("ada", () -> {
            throw new StoreUnavailableException("later", null);
        });

        assertThat(history.operations()).isEmpty();
    }

    @Test
    void whatOneProcessWritesDownAnotherReads() {
        List<TimedOperation> operations = List.of(
                TimedOperation.written("ada", 1, 2, 1, "a: b"),
                TimedOperation.refused("ada", 3, 4, "c"),
                TimedOperation.unknown("ada", -5, ""),
                TimedOperation.read("ben", 5, 6, 0, null),
                TimedOperation.read("ben", 5, 6, 1, "a: b"));

        assertThat(operations.stream().map(TimedOperation::toLine).map(TimedOperation::parse))
                .isEqualTo(operations);
    }

    @Test
    void aLineThatIsNoOperationIsRefused() {
        assertThatThrownBy(() -> TimedOperation.parse("killed half-w"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not an operation: killed half-w");
    }
}
