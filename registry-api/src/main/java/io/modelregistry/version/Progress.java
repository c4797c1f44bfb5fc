package io.modelregistry.version;

import org.jspecify.annotations.Nullable;

/**
 * Hears how far a long transfer is. Called on the threads that do the work, one call at a time, at most about a hundred times
 * for each phase. An exception it throws is logged and changes nothing.
 */
@FunctionalInterface
public interface Progress {

    /** What is being done. */
    enum Phase {
        HASH,
        UPLOAD,
        DOWNLOAD,
        VERIFY
    }

    /**
     * How far a phase is.
     *
     * @param file the file or key being worked on; null at the end of the phase
     * @param doneBytes in this phase
     * @param totalBytes of this phase, 0 when it isn't known beforehand
     */
    record Event(Phase phase, @Nullable String file, long doneBytes, long totalBytes) {}

    void on(Event event);

    /** Hears nothing. */
    static Progress none() {
        return event -> {};
    }
}
