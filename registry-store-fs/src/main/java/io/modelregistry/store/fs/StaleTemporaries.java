package io.modelregistry.store.fs;

import io.modelregistry.store.fs.FileOperations.Next;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes what killed processes left: temporary files and folders in which nothing has changed for 24 hours of the file system's
 * clock. A writer that slept through that time finds its file gone before it was linked, and has created nothing.
 */
final class StaleTemporaries {
    private static final Duration MIN_AGE = Duration.ofHours(24);

    private final FileOperations files;
    private final PathMemory swept = new PathMemory();

    StaleTemporaries(FileOperations files) {
        this.files = files;
    }

    /**
     * Sweeps a folder unless this backend has done so before. Failures are left to the next process.
     *
     * @param now the file system's time
     */
    void sweepOnce(Path folder, Instant now) {
        if (swept.add(folder)) {
            sweep(folder, now);
        }
    }

    /** As {@link #sweepOnce}, however often. */
    void sweep(Path folder, Instant now) {
        try {
            List<Path> own = new ArrayList<>();
            files.visitChildren(folder, child -> {
                if (TemporaryNames.isOwn(String.valueOf(child.getFileName()))) {
                    own.add(child);
                }
                return Next.GO_ON;
            });
            for (Path temporary : own) {
                if (lastChange(temporary).isBefore(now.minus(MIN_AGE))) {
                    Staged.discard(files, temporary);
                }
            }
        } catch (IOException e) {
            // Left-overs harm nobody: readers skip them, and another process will sweep.
        }
    }

    private Instant lastChange(Path temporary) throws IOException {
        try {
            FileFacts facts = files.facts(temporary);
            Instant last = later(facts.modified(), facts.changed());
            return facts.kind() == FileFacts.Kind.FOLDER ? later(last, lastChangeInside(temporary)) : last;
        } catch (NoSuchFileException e) {
            return Instant.MAX; // its writer is alive
        }
    }

    private Instant lastChangeInside(Path folder) throws IOException {
        try {
            FileFacts entry = files.facts(folder.resolve(ObjectTree.ENTRY));
            return later(entry.modified(), entry.changed());
        } catch (NoSuchFileException e) {
            return Instant.MIN;
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
