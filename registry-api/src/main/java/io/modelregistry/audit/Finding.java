package io.modelregistry.audit;

/**
 * Something {@code verify} has to say about a key.
 *
 * @param key the key, or the prefix, that it is about
 * @param message what was expected, what was found, and what to do
 */
public record Finding(Severity severity, String key, String message) {

    /** How bad it is. */
    public enum Severity {
        /** The history or the bytes of a version are damaged. */
        ERROR,
        /** Nothing is lost, but somebody should look. */
        WARNING,
        /** Left-overs that do no harm. */
        NOTE
    }

    @Override
    public String toString() {
        return severity + " " + key + ": " + message;
    }
}
