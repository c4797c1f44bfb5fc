package io.modelregistry.testkit.linearizability;

import static io.modelregistry.testkit.linearizability.TimedOperation.read;
import static io.modelregistry.testkit.linearizability.TimedOperation.refused;
import static io.modelregistry.testkit.linearizability.TimedOperation.unknown;
import static io.modelregistry.testkit.linearizability.TimedOperation.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.testkit.linearizability.StreamLinearizability.Violation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the check lets pass, what it doesn't, and which operations it names. */
class StreamLinearizabilityTest {
    private static final TimedOperation FIRST = written("ada", 10, 20, 1, "a");
    private static final TimedOperation SECOND = written("ben", 30, 40, 2, "b");

    @Test
    void operationsAtTheSameTimeMayComeAboutInEitherOrder() {
        TimedOperation before = read("carol", 15, 25, 0, null);
        TimedOperation after = read("dan", 15, 25, 1, "a");

        assertThat(check(List.of("a"), FIRST, before, after)).isEmpty();
    }

    @Test
    void anUnknownWriteMayComeAboutAtAnyTimeOrNever() {
        TimedOperation came = unknown("carol", 5, "late");
        TimedOperation never = unknown("dan", 5, "never");
        TimedOperation found = read("ben", 50, 60, 2, "late");

        assertThat(check(List.of("a", "late"), FIRST, came, never, found)).isEmpty();
    }

    @Test
    void aReadMustNotMissWhatWasAcknowledgedBefore() {
        TimedOperation stale = read("carol", 41, 45, 1, "a");

        assertThat(check(List.of("a", "b"), FIRST, SECOND, stale))
                .containsExactly(new Violation(
                        "the first had ended when the second began, and comes after it", List.of(SECOND, stale)));
    }

    @Test
    void aReadMustNotMissWhatAnotherReadHasFound() {
        TimedOperation slow = written("ben", 30, 90, 2, "b");
        TimedOperation found = read("carol", 40, 50, 2, "b");
        TimedOperation missed = read("dan", 60, 70, 1, "a");

        assertThat(check(List.of("a", "b"), FIRST, slow, found, missed))
                .extracting(Violation::operations)
                .containsExactly(List.of(found, missed));
    }

    @Test
    void aReadMustNotFindWhatNobodyHadBegunToWrite() {
        TimedOperation early = read("carol", 22, 28, 2, "b");

        assertThat(check(List.of("a", "b"), FIRST, SECOND, early))
                .extracting(Violation::operations)
                .containsExactly(List.of(early, SECOND));
    }

    @Test
    void aWriteMustNotComeBeforeOneThatWasAcknowledgedWhenItBegan() {
        TimedOperation later = written("ben", 30, 40, 1, "b");
        TimedOperation earlier = written("ada", 10, 20, 2, "a");

        assertThat(check(List.of("b", "a"), earlier, later))
                .extracting(Violation::operations)
                .containsExactly(List.of(earlier, later));
    }

    @Test
    void aClientMustNotGoBackEvenIfTheClockStandsStill() {
        TimedOperation forth = read("carol", 41, 45, 2, "b");
        TimedOperation back = read("carol", 45, 45, 1, "a");

        assertThat(check(List.of("a", "b"), FIRST, written("ben", 30, 45, 2, "b"), forth, back))
                .containsExactly(new Violation("a client went back", List.of(forth, back)));
    }

    @Test
    void anAcknowledgedWriteMustStandAtItsPlace() {
        assertThat(check(List.of("a"), FIRST, SECOND))
                .containsExactly(new Violation("an acknowledged write doesn't stand at its place", List.of(SECOND)));
    }

    @Test
    void aRefusedWriteMustNotStand() {
        TimedOperation refused = refused("ben", 30, 40, "b");

        assertThat(check(List.of("a", "b"), FIRST, refused))
                .containsExactly(new Violation("a refused write stands at 2", List.of(refused)));
    }

    @Test
    void noWriteMayStandTwice() {
        assertThat(check(List.of("a", "a"), FIRST))
                .containsExactly(new Violation("\"a\" stands at 1 and again at 2", List.of(FIRST)));
    }

    @Test
    void nothingStandsThatNobodyWrote() {
        assertThat(check(List.of("a", "x"), FIRST))
                .containsExactly(new Violation("\"x\" stands at 2, and nobody wrote it", List.of()));
    }

    @Test
    void whatWasFoundMustStandThere() {
        TimedOperation wrong = read("carol", 50, 60, 1, "b");
        TimedOperation beyond = read("dan", 50, 60, 3, "c");

        assertThat(check(List.of("a", "b"), FIRST, SECOND, wrong, beyond))
                .containsExactly(
                        new Violation("what was found doesn't stand there", List.of(wrong)),
                        new Violation("what was found doesn't stand there", List.of(beyond)));
    }

    @Test
    void aViolationSaysWhatItsClientsWereTold() {
        assertThat(check(List.of(), FIRST).get(0))
                .hasToString("an acknowledged write doesn't stand at its place: [ada wrote \"a\" at 1 [10, 20]]");
    }

    @Test
    void twoWritesOfOneValueCannotBeToldApart() {
        assertThatThrownBy(() -> check(List.of("a"), FIRST, unknown("ben", 10, "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Two writes have one value: ada wrote \"a\"");
    }

    private static List<Violation> check(List<String> stream, TimedOperation... operations) {
        return StreamLinearizability.check(Arrays.asList(operations), stream);
    }
}
