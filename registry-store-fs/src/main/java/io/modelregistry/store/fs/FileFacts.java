package io.modelregistry.store.fs;

import io.modelregistry.storage.Generation;
import java.time.Instant;

/**
 * What the file system knows about one name.
 *
 * @param modified when the content was last written
 * @param changed when anything was last changed, the number of names included; {@code modified} where the system doesn't say
 * @param identity the same for two names of one file, and different for two files that exist together; empty where the system
 *     doesn't say
 * @param mode the permission bits, {@link #NO_MODE} where the system has none
 */
record FileFacts(Kind kind, long sizeBytes, Instant modified, Instant changed, String identity, int mode, int group) {
    static final int NO_MODE = -1;

    enum Kind {
        FILE,
        FOLDER,
        LINK,
        OTHER
    }

    boolean isSameFileAs(FileFacts other) {
        return !identity.isEmpty() && identity.equals(other.identity);
    }

    boolean isUnchangedSince(FileFacts earlier) {
        return generation().equals(earlier.generation()) && sizeBytes == earlier.sizeBytes;
    }

    /**
     * An identity is used again soon after a file is gone, so the time of the content is part of the generation; {@link Removal}
     * sees to it that the two together are not used again.
     */
    Generation generation() {
        return new Generation(identity + "@" + modified);
    }
}
