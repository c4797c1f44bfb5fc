package io.modelregistry.core.json;

import org.jspecify.annotations.Nullable;

/** Stored text is not what its format says. Callers add which key it was and throw what their users expect. */
public final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedException(String message) {
        this(message, null);
    }

    public MalformedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
