package io.modelregistry.testkit;

import java.util.Locale;

/** The operations of a {@link io.modelregistry.storage.StorageBackend} that may go to the store. */
public enum Operation {
    CREATE(true),
    GET(false),
    STAT(false),
    OVERWRITE(true),
    LIST(false),
    UPLOAD(true),
    READ(false),
    DELETE(true),
    STORE_TIME(false);

    private final boolean write;

    Operation(boolean write) {
        this.write = write;
    }

    /** Whether it may change the store, and its outcome may therefore be unknown. */
    public boolean isWrite() {
        return write;
    }

    /** {@code create}, {@code store time}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
