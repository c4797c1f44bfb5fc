package io.modelregistry;

import org.jspecify.annotations.Nullable;

/**
 * The store could not be asked, or the operation ran out of time or was interrupted. It is certain that nothing was written and that nothing will
 * be: try again, with the same request id if there was one.
 */
public class StoreUnavailableException extends RegistryException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
