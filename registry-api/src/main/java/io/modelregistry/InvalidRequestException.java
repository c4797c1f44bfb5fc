package io.modelregistry;

import org.jspecify.annotations.Nullable;

/** The request can't be carried out as it is, now or later. Fix it; nothing was written. */
public class InvalidRequestException extends RegistryException {
    private static final long serialVersionUID = 1L;

    public InvalidRequestException(String message) {
        this(message, null);
    }

    public InvalidRequestException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
