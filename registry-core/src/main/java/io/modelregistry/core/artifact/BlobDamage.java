package io.modelregistry.core.artifact;

import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import org.jspecify.annotations.Nullable;

/** What to say of a blob that can't be used, and how it is mended. */
final class BlobDamage {
    private BlobDamage() {}

    static IntegrityException missing(String key, String location, @Nullable Throwable cause) {
        return new IntegrityException(
                Damage.MISSING_BLOB,
                key,
                "The blob " + key + " is missing in " + location
                        + ". Restore it from a backup or replica; registering a version with the same file"
                        + " brings it back, too",
                cause);
    }

    static IntegrityException corrupt(String key, String location, String found, String expected) {
        return new IntegrityException(
                Damage.CORRUPT_BLOB,
                key,
                "The blob " + key + " in " + location + " has " + found + ", but should have " + expected
                        + ". It is not used. Restore it from a backup or replica, or delete it and register a version with"
                        + " the same file",
                null);
    }
}
