package io.modelregistry.testkit;

import io.modelregistry.storage.StorageException;

/** The ways in which a call can go wrong. {@link Fault} says what each does to the caller. */
public enum FaultType {
    NONE(Befalls.ALL, false, ""),

    LOST_REQUEST(Befalls.ALL, false, "the connection was reset"),
    LOST_ANSWER(Befalls.ALL, true, "the answer did not arrive"),
    LATE_LANDING(Befalls.WRITES, false, "timed out, the request is still under way"),
    DUPLICATE(Befalls.WRITES, true, ""),

    CONFLICT_409(Befalls.WRITES, false, "409 conflict"),
    CONFLICT_409_APPLIED(Befalls.WRITES, true, "409 conflict"),
    THROTTLED_429(Befalls.ALL, false, "429 too many requests"),
    THROTTLED_429_APPLIED(Befalls.ALL, true, "429 too many requests"),
    UNAVAILABLE_503(Befalls.ALL, false, "503 slow down"),
    UNAVAILABLE_503_APPLIED(Befalls.ALL, true, "503 slow down"),

    UNAVAILABLE(Befalls.ALL, false, "cannot connect"),
    DENIED(Befalls.ALL, false, "403 forbidden"),
    FULL(Befalls.WRITES, false, "no space left"),

    STALE(Befalls.GET, true, ""),
    TORN(Befalls.GET, true, ""),
    EMPTY(Befalls.GET, true, ""),
    GARBAGE(Befalls.GET, true, ""),
    HUGE(Befalls.GET, true, ""),
    FLIPPED(Befalls.CONTENT, true, ""),
    TRUNCATED(Befalls.READ, true, ""),
    BROKEN(Befalls.READ, true, ""),

    CRASH_BEFORE(Befalls.ALL, false, ""),
    CRASH_AFTER(Befalls.ALL, true, "");

    private final Befalls befalls;
    private final boolean applied;
    private final String storeSaid;

    FaultType(Befalls befalls, boolean applied, String storeSaid) {
        this.befalls = befalls;
        this.applied = applied;
        this.storeSaid = storeSaid;
    }

    /** Whether this can happen to such a call. */
    public boolean canBefall(Operation operation) {
        return switch (befalls) {
            case ALL -> true;
            case WRITES -> operation.isWrite();
            case GET -> operation == Operation.GET;
            case READ -> operation == Operation.READ;
            case CONTENT -> operation == Operation.GET || operation == Operation.READ;
        };
    }

    /** Whether the request takes effect before the caller is told anything. */
    public boolean isApplied() {
        return applied;
    }

    StorageException failureOf(Call call) {
        return new StorageException(kindFor(call.operation()), "Simulated at call " + call + ": " + storeSaid);
    }

    private StorageException.Kind kindFor(Operation operation) {
        return switch (this) {
            case DENIED -> StorageException.Kind.DENIED;
            case FULL -> StorageException.Kind.FULL;
            case UNAVAILABLE -> StorageException.Kind.UNAVAILABLE;
            default -> operation.isWrite() ? StorageException.Kind.UNKNOWN : StorageException.Kind.UNAVAILABLE;
        };
    }

    private enum Befalls {
        ALL,
        WRITES,
        GET,
        READ,
        CONTENT
    }
}
