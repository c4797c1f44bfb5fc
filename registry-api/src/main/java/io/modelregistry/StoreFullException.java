package io.modelregistry;

import org.jspecify.annotations.Nullable;

/** There is no room in the store or in the local cache. Nothing was written. Make room, then try again. */
public final class StoreFullException extends StoreUnavailableException {
    private static final long serialVersionUID = 1L;

    public StoreFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
