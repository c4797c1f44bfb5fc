package io.modelregistry.storage;

import org.jspecify.annotations.Nullable;

/**
 * The one exception of a {@link StorageBackend}. The kind says what is certain; the message says what the store said and what a person can do,
 * naming the key, the path or bucket, and the missing permission where there is one.
 */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is certain after the failure. */
    public enum Kind {
        /** The store refuses this caller. Nothing changed. Repeating doesn't help; a permission is missing. */
        DENIED,
        /** The store could not be asked or could not answer. Nothing changed. Repeating may help. */
        UNAVAILABLE,
        /** The operation may have taken effect, or may still do so. */
        UNKNOWN,
        /** There is no room. Nothing changed. */
        FULL,
        /** The object to read is not there. */
        MISSING,
        /** The store can't do what the registry needs, or is set up wrongly. Nothing changed. */
        UNSUITABLE
    }

    private final Kind kind;

    public StorageException(Kind kind, String message) {
        this(kind, message, null);
    }

    public StorageException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
