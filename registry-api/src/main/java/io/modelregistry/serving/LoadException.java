package io.modelregistry.serving;

import io.modelregistry.RegistryException;

/** The first version that was to be served can't be made ready. The cause says why: mend the loader, or promote another version. */
public final class LoadException extends RegistryException {
    private static final long serialVersionUID = 1L;

    private final transient LoadFailure failure;

    public LoadException(LoadFailure failure) {
        super(failure + ". Mend the loader, or promote another version", failure.cause());
        this.failure = failure;
    }

    public LoadFailure failure() {
        return failure;
    }
}
