package io.modelregistry.webhooks;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that one publisher of this machine has at a time. The operating system gives it back when its process ends, however it ends.
 *
 * <p>Thread-safe; held by whoever took it, on whatever thread.
 */
final class ProcessLock {
    /** Of this process: closing a second channel of the file would give back what the first one holds. */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;

    /** @param file by its real path, so that one file has one name here */
    ProcessLock(Path file) {
        this.file = file;
    }

    /** What is done while it is held. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /** Returns false, and does nothing, when another has it. */
    boolean tryHold(Work work) throws IOException {
        if (!HELD_HERE.add(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (channel.tryLock() == null) {
                return false;
            }
            work.run();
            return true;
        } catch (OverlappingFileLockException e) {
            // held by this library in another class loader
            return false;
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
