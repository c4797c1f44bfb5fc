package io.modelregistry.store.fs;

import io.modelregistry.Host;
import io.modelregistry.storage.Generation;
import io.modelregistry.store.fs.FileOperations.OpenFolder;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Deletes one incarnation of an object. No system call removes a name only if it still means a certain file, so the object is first
 * renamed to a temporary name and looked at there: the wrong one is put back. That matters when this process slept between its look
 * and its rename, and the object was deleted and written again meanwhile; readers then miss it for a moment, and only a process
 * killed at that very moment leaves it missing.
 *
 * <p>A file system gives the identity of a deleted file to the next one, and its clock moves in steps of some milliseconds. So an
 * object is deleted only when the clock has moved on since it was written: identity and time together never come again.
 */
final class Removal {
    private final ObjectTree tree;
    private final FileOperations files;
    private final Host host;
    private final StoreClock clock;

    Removal(ObjectTree tree, FileOperations files, Host host, StoreClock clock) {
        this.tree = tree;
        this.files = files;
        this.host = host;
        this.clock = clock;
    }

    void delete(String key, Generation generation) throws IOException {
        Optional<StandingObject> standing = tree.find(key);
        if (standing.isEmpty() || !isOf(generation, standing.get())) {
            return;
        }
        Path folder = standing.get().folder();
        clock.passBy(standing.get().facts().modified(), folder);
        try (OpenFolder open = files.openFolder(folder)) {
            Path place = standing.get().place();
            Optional<StandingObject> still = tree.look(place);
            if (still.isPresent() && isOf(generation, still.get())) {
                Path taken = TemporaryNames.in(folder, host);
                if (take(place, taken)) {
                    removeOrPutBack(place, taken, generation);
                    sync(open);
                }
            }
        }
    }

    private static boolean isOf(Generation generation, StandingObject object) {
        return object.facts().generation().equals(generation);
    }

    private boolean take(Path place, Path taken) throws IOException {
        try {
            files.rename(place, taken);
            return true;
        } catch (IOException e) {
            if (tree.facts(taken).isPresent()) {
                return true; // a network file system repeated the rename, and reported how the second one went
            } else if (e instanceof NoSuchFileException) {
                return false; // another process deleted it
            }
            throw OsError.of(e).mayHaveHappened() ? new UncertainException(e) : e;
        }
    }

    private void removeOrPutBack(Path place, Path taken, Generation generation) throws IOException {
        try {
            Optional<StandingObject> object = tree.look(taken);
            if (object.isPresent() && !isOf(generation, object.get())) {
                putBack(place, taken, object.get());
            }
            Staged.discard(files, taken);
        } catch (IOException e) {
            throw new UncertainException(e);
        }
    }

    private void putBack(Path place, Path taken, StandingObject object) throws IOException {
        boolean isFile = object.file().equals(taken);
        try {
            if (isFile) {
                files.link(place, taken);
            } else {
                files.rename(taken, place);
            }
        } catch (IOException e) {
            OsError error = OsError.of(e);
            if (isFile && error.meansNoLinks()) {
                files.rename(taken, place); // such a file is overwritable anyway
            } else if (error != OsError.TAKEN) {
                throw new IOException(place + " was written again while it was deleted, and now lies in " + taken, e);
            }
        }
    }

    private static void sync(OpenFolder open) throws UncertainException {
        try {
            open.sync();
        } catch (IOException e) {
            throw new UncertainException(e);
        }
    }
}
