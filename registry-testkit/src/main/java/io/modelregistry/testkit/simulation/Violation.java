package io.modelregistry.testkit.simulation;

import org.jspecify.annotations.Nullable;

/**
 * An invariant does not hold. An {@link Error}, so that nothing which handles failures handles it; the {@link World} also keeps the first one, should it be
 * swallowed all the same.
 */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final String invariant;

    Violation(String invariant, String what) {
        this(invariant, what, null);
    }

    Violation(String invariant, String what, @Nullable Throwable cause) {
        super(invariant + ": " + what, cause);
        this.invariant = invariant;
    }

    /** What does not hold. */
    String invariant() {
        return invariant;
    }
}
