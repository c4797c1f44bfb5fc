package io.modelregistry;

import org.jspecify.annotations.Nullable;

/** Somebody else's change came first, and this one is not in force. Look at what changed and decide again. */
public final class ConflictException extends RegistryException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Revision actual;

    public ConflictException(String message, @Nullable Revision actual) {
        super(message, null);
        this.actual = actual;
    }

    /** The newest revision of the stream; null when the stream is empty. */
    public @Nullable Revision actual() {
        return actual;
    }
}
