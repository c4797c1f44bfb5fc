package io.modelregistry;

import org.jspecify.annotations.Nullable;

/** The store refuses this caller. Nothing was written. The message names the key and the permission that is missing. */
public final class AccessDeniedException extends RegistryException {
    private static final long serialVersionUID = 1L;

    public AccessDeniedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
