package io.modelregistry.store.fs;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The system calls that the backend makes, and no more than that, so that a test can make any one of them fail or lie. A missing
 * name is a {@link java.nio.file.NoSuchFileException}. No call but {@link NewFile#sync} is disturbed by an interrupt.
 *
 * <p>Implementations are thread-safe; what they open belongs to one thread.
 */
interface FileOperations {

    /** Looks at one name. A symbolic link is described, never followed. */
    FileFacts facts(Path path) throws IOException;

    /** Calls the visitor with each path in a folder, in no order, until it says stop. Returns whether it did. */
    boolean visitChildren(Path folder, Visitor visitor) throws IOException;

    /** Opens a file for reading, and fails if its name is a symbolic link. Skipping is cheap. */
    InputStream open(Path file) throws IOException;

    /** Makes a new empty file, and fails if the name is taken. */
    NewFile createFile(Path file) throws IOException;

    /** Makes one folder, and fails if the name is taken. */
    void createFolder(Path folder) throws IOException;

    /** Opens a folder, so that it can be flushed; on a network file system this also asks the server for its current state. */
    OpenFolder openFolder(Path folder) throws IOException;

    /** Gives a file a second name, and fails if that is taken. */
    void link(Path newName, Path existing) throws IOException;

    /** Renames atomically. A file or an empty folder of the new name is replaced; a folder that is not empty is not. */
    void rename(Path from, Path to) throws IOException;

    /** Removes one name: of a file, or of an empty folder. */
    void delete(Path path) throws IOException;

    /** Sets the permission bits, {@code setgid} and the sticky bit included. */
    void setMode(Path path, int mode) throws IOException;

    void setGroup(Path path, int group) throws IOException;

    /** The type of the file system that a folder is on, such as {@code ext4}, {@code nfs4} or {@code fuse.s3fs}. */
    String fileSystemType(Path folder) throws IOException;

    /** How many bytes this process may still write below a folder. */
    long usableBytes(Path folder) throws IOException;

    /** What to do with each path in a folder. */
    interface Visitor {
        Next visit(Path child) throws IOException;
    }

    /** Whether to visit further. */
    enum Next {
        GO_ON,
        STOP
    }

    /** A file that is being written. */
    interface NewFile extends Closeable {

        void write(byte[] bytes, int offset, int length) throws IOException;

        /**
         * Returns once the content is durable. After a failure, and after a {@link java.nio.channels.ClosedByInterruptException}, it
         * is not known what is, and the file is of no further use: asking the same descriptor again may well succeed and prove nothing.
         */
        void sync() throws IOException;
    }

    /** A folder that can be flushed. */
    interface OpenFolder extends AutoCloseable {

        /** Returns once every name in the folder is as durable as the file system makes it. */
        void sync() throws IOException;

        @Override
        void close();
    }
}
