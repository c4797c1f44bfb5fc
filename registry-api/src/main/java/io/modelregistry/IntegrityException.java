package io.modelregistry;

import org.jspecify.annotations.Nullable;

/**
 * What is stored contradicts itself. Nothing is written on top of it. Stop and investigate: {@link ModelRegistry#verify} names every damaged key.
 */
public final class IntegrityException extends RegistryException {
    private static final long serialVersionUID = 1L;

    private final Damage damage;
    private final String key;

    /** The kinds of damage. */
    public enum Damage {
        /** An entry's bytes are not the ones that were written. */
        CORRUPT_ENTRY,
        /** An entry is missing though later ones stand, or the store says that somebody deleted it. */
        MISSING_ENTRY,
        /** History this process or another stream has seen is gone or different. */
        TAMPERED,
        /** Two different entries claim the same place. */
        FORK,
        /** A blob's bytes are not the ones its name promises. */
        CORRUPT_BLOB,
        /** A blob that a version names is gone. */
        MISSING_BLOB,
        /** A note's text is not the one that was written. */
        CORRUPT_NOTE,
        /** A note is gone that nobody erased. */
        MISSING_NOTE,
        /** {@code registry.json} is missing or is not this registry's. */
        WRONG_REGISTRY
    }

    public IntegrityException(Damage damage, String key, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.damage = damage;
        this.key = key;
    }

    public Damage damage() {
        return damage;
    }

    /** The damaged key. */
    public String key() {
        return key;
    }
}
