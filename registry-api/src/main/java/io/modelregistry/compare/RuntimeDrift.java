package io.modelregistry.compare;

import io.modelregistry.version.RuntimeSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the software a process runs with differs from what was captured when a version was registered: the JVM, the operating system, the
 * architecture, this library, and each element of the class path by its version and digest.
 *
 * @param differences the machine's first, then the class path's by name; {@code before} is what was captured, {@code after} what is there now
 */
public record RuntimeDrift(List<ValueDifference> differences) {
    private static final int MOST_NAMED = 5;

    public RuntimeDrift {
        differences = List.copyOf(differences);
    }

    public static RuntimeDrift between(RuntimeSnapshot captured, RuntimeSnapshot now) {
        List<ValueDifference> differences = new ArrayList<>(Facts.differences(Facts.of(captured), Facts.of(now)));
        differences.sort(Comparator.comparing(difference -> !Facts.MACHINE.contains(difference.name())));
        return new RuntimeDrift(differences);
    }

    /** Whether both are the same. */
    public boolean isNone() {
        return differences.isEmpty();
    }

    /** A table for a terminal. */
    public String toText() {
        return isNone() ? "no drift\n" : ComparisonText.plain(this);
    }

    /** One line for a log: {@code java: 17.0.15 Debian → 21.0.5 Debian; …}, the first few. */
    @Override
    public String toString() {
        if (isNone()) {
            return "no drift";
        }
        String named = differences.stream()
                .limit(MOST_NAMED)
                .map(d -> d.name() + ": " + ComparisonText.oneLine(d.before()) + " → "
                        + ComparisonText.oneLine(d.after()))
                .collect(Collectors.joining("; "));
        int more = differences.size() - MOST_NAMED;
        return more > 0 ? named + "; and " + more + " more" : named;
    }
}
