package io.modelregistry.lifecycle;

/** A step in the life of a version. */
public enum LifecycleMove {
    /** A contributor asks for review. */
    SUBMIT,
    /** Reviewers agree. */
    APPROVE,
    /** A reviewer refuses. */
    REJECT,
    /** A reviewer advises against further use; it still resolves, with a warning. */
    DEPRECATE,
    /** A reviewer takes a deprecation back. */
    REINSTATE,
    /** A reviewer begins to retire it: from now on no environment can take it up. */
    BEGIN_RETIREMENT,
    /** No environment serves it: retired for good. */
    FINISH_RETIREMENT,
    /** Some environment serves it: back to the state before. */
    ABANDON_RETIREMENT
}
