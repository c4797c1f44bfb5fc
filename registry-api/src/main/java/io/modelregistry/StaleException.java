package io.modelregistry;

import org.jspecify.annotations.Nullable;

/** The store has not answered for longer than {@link RegistryOptions#maxStaleness} allows. */
public final class StaleException extends RegistryException {
    private static final long serialVersionUID = 1L;

    public StaleException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
