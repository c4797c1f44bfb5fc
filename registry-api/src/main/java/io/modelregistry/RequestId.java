package io.modelregistry;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * The caller's own name for one change, such as a CI job's id: repeating the change with the same id returns the first outcome
 * instead of applying it twice. Holds while fewer than 32 other requests followed in the same stream.
 *
 * @param value 1 to 128 of {@code A-Z a-z 0-9 . _ : / -}
 */
public record RequestId(String value) implements Serializable {
    private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9._:/-]{1,128}");

    public RequestId {
        if (!PATTERN.matcher(value).matches()) {
            throw new InvalidRequestException("Not a request id: \"" + Names.printable(value)
                    + "\": it has 1 to 128 of A-Z, a-z, 0-9, '.', '_', ':', '/', '-'");
        }
    }

    public static RequestId of(String value) {
        return new RequestId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
