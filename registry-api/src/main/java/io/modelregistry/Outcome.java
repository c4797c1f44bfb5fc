package io.modelregistry;

/** What became of an operation that was interrupted. */
public enum Outcome {
    /** The change stands. */
    COMMITTED,
    /** The change doesn't stand and never will: another change took its place. */
    NOT_COMMITTED,
    /** Nothing stands at its place yet; a delayed request may still arrive. Repeating with the same request id is safe. */
    STILL_UNKNOWN
}
