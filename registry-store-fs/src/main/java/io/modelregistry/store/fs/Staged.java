package io.modelregistry.store.fs;

import io.modelregistry.Host;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * A complete object that has no key yet. Closing it removes what is left under its temporary name.
 *
 * @param top what is linked or renamed to the key: the file itself, or the folder that holds it
 * @param writtenAt the wall clock when the content was written, {@code writtenNanos} the monotonic one
 */
record Staged(FileOperations files, Path top, FileFacts facts, Instant writtenAt, long writtenNanos)
        implements AutoCloseable {

    private static final Duration MAX_DELAY = Duration.ofMinutes(10);

    /**
     * Fails when so much time has passed since the content was written that its time is no longer that of its creation: a process
     * that was suspended, a server that didn't answer. Either clock tells; the monotonic one stands still while a machine sleeps.
     */
    void requireFresh(Host host) throws IOException {
        Duration slept = Duration.between(writtenAt, host.now());
        Duration waited = Duration.ofNanos(host.nanoTime() - writtenNanos);
        Duration delay = slept.compareTo(waited) > 0 ? slept : waited;
        if (delay.compareTo(MAX_DELAY) > 0) {
            throw new IOException(
                    "The file was written " + delay.toSeconds() + " s ago, and only now could be given its name; more"
                            + " than " + MAX_DELAY.toSeconds() + " s would make its time a lie");
        }
    }

    @Override
    public void close() {
        discard(files, top);
    }

    /** Removes a temporary file, or a temporary folder with its file. What resists is swept another day. */
    static void discard(FileOperations files, Path top) {
        try {
            if (files.facts(top).kind() == FileFacts.Kind.FOLDER) {
                deleteIfThere(files, top.resolve(ObjectTree.ENTRY));
            }
            files.delete(top);
        } catch (IOException e) {
            return;
        }
    }

    private static void deleteIfThere(FileOperations files, Path file) throws IOException {
        try {
            files.delete(file);
        } catch (NoSuchFileException e) {
            return;
        }
    }
}
