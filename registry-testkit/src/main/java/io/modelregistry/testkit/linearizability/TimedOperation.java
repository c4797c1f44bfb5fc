package io.modelregistry.testkit.linearizability;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One operation on a stream as its client saw it. Immutable.
 *
 * @param client does one operation after the other
 * @param invoked when the call began, on a clock that all clients share
 * @param returned when the client was told; {@link Long#MAX_VALUE} for an unknown outcome, which may come about at any time later
 * @param position of the entry that was written or found to be the newest, from 1; 0 when a read found none, or when a write doesn't know
 * @param value what the entry holds, without tabs and line breaks; no two writes have the same. Null when a read found no entry
 */
public record TimedOperation(
        String client,
        Kind kind,
        Outcome outcome,
        long invoked,
        long returned,
        long position,
        @Nullable String value) {

    /** What the operation did. */
    public enum Kind {
        /** Append one entry. */
        WRITE,
        /** Read the newest entry. */
        READ
    }

    /** What the client was told. */
    public enum Outcome {
        /** It was done; the position and the value tell what. */
        DONE,
        /** It was not done, and never will be. */
        REFUSED,
        /** It may have been done, or may yet be, once. */
        UNKNOWN
    }

    private static final String SEPARATOR = "\t";
    private static final Pattern UNFIT = Pattern.compile("[\t\r\n]");

    public TimedOperation {
        if (returned < invoked) {
            throw new IllegalArgumentException(
                    client + " was answered at " + returned + " before it asked at " + invoked);
        }
        if (UNFIT.matcher(client).find()
                || (value != null && UNFIT.matcher(value).find())) {
            throw new IllegalArgumentException(
                    "A client and a value are one line without tabs: " + client + ", " + value);
        }
        if (value == null && (kind == Kind.WRITE || position > 0)) {
            throw new IllegalArgumentException("Only a read that found nothing has no value");
        }
    }

    /** An append that was acknowledged. */
    public static TimedOperation written(String client, long invoked, long returned, long position, String value) {
        return new TimedOperation(client, Kind.WRITE, Outcome.DONE, invoked, returned, position, value);
    }

    /** An append that was refused for certain. */
    public static TimedOperation refused(String client, long invoked, long returned, String value) {
        return new TimedOperation(client, Kind.WRITE, Outcome.REFUSED, invoked, returned, 0, value);
    }

    /** An append that may have come about, or may yet. */
    public static TimedOperation unknown(String client, long invoked, String value) {
        return new TimedOperation(client, Kind.WRITE, Outcome.UNKNOWN, invoked, Long.MAX_VALUE, 0, value);
    }

    /**
     * A read of the newest entry.
     *
     * @param position 0 for none
     * @param value null for none
     */
    public static TimedOperation read(
            String client, long invoked, long returned, long position, @Nullable String value) {
        return new TimedOperation(client, Kind.READ, Outcome.DONE, invoked, returned, position, value);
    }

    /** One line that {@link #parse} reads, so that a process can write down what it did. */
    public String toLine() {
        return String.join(
                SEPARATOR,
                client,
                kind.name(),
                outcome.name(),
                Long.toString(invoked),
                Long.toString(returned),
                Long.toString(position),
                value == null ? "" : "=" + value);
    }

    /** Reads what {@link #toLine} wrote. */
    public static TimedOperation parse(String line) {
        String[] fields = line.split(SEPARATOR, -1);
        if (fields.length != 7) {
            throw new IllegalArgumentException("Not an operation: " + line);
        }
        return new TimedOperation(
                fields[0],
                Kind.valueOf(fields[1]),
                Outcome.valueOf(fields[2]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[4]),
                Long.parseLong(fields[5]),
                fields[6].isEmpty() ? null : fields[6].substring(1));
    }

    @Override
    public String toString() {
        String what = switch (kind) {
            case WRITE ->
                switch (outcome) {
                    case DONE -> "wrote \"" + value + "\" at " + position;
                    case REFUSED -> "was refused \"" + value + "\"";
                    case UNKNOWN -> "may have written \"" + value + "\"";
                };
            case READ -> value == null ? "found nothing" : "found \"" + value + "\" at " + position;
        };
        return client + " " + what + " [" + invoked + ", " + (returned == Long.MAX_VALUE ? "…" : returned) + "]";
    }
}
