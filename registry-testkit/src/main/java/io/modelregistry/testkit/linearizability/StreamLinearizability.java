package io.modelregistry.testkit.linearizability;

import io.modelregistry.testkit.linearizability.TimedOperation.Kind;
import io.modelregistry.testkit.linearizability.TimedOperation.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a stream could have given the answers that its clients got, had it carried out every operation at one moment between the call and the answer.
 *
 * <p>In general that takes a search through the orders in which the operations may have come about. Here the stream itself is the order: the write of
 * entry 7 comes before every read that found entry 7, and those come before the write of entry 8. What remains to be checked is that no operation that
 * had ended before another began comes after it in that order. This says the following, and is equivalent to it:
 *
 * <ul>
 *   <li>an acknowledged write stands at its place, a refused one nowhere, an unknown one at most once; nothing else stands;
 *   <li>a read finds an entry no older than what was acknowledged, or found by anybody, before it began, and not one whose write began only after the read had ended;
 *   <li>of two writes of which one was acknowledged before the other began, the first has the lower position;
 *   <li>what one client does and finds never goes back.
 * </ul>
 */
public final class StreamLinearizability {
    private final List<TimedOperation> operations;
    private final List<String> stream;
    private final List<Violation> violations = new ArrayList<>();
    /** Where each value stands; the first place if it stands more than once. */
    private final Map<String, Integer> places = new HashMap<>();

    private StreamLinearizability(List<TimedOperation> operations, List<String> stream) {
        this.operations = operations;
        this.stream = stream;
    }

    /**
     * Something that no such stream can have done.
     *
     * @param operations those that contradict each other, or what stands
     */
    public record Violation(String what, List<TimedOperation> operations) {
        public Violation {
            operations = List.copyOf(operations);
        }

        @Override
        public String toString() {
            return what + ": " + operations;
        }
    }

    /**
     * Checks one history.
     *
     * @param operations all that were done to the stream since it was empty, each client's in their order
     * @param stream the values of its entries when all had ended, the first one first
     * @return what is wrong; empty when all is well
     */
    public static List<Violation> check(List<TimedOperation> operations, List<String> stream) {
        StreamLinearizability check = new StreamLinearizability(List.copyOf(operations), List.copyOf(stream));
        check.places();
        check.writers();
        List<Ranked> ranked = check.ranked();
        check.order(ranked);
        return List.copyOf(check.violations);
    }

    /** An operation and where it comes in the stream's order: the write of entry n, then the reads that found it. */
    private record Ranked(TimedOperation operation, long rank) {}

    private void places() {
        for (int i = 0; i < stream.size(); i++) {
            String value = stream.get(i);
            Integer before = places.putIfAbsent(value, i + 1);
            if (before != null) {
                violated("\"" + value + "\" stands at " + before + " and again at " + (i + 1), writesOf(value));
            }
        }
    }

    private void writers() {
        Map<String, TimedOperation> writers = new LinkedHashMap<>();
        for (TimedOperation operation : operations) {
            String value = operation.value();
            if (operation.kind() == Kind.WRITE && value != null) {
                TimedOperation other = writers.put(value, operation);
                if (other != null) {
                    throw new IllegalArgumentException("Two writes have one value: " + other + ", " + operation);
                }
            }
        }
        for (String value : places.keySet()) {
            if (!writers.containsKey(value)) {
                violated("\"" + value + "\" stands at " + places.get(value) + ", and nobody wrote it", List.of());
            }
        }
    }

    /** Everything that has a place in the stream. What contradicts the stream is a violation and has none. */
    private List<Ranked> ranked() {
        List<Ranked> ranked = new ArrayList<>();
        for (TimedOperation operation : operations) {
            String value = operation.value();
            Integer place = value == null ? null : places.get(value);
            if (operation.kind() == Kind.READ) {
                if (operation.position() == 0 || stands(operation)) {
                    ranked.add(new Ranked(operation, 2 * operation.position() + 1));
                } else {
                    violated("what was found doesn't stand there", List.of(operation));
                }
            } else if (operation.outcome() == Outcome.REFUSED && place != null) {
                violated("a refused write stands at " + place, List.of(operation));
            } else if (operation.outcome() == Outcome.DONE && !stands(operation)) {
                violated("an acknowledged write doesn't stand at its place", List.of(operation));
            } else if (place != null) {
                ranked.add(new Ranked(operation, 2L * place));
            }
        }
        return ranked;
    }

    private boolean stands(TimedOperation operation) {
        long position = operation.position();
        return position >= 1
                && position <= stream.size()
                && stream.get((int) position - 1).equals(operation.value());
    }

    /** No operation may come before one that had ended when it began: neither before the furthest one of all, nor before its client's last. */
    private void order(List<Ranked> ranked) {
        List<Ranked> byStart = new ArrayList<>(ranked);
        byStart.sort(Comparator.comparingLong(r -> r.operation().invoked()));
        List<Ranked> byEnd = new ArrayList<>(ranked);
        byEnd.sort(Comparator.comparingLong(r -> r.operation().returned()));
        Ranked furthest = null;
        int ended = 0;
        for (Ranked next : byStart) {
            while (byEnd.get(ended).operation().returned() < next.operation().invoked()) {
                Ranked one = byEnd.get(ended);
                furthest = furthest == null || one.rank() > furthest.rank() ? one : furthest;
                ended++;
            }
            if (furthest != null && furthest.rank() > next.rank()) {
                violated(
                        "the first had ended when the second began, and comes after it",
                        List.of(furthest.operation(), next.operation()));
            }
        }
        ownOrder(ranked);
    }

    /** One client's operations follow each other even if the clock didn't advance in between. */
    private void ownOrder(List<Ranked> ranked) {
        Map<String, Ranked> last = new HashMap<>();
        for (Ranked next : ranked) {
            Ranked before = last.put(next.operation().client(), next);
            if (before != null
                    && before.rank() > next.rank()
                    && before.operation().returned() == next.operation().invoked()) {
                violated("a client went back", List.of(before.operation(), next.operation()));
            }
        }
    }

    private List<TimedOperation> writesOf(String value) {
        return operations.stream()
                .filter(o -> o.kind() == Kind.WRITE && value.equals(o.value()))
                .toList();
    }

    private void violated(String what, List<TimedOperation> those) {
        violations.add(new Violation(what, those));
    }
}
