package io.modelregistry.testkit.simulation;

import io.modelregistry.OutcomeToken;
import io.modelregistry.OutcomeUnknownException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call of the registry by one process, and how it ended. Filled in while it runs; not thread-safe. */
final class Attempt {
    /** How an attempt ended. */
    enum End {
        RUNNING,
        /** It returned: what it was to do is done. */
        DONE,
        /** An exception that says what is certain. */
        REFUSED,
        /** An exception that says that nothing is certain. */
        UNKNOWN,
        /** The process died. */
        CRASHED
    }

    final Intent intent;
    final Client process;
    final long invoked;
    final Instant invokedAt;
    /** What its process took the time for. */
    final Instant clock;
    /** What this process had seen of the stream before. */
    final long floor;
    /** The environment's handle it goes through; null when it is about no environment. */
    final @Nullable Handle handle;
    /** The revision that it stated or its handle remembered; -1 when it relied on the present. */
    final long expected;

    long returned = Long.MAX_VALUE;
    /** What its process took the time for when it ended. */
    Instant clockReturned = Instant.MAX;

    End end = End.RUNNING;
    /** Whether it took all the time that an operation is given. */
    boolean ranOut;

    @Nullable
    Throwable error;
    /** The sequence number that was returned; 0 for none. */
    long position;
    /** How it was answered before it was judged: what a reader was told beside a position. */
    @Nullable
    Object answer;
    /** What the store confirmed meanwhile of what is served from memory, by stream. */
    final Map<String, Long> confirmed = new HashMap<>();
    /** What its process's calls met meanwhile, such as {@code LOST_ANSWER}. */
    final List<String> disturbances = new ArrayList<>();
    /** What became of its creates of entries, one letter each; see {@link SlotTrace}. */
    final SlotTrace slots = new SlotTrace();

    Attempt(Intent intent, Client process, long invoked, Instant invokedAt, long floor, @Nullable Handle handle) {
        this.intent = intent;
        this.process = process;
        this.invoked = invoked;
        this.invokedAt = invokedAt;
        this.clock = process.clock();
        this.floor = floor;
        this.handle = handle;
        boolean states = intent.stated() >= 0 || intent.kind() == Kind.HALT;
        this.expected = states || handle == null ? intent.stated() : handle.remembered;
    }

    /** Whether something happened while it ran. */
    boolean isDuring(LedgerEntry entry) {
        return entry.tick() > invoked && entry.tick() < returned;
    }

    boolean isDone() {
        return end == End.DONE;
    }

    boolean isOpen() {
        return end == End.UNKNOWN || end == End.CRASHED;
    }

    @Nullable
    OutcomeToken token() {
        return error instanceof OutcomeUnknownException unknown ? unknown.token() : null;
    }

    @Override
    public String toString() {
        return intent + " by " + process + ": " + end + (position > 0 ? " at " + position : "")
                + (error == null ? "" : " (" + error.getClass().getSimpleName() + ": " + error.getMessage() + ")");
    }
}
