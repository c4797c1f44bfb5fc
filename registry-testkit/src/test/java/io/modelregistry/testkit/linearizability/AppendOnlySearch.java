package io.modelregistry.testkit.linearizability;

import io.modelregistry.testkit.linearizability.TimedOperation.Kind;
import io.modelregistry.testkit.linearizability.TimedOperation.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides linearizability as it is defined, by searching through the orders in which the operations may have come about, and so without any idea of
 * how streams work: J. Wing and C. Gong, "Testing and verifying concurrent objects" (1993), with the memory of G. Lowe, "Testing for linearizability" (2017).
 * For short histories: at most 63 operations, and time that grows with their overlap.
 */
final class AppendOnlySearch {
    private final List<TimedOperation> operations;
    private final List<String> stream;
    /** What has been carried out, and what then stands, where the search has been in vain. */
    private final Set<Visited> visited = new HashSet<>();

    private record Visited(long done, List<String> state) {}

    private AppendOnlySearch(List<TimedOperation> operations, List<String> stream) {
        this.operations = operations;
        this.stream = stream;
    }

    /** Whether a register that only ever appends can have given these answers and hold this in the end. */
    static boolean isLinearizable(List<TimedOperation> operations, List<String> stream) {
        List<TimedOperation> carriedOut =
                operations.stream().filter(o -> o.outcome() != Outcome.REFUSED).toList();
        return new AppendOnlySearch(carriedOut, stream).search(0, List.of());
    }

    private boolean search(long done, List<String> state) {
        if (isEnd(done) && state.equals(stream)) {
            return true;
        }
        if (!visited.add(new Visited(done, state))) {
            return false;
        }
        for (int i = 0; i < operations.size(); i++) {
            if (mayBeNext(i, done)) {
                List<String> next = after(operations.get(i), state);
                if (next != null && search(done | 1L << i, next)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isEnd(long done) {
        for (int i = 0; i < operations.size(); i++) {
            if ((done & 1L << i) == 0 && operations.get(i).outcome() == Outcome.DONE) {
                return false;
            }
        }
        return true;
    }

    /** Nothing that isn't carried out yet had ended when it began. */
    private boolean mayBeNext(int candidate, long done) {
        if ((done & 1L << candidate) != 0) {
            return false;
        }
        for (int i = 0; i < operations.size(); i++) {
            if ((done & 1L << i) == 0
                    && operations.get(i).returned() < operations.get(candidate).invoked()) {
                return false;
            }
        }
        return true;
    }

    /** What stands when the operation has been carried out; null if its answer would have been another. */
    private static List<String> after(TimedOperation operation, List<String> state) {
        if (operation.kind() == Kind.READ) {
            String newest = state.isEmpty() ? null : state.get(state.size() - 1);
            boolean right = operation.position() == state.size()
                    && (newest == null ? operation.value() == null : newest.equals(operation.value()));
            return right ? state : null;
        }
        List<String> next = new ArrayList<>(state);
        next.add(operation.value());
        return operation.outcome() == Outcome.UNKNOWN || operation.position() == next.size() ? next : null;
    }
}
