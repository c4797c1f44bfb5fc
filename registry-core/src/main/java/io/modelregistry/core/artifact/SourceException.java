package io.modelregistry.core.artifact;

import org.jspecify.annotations.Nullable;

/**
 * A file to register can't be read any more, or is no longer what it was when it was hashed. Says nothing about the
 * store.
 */
final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SourceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
