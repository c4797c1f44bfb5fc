package io.modelregistry.store.fs;

/** How a file system lets objects be kept. */
enum Form {
    LINKS {
        @Override
        FileOperations files() {
            return new SystemFiles();
        }
    },
    FOLDERS {
        @Override
        FileOperations files() {
            return new FilesWithoutLinks();
        }
    };

    abstract FileOperations files();
}
