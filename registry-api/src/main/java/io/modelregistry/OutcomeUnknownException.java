package io.modelregistry;

import org.jspecify.annotations.Nullable;

/**
 * The change may stand, or may still come to stand. Ask {@link ModelRegistry#outcome} with the token, or repeat the operation with the same
 * request id: it is then applied exactly once. Repeating it without a request id may apply it twice.
 */
public final class OutcomeUnknownException extends RegistryException {
    private static final long serialVersionUID = 1L;

    private final OutcomeToken token;

    public OutcomeUnknownException(String message, OutcomeToken token, @Nullable Throwable cause) {
        super(message, cause);
        this.token = token;
    }

    public OutcomeToken token() {
        return token;
    }
}
