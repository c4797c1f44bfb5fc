package io.modelregistry.store.fs;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A file system that has no hard links, and says so as FAT does. */
class FilesWithoutLinks extends ForwardingFiles {
    FilesWithoutLinks() {
        super();
    }

    FilesWithoutLinks(FileOperations files) {
        super(files);
    }

    @Override
    public void link(Path newName, Path existing) throws IOException {
        throw new FileSystemException(newName.toString(), existing.toString(), "Operation not permitted");
    }
}
