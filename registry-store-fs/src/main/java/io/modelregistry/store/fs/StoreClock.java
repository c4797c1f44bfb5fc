package io.modelregistry.store.fs;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageException;
import io.modelregistry.store.fs.FileOperations.NewFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The file system's clock, as it shows in the times of files: the server's on a network file system. Every file that is written
 * sets it for free; otherwise a temporary file in the root asks it.
 *
 * <p>A process that may not write there, or for whom there is no room or no folder yet, goes by its own clock. It writes no entry
 * whose time could be wrong.
 */
final class StoreClock {
    private static final Duration MAX_EXTRAPOLATION = Duration.ofMinutes(5);

    /** A write that takes longer says too little about when the file system looked at its clock. */
    private static final Duration MAX_WRITE = Duration.ofSeconds(1);

    private static final Duration TICK = Duration.ofMillis(2);
    private static final int MAX_TICKS = 2_000;

    private final Path root;
    private final FileOperations files;
    private final Host host;
    private final StaleTemporaries stale;
    private volatile @Nullable Reading last;

    private record Reading(Instant time, long nanos) {}

    StoreClock(Path root, FileOperations files, Host host, StaleTemporaries stale) {
        this.root = root;
        this.files = files;
        this.host = host;
        this.stale = stale;
    }

    Instant now() throws IOException {
        Instant known = extrapolated();
        if (known != null) {
            return known;
        }
        try {
            Instant now = ask(root);
            stale.sweepOnce(root, now);
            return now;
        } catch (IOException e) {
            return switch (OsError.of(e)) {
                case MISSING, ACCESS_DENIED, NOT_PERMITTED, READ_ONLY, NO_SPACE, QUOTA -> host.now();
                default -> throw e;
            };
        }
    }

    /** As near to {@link #now} as is known without asking. */
    Instant estimate() {
        Instant known = extrapolated();
        return known == null ? host.now() : known;
    }

    private @Nullable Instant extrapolated() {
        Reading reading = last;
        if (reading == null) {
            return null;
        }
        Duration age = Duration.ofNanos(host.nanoTime() - reading.nanos());
        return age.compareTo(MAX_EXTRAPOLATION) > 0 ? null : reading.time().plus(age);
    }

    /**
     * Takes the time of a file that this process wrote.
     *
     * @param before {@code nanoTime} before it was written
     * @param written when the last byte was out of hand
     */
    void observe(Instant modified, long before, long written) {
        if (host.nanoTime() - before <= MAX_WRITE.toNanos()) {
            last = new Reading(modified, written);
        }
    }

    private Instant ask(Path folder) throws IOException {
        Path file = TemporaryNames.in(folder, host);
        long before = host.nanoTime();
        try {
            try (NewFile out = files.createFile(file)) {
                out.write(
                        new byte[1],
                        0,
                        1); // a server gives a new file its own time, but only once something is written
            }
            long written = host.nanoTime();
            Instant modified = files.facts(file).modified();
            observe(modified, before, written);
            return modified;
        } finally {
            Staged.discard(files, file);
        }
    }

    /** Waits until a file written now would get another time than this one. */
    void passBy(Instant time, Path folder) throws IOException {
        boolean interrupted = false;
        try {
            for (int tick = 0; tick < MAX_TICKS && ask(folder).equals(time); tick++) {
                try {
                    host.pause(TICK);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (IOException e) {
            if (OsError.of(e).kind() != StorageException.Kind.FULL) {
                throw e;
            }
            // A full disk must not keep anyone from deleting, and takes no new file before that.
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
