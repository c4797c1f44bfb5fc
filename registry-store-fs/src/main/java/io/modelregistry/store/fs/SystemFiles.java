package io.modelregistry.store.fs;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/** The real file system. */
final class SystemFiles implements FileOperations {
    private static final int TYPE_BITS = 0170000;
    private static final int PERMISSION_BITS = 07777;

    private final boolean unix =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    /** Windows opens no folders and flushes no names on request. */
    private final boolean foldersOpen = File.separatorChar == '/';

    @Override
    public FileFacts facts(Path path) throws IOException {
        return unix ? unixFacts(path) : basicFacts(path);
    }

    private static FileFacts unixFacts(Path path) throws IOException {
        Map<String, Object> found =
                Files.readAttributes(path, "unix:size,lastModifiedTime,ctime,ino,mode,gid", LinkOption.NOFOLLOW_LINKS);
        int mode = (Integer) value(found, "mode");
        FileFacts.Kind kind = switch (mode & TYPE_BITS) {
            case 0100000 -> FileFacts.Kind.FILE;
            case 0040000 -> FileFacts.Kind.FOLDER;
            case 0120000 -> FileFacts.Kind.LINK;
            default -> FileFacts.Kind.OTHER;
        };
        return new FileFacts(
                kind,
                (Long) value(found, "size"),
                ((FileTime) value(found, "lastModifiedTime")).toInstant(),
                ((FileTime) value(found, "ctime")).toInstant(),
                value(found, "ino").toString(),
                mode & PERMISSION_BITS,
                (Integer) value(found, "gid"));
    }

    private static Object value(Map<String, Object> found, String name) {
        return Objects.requireNonNull(found.get(name), name);
    }

    private static FileFacts basicFacts(Path path) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        FileFacts.Kind kind = FileFacts.Kind.OTHER;
        if (found.isRegularFile()) {
            kind = FileFacts.Kind.FILE;
        } else if (found.isDirectory()) {
            kind = FileFacts.Kind.FOLDER;
        } else if (found.isSymbolicLink()) {
            kind = FileFacts.Kind.LINK;
        }
        Instant modified = found.lastModifiedTime().toInstant();
        Object key = found.fileKey();
        return new FileFacts(
                kind, found.size(), modified, modified, key == null ? "" : key.toString(), FileFacts.NO_MODE, -1);
    }

    @Override
    public boolean visitChildren(Path folder, Visitor visitor) throws IOException {
        return visit(folder, visitor);
    }

    private static boolean visit(Path folder, Visitor visitor) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                if (visitor.visit(child) == Next.STOP) {
                    return true;
                }
            }
            return false;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** The stream that {@code Files} opens is not closed by an interrupt, and skips by seeking (a test says so for each JDK). */
    @Override
    public InputStream open(Path file) throws IOException {
        return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Made by {@code Files}, whose exceptions say what went wrong, and written by a stream that no interrupt closes. */
    @Override
    public NewFile createFile(Path file) throws IOException {
        Files.createFile(file);
        try {
            return new WrittenFile(new FileOutputStream(file.toFile()));
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        Files.createDirectory(folder);
    }

    @Override
    public OpenFolder openFolder(Path folder) throws IOException {
        return foldersOpen ? new FlushableFolder(folder) : new UnflushableFolder();
    }

    @Override
    public void link(Path newName, Path existing) throws IOException {
        try {
            Files.createLink(newName, existing);
        } catch (UnsupportedOperationException e) {
            FileSystemException unsupported =
                    new FileSystemException(newName.toString(), existing.toString(), "Operation not supported");
            unsupported.initCause(e);
            throw unsupported;
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.delete(path);
    }

    @Override
    public void setMode(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
    }

    @Override
    public void setGroup(Path path, int group) throws IOException {
        Files.setAttribute(path, "unix:gid", group);
    }

    @Override
    public String fileSystemType(Path folder) throws IOException {
        return Files.getFileStore(folder).type();
    }

    @Override
    public long usableBytes(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    private static final class WrittenFile implements NewFile {
        private final FileOutputStream out;

        WrittenFile(FileOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        /** Not {@code getFD().sync()}: that one can't be interrupted, but neither does it say whether the disk was full. */
        @Override
        public void sync() throws IOException {
            boolean interrupted = Thread.interrupted();
            try {
                out.getChannel().force(true);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private static final class FlushableFolder implements OpenFolder {
        private static final int MAX_INTERRUPTS = 100;

        private final Path folder;
        private FileChannel channel;

        FlushableFolder(Path folder) throws IOException {
            this.folder = folder;
            this.channel = FileChannel.open(folder, StandardOpenOption.READ);
        }

        @Override
        public void sync() throws IOException {
            boolean interrupted = false;
            try {
                for (int attempt = 0; attempt < MAX_INTERRUPTS; attempt++) {
                    interrupted |= Thread.interrupted();
                    try {
                        channel.force(true);
                        // XFS that has shut down after an error gives up what was to be flushed, and then says of
                        // folders that
                        // they were flushed; but it reads none, nor will it until it is mounted anew.
                        visit(folder, child -> Next.STOP);
                        return;
                    } catch (ClosedByInterruptException e) {
                        interrupted = true;
                        channel = FileChannel.open(folder, StandardOpenOption.READ);
                    }
                }
                throw new InterruptedIOException("Interrupted " + MAX_INTERRUPTS + " times while flushing " + folder);
            } catch (IOException e) {
                if (OsError.of(e) != OsError.INVALID) {
                    throw e;
                }
                // This file system can't flush a folder on request (some network and FUSE ones): it is as durable as it
                // gets.
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // Nothing was written through it.
            }
        }
    }

    private static final class UnflushableFolder implements OpenFolder {
        @Override
        public void sync() {}

        @Override
        public void close() {}
    }
}
