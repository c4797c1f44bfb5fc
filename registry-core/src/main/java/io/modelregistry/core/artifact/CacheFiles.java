package io.modelregistry.core.artifact;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts files into a cache, each whole or not at all. Thread-safe. */
final class CacheFiles {
    private static final Logger LOG = LoggerFactory.getLogger(CacheFiles.class);

    private final CacheFolders folders;

    CacheFiles(CacheFolders folders) {
        this.folders = folders;
    }

    /**
     * Puts a content that has just been verified into another place, as a link if possible. When another process
     * removes one of the two meanwhile nothing is there: the caller looks again in the end.
     */
    void put(Path good, Path place, Placement content) throws IOException {
        Path temp = folders.newTemp();
        try {
            try {
                Files.createLink(place, good);
            } catch (FileAlreadyExistsException e) {
                Files.createLink(temp, good);
                CacheFolders.replace(temp, place);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("Somebody else empties the cache: {}", e.getMessage());
        } catch (UnsupportedOperationException | FileSystemException e) {
            // no hard links here, or too many to one file
            copy(good, temp, content);
            CacheFolders.replace(temp, place);
        } finally {
            // a rename between two links to one file does nothing
            Files.deleteIfExists(temp);
        }
    }

    private void copy(Path good, Path temp, Placement content) throws IOException {
        boolean same;
        try (FileSink sink = new FileSink(temp)) {
            same = FileContent.holds(good, content, sink, ProgressMeter.silent());
        }
        if (!same) {
            throw new IOException(good + " was changed while it was copied");
        }
        seal(temp);
    }

    /** Nobody should write to a file that several artifacts and processes share. */
    void seal(Path file) throws IOException {
        folders.setTime(file);
        PosixFileAttributeView posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        // elsewhere a read-only file could not be removed either
        if (posix != null) {
            posix.setPermissions(PosixFilePermissions.fromString("r--r--r--"));
        }
    }
}
