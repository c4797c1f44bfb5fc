package io.modelregistry.core.log;

/**
 * A stream, named by the folder of its entries: {@code environments/production/fraud-detector}. Made by {@link KeyLayout}.
 */
public record StreamName(String path) implements Comparable<StreamName> {

    /** The prefix of the stream's entries. */
    public String prefix() {
        return path + "/";
    }

    /** Whether the stream has one entry at most: its reader needs no hint, and nothing can lie beyond the end. */
    public boolean hasOneEntry() {
        return path.startsWith(KeyLayout.LABELS);
    }

    @Override
    public int compareTo(StreamName other) {
        return path.compareTo(other.path);
    }

    @Override
    public String toString() {
        return path;
    }
}
