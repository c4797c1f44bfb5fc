package io.modelregistry.store.fs;

import io.modelregistry.store.fs.FileOperations.OpenFolder;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Makes the folders that objects are in, and makes names durable. Each process flushes the folder above before it relies on a
 * folder for the first time, whoever made it: its maker may have been killed before it could. So when an object is visible, every
 * folder above it is durable, and its own folder is the only one left to flush.
 */
final class Folders {

    /**
     * After this time a name is durable although nobody may have flushed it: local file systems write names back every 5 to 30
     * seconds, and the server of a network file system does so before it answers.
     */
    private static final Duration SETTLED_AFTER = Duration.ofMinutes(2);

    private final ObjectTree tree;
    private final FileOperations files;
    private final InheritedMode inheritedMode;
    private final StoreClock clock;
    private final PathMemory durable = new PathMemory();

    Folders(ObjectTree tree, FileOperations files, InheritedMode inheritedMode, StoreClock clock) {
        this.tree = tree;
        this.files = files;
        this.inheritedMode = inheritedMode;
        this.clock = clock;
    }

    /** Returns once the folder and all above it exist, durably. */
    void prepare(Path folder) throws IOException {
        if (durable.contains(folder)) {
            return;
        }
        if (folder.equals(tree.root())) {
            prepareRoot(folder);
        } else {
            Path parent = ObjectTree.parent(folder);
            prepare(parent);
            if (make(folder)) {
                inheritedMode.giveToFolder(folder);
                sync(parent);
            } else {
                syncIfReadable(parent);
            }
        }
        durable.add(folder);
    }

    /** What was known of the folders no longer holds: one was removed from outside. */
    void forget() {
        durable.clear();
    }

    private void prepareRoot(Path root) throws IOException {
        tree.requireRoot();
        Deque<Path> missing = new ArrayDeque<>();
        for (Path at = root; at != null && tree.facts(at).isEmpty(); at = at.getParent()) {
            missing.push(at);
        }
        for (Path folder : missing) {
            make(folder);
            sync(ObjectTree.parent(folder));
        }
        Path above = root.getParent();
        if (missing.isEmpty() && above != null) {
            syncIfReadable(above);
        }
    }

    /** Makes a folder, or finds that there is one. */
    private boolean make(Path folder) throws IOException {
        if (isFolder(folder)) {
            return false;
        }
        try {
            files.createFolder(folder);
            return true;
        } catch (FileAlreadyExistsException e) {
            if (isFolder(folder)) {
                return false; // another writer was faster
            }
            throw e;
        }
    }

    private boolean isFolder(Path folder) throws IOException {
        Optional<FileFacts> facts = tree.facts(folder);
        if (facts.isEmpty()) {
            return false;
        }
        return switch (facts.get().kind()) {
            case FOLDER -> true;
            case FILE -> throw new NotDirectoryException(folder.toString());
            case LINK, OTHER -> throw ObjectTree.refused(folder, facts.get());
        };
    }

    /** A folder that stands below one that this process may search but not read was made, and flushed, by somebody who may. */
    private void syncIfReadable(Path folder) throws IOException {
        try {
            sync(folder);
        } catch (AccessDeniedException e) {
            return;
        }
    }

    void sync(Path folder) throws IOException {
        try (OpenFolder open = files.openFolder(folder)) {
            open.sync();
        }
    }

    /** Makes the existence of an object durable, if its writer may not have come to it yet. */
    void syncIfYoung(StandingObject object) throws IOException {
        if (object.touched().isAfter(clock.estimate().minus(SETTLED_AFTER))) {
            sync(object.folder());
        }
    }
}
