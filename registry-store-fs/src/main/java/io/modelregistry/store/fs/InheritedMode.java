package io.modelregistry.store.fs;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Gives what is new the group and the mode of the folder it is in, as far as the process may, so that who may write to a folder may write to
 * those that are made in it, whatever each writer's umask is. A team shares a registry whose root is group-writable; where each authority has a folder of
 * its own group, all below it stays that group's. A file gets its mode before it has a key, and nobody but its owner may write to it: replacing it
 * takes permission on the folder, and nothing else replaces it.
 */
final class InheritedMode {
    private static final int READ = 0444;
    private static final int ALL = 07777;
    private static final int OWNER_OF_FILE = 0600;
    private static final int OWNER_OF_FOLDER = 0700;
    private static final int GROUP = 0070;

    private final FileOperations files;

    InheritedMode(FileOperations files) {
        this.files = files;
    }

    void giveToFile(Path file) {
        give(file, READ, OWNER_OF_FILE);
    }

    void giveToFolder(Path folder) {
        give(folder, ALL, OWNER_OF_FOLDER);
    }

    private void give(Path path, int kept, int always) {
        try {
            FileFacts model = files.facts(ObjectTree.parent(path));
            FileFacts own = files.facts(path);
            if (model.mode() == FileFacts.NO_MODE) {
                return;
            }
            int mode = (model.mode() & kept) | always;
            if (own.group() != model.group() && !isGivenGroup(path, model.group())) {
                mode = (mode & ~GROUP) | (own.mode() & GROUP); // another group than the folder's is not let in
            }
            if (mode != own.mode()) {
                files.setMode(path, mode);
            }
        } catch (IOException e) {
            // A file system without modes, or a process that may not: others may be kept out, nobody is let in.
        }
    }

    private boolean isGivenGroup(Path path, int group) {
        try {
            files.setGroup(path, group);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
