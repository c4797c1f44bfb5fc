package io.modelregistry;

import java.util.regex.Pattern;

/**
 * Names a note: 32 hexadecimal digits.
 *
 * @param value chosen by chance when the note is written
 */
public record NoteId(String value) implements Comparable<NoteId> {
    private static final Pattern PATTERN = Pattern.compile("[0-9a-f]{32}");

    public NoteId {
        if (!PATTERN.matcher(value).matches()) {
            throw new InvalidRequestException(
                    "Not the id of a note: \"" + Names.printable(value) + "\": it has 32 digits of 0-9 and a-f");
        }
    }

    public static NoteId of(String value) {
        return new NoteId(value);
    }

    @Override
    public int compareTo(NoteId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
