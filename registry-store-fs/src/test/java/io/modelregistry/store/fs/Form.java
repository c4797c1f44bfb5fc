package io.modelregistry.store.fs;

/** How a file system lets objects be kept. */
enum Form {
    LINKS {
        @Override
        FileOperations files() {
            return new SystemFiles();
        }

        @Override
        int mostTemporaries() {
            return 1;
        }
    },
    FOLDERS {
        @Override
        FileOperations files() {
            return new FilesWithoutLinks();
        }

        /** A process that has not proved renames yet stages three objects at once, each of them a file for a moment. */
        @Override
        int mostTemporaries() {
            return 4;
        }
    };

    abstract FileOperations files();

    /** What one killed thread can leave behind. */
    abstract int mostTemporaries();
}
