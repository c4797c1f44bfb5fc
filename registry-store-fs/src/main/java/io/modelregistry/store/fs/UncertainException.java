package io.modelregistry.store.fs;

import java.io.IOException;

/** The step that decides may have been taken, or may not. */
final class UncertainException extends IOException {
    private static final long serialVersionUID = 1L;

    private final IOException failure;

    UncertainException(IOException failure) {
        super(failure.getMessage(), failure);
        this.failure = failure;
    }

    IOException failure() {
        return failure;
    }
}
