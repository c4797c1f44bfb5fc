package io.modelregistry.testkit;

/**
 * What goes wrong with one call. "Unknown" below is a {@code StorageException} of kind {@code UNKNOWN} for a write and of kind
 * {@code UNAVAILABLE} for a read, as the contract of the backend says.
 *
 * @param at the position of a fault that has one, else -1: a byte for {@code TRUNCATED}, {@code FLIPPED} and {@code BROKEN}, taken modulo
 *     the length, or -1 for the middle; for {@code LATE_LANDING} how many calls later
 */
public record Fault(FaultType type, long at) {
    /** Nothing goes wrong. */
    public static final Fault NONE = of(FaultType.NONE);

    /** The request doesn't reach the store: unknown. */
    public static final Fault LOST_REQUEST = of(FaultType.LOST_REQUEST);

    /** The request takes effect: unknown. */
    public static final Fault LOST_ANSWER = of(FaultType.LOST_ANSWER);

    /** A write is under way until {@link FaultyBackend#landLate}: unknown. */
    public static final Fault LATE_LANDING = of(FaultType.LATE_LANDING);

    /** A write reaches the store twice, and the second answer is given: what the retry inside an SDK does. */
    public static final Fault DUPLICATE = of(FaultType.DUPLICATE);

    /** A write meets another at the same moment and has no effect: unknown. */
    public static final Fault CONFLICT_409 = of(FaultType.CONFLICT_409);

    /** As {@link #CONFLICT_409}, but the write has taken effect. */
    public static final Fault CONFLICT_409_APPLIED = of(FaultType.CONFLICT_409_APPLIED);

    /** The store has had enough: unknown. */
    public static final Fault THROTTLED_429 = of(FaultType.THROTTLED_429);

    /** As {@link #THROTTLED_429}, but the request has taken effect. */
    public static final Fault THROTTLED_429_APPLIED = of(FaultType.THROTTLED_429_APPLIED);

    /** The store fails: unknown. */
    public static final Fault UNAVAILABLE_503 = of(FaultType.UNAVAILABLE_503);

    /** As {@link #UNAVAILABLE_503}, but the request has taken effect. */
    public static final Fault UNAVAILABLE_503_APPLIED = of(FaultType.UNAVAILABLE_503_APPLIED);

    /** The request was certainly not sent: kind {@code UNAVAILABLE}. */
    public static final Fault UNAVAILABLE = of(FaultType.UNAVAILABLE);

    /** The store refuses: kind {@code DENIED}. */
    public static final Fault DENIED = of(FaultType.DENIED);

    /** No room for a write: kind {@code FULL}. */
    public static final Fault FULL = of(FaultType.FULL);

    /** {@code get} gives the first small content this client saw or wrote at the key; nothing when it saw none before. */
    public static final Fault STALE = of(FaultType.STALE);

    /** {@code get} gives the first half of the bytes, as if the object had no more. */
    public static final Fault TORN = of(FaultType.TORN);

    /** {@code get} gives an object of no bytes. */
    public static final Fault EMPTY = of(FaultType.EMPTY);

    /** {@code get} gives noise of the right length. */
    public static final Fault GARBAGE = of(FaultType.GARBAGE);

    /** {@code get} gives as many bytes as the caller lets it, the beginning of 50 MB. */
    public static final Fault HUGE = of(FaultType.HUGE);

    /** One bit of the middle byte of {@code get} or {@code read} is another. */
    public static final Fault FLIPPED = of(FaultType.FLIPPED);

    /** The stream of {@code read} ends in the middle. */
    public static final Fault TRUNCATED = of(FaultType.TRUNCATED);

    /** The stream of {@code read} throws an {@link java.io.IOException} in the middle. */
    public static final Fault BROKEN = of(FaultType.BROKEN);

    /** The process is killed before the request is sent: {@link SimulatedCrash} from this call and from every later one. */
    public static final Fault CRASH_BEFORE = of(FaultType.CRASH_BEFORE);

    /** As {@link #CRASH_BEFORE}, but the request takes effect. */
    public static final Fault CRASH_AFTER = of(FaultType.CRASH_AFTER);

    /** A fault of this type, in the middle where it has a position. */
    public static Fault of(FaultType type) {
        return new Fault(type, -1);
    }

    /** As {@link #LATE_LANDING}, but the write lands by itself just before the n-th call after this one. */
    public static Fault lateLandingBefore(long nthCall) {
        return new Fault(FaultType.LATE_LANDING, nthCall);
    }

    /** As {@link #FLIPPED}, in this byte. */
    public static Fault flippedAt(long byteIndex) {
        return new Fault(FaultType.FLIPPED, byteIndex);
    }

    /** As {@link #TRUNCATED}, after so many bytes. */
    public static Fault truncatedAt(long bytes) {
        return new Fault(FaultType.TRUNCATED, bytes);
    }

    /** As {@link #BROKEN}, after so many bytes. */
    public static Fault brokenAt(long bytes) {
        return new Fault(FaultType.BROKEN, bytes);
    }

    /** {@code LOST_ANSWER}, {@code BROKEN at 17}. */
    @Override
    public String toString() {
        return at < 0 ? type.name() : type.name() + " at " + at;
    }

    long positionWithin(long length) {
        return at < 0 ? length / 2 : at % Math.max(1, length);
    }
}
