package io.modelregistry.store.fs;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Gives what is new the group and the mode of the registry's root folder, as far as the process may, so that a team whose root is
 * group-writable can share it whatever each member's umask is. A file gets its mode before it has a key.
 */
final class RootMode {
    private static final int READ_WRITE = 0666;
    private static final int ALL = 07777;
    private static final int OWNER_OF_FILE = 0600;
    private static final int OWNER_OF_FOLDER = 0700;
    private static final int GROUP = 0070;

    private final Path root;
    private final FileOperations files;

    RootMode(Path root, FileOperations files) {
        this.root = root;
        this.files = files;
    }

    void giveToFile(Path file) {
        give(file, READ_WRITE, OWNER_OF_FILE);
    }

    void giveToFolder(Path folder) {
        give(folder, ALL, OWNER_OF_FOLDER);
    }

    private void give(Path path, int kept, int always) {
        try {
            FileFacts model = files.facts(root);
            FileFacts own = files.facts(path);
            if (model.mode() == FileFacts.NO_MODE) {
                return;
            }
            int mode = (model.mode() & kept) | always;
            if (own.group() != model.group() && !isGivenGroup(path, model.group())) {
                mode = (mode & ~GROUP) | (own.mode() & GROUP); // another group than the root's is not let in
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
