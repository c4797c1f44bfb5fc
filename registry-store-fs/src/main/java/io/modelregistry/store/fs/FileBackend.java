package io.modelregistry.store.fs;

import io.modelregistry.Host;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.KeyGrammar;
import io.modelregistry.storage.Listing;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A folder on a local or network file system as a {@link StorageBackend}. The folder may not exist yet: reads then find nothing,
 * and the first object makes it. Any number of processes on any number of machines may share it.
 *
 * <p><b>Layout.</b> A key is a path below the folder. A file {@code .<32 hexadecimal digits>.tmp} is work in progress or what a
 * killed process left of it; once that is a day old, it is removed by the next process that creates something in its folder or lists
 * it, as {@code verify} lists them all. Where the file system has no hard links an object is a folder with
 * one file {@code _entry}. Nothing else is kept, so a registry may be copied with any tool that keeps times ({@code cp -a},
 * {@code rsync -a}).
 *
 * <p><b>Store time.</b> {@code storedAt} is the time at which the content was last written ({@code mtime}): set by the file system
 * before the object has its key and by nothing after it, so every reader sees the same value at every time, and a copy keeps it.
 * The time of the last change ({@code ctime}) would be that of the link itself, but it moves: when the temporary name goes away, at
 * once or a day after its writer was killed, when somebody changes an owner or a mode, when a backup links or restores the tree. The
 * price of {@code mtime} is that an object may become visible later than its time says, by as long as flushing takes; a writer that
 * finds more than 10 minutes gone before it links gives up instead. What is left is a writer that stops just between that look and
 * the link, or whose server answers that one request much later. A writer that has read an object gives every later one the same
 * time or a later one, as long as the file system's clock isn't set back.
 *
 * <p><b>Durability.</b> Content is flushed before it gets its key, and the folder before {@code CREATED} is returned. The caller that
 * was told {@code EXISTS}, and whoever reads an object of the last two minutes, flushes the folder as well: the writer may not have
 * come to it. On Windows, and on file systems that refuse to flush a folder, names are as durable as the system makes them.
 * {@link #overwrite} flushes nothing, so {@link #get} of an overwritten object promises nothing either.
 *
 * <p><b>Network file systems.</b> Use a hard mount, and no option that lets a client cache what is missing without asking
 * ({@code nocto}, or a server exported {@code async}).
 *
 * <p>Thread-safe. An interrupt disturbs no call; the flag stays set.
 */
public final class FileBackend implements StorageBackend {
    private static final int MAX_SMALL_OBJECT = 2 << 20;
    private static final int MAX_GET = 16 << 20;
    private static final int MAX_PAGE = 1_000;

    private final String location;
    private final FileOperations files;
    private final ObjectTree tree;
    private final StaleTemporaries stale;
    private final StoreClock clock;
    private final Folders folders;
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final Removal removal;
    private volatile boolean closed;

    FileBackend(Path folder, Host host, FileOperations files) {
        Path absolute = folder.toAbsolutePath().normalize();
        this.location = "file:" + absolute;
        this.files = files;
        this.tree = new ObjectTree(resolved(absolute), files);
        this.stale = new StaleTemporaries(files);
        this.clock = new StoreClock(tree.root(), files, host, stale);
        InheritedMode inheritedMode = new InheritedMode(files);
        this.folders = new Folders(tree, files, inheritedMode, clock);
        Staging staging = new Staging(files, host, inheritedMode, clock, folders);
        this.reader = new ObjectReader(tree, files, folders);
        this.writer = new ObjectWriter(
                tree, files, folders, staging, new Publisher(tree, files, host, folders, staging, stale));
        this.removal = new Removal(tree, files, host, clock);
    }

    /**
     * Opens a folder of the machine's own file system. Writes nothing and checks nothing.
     *
     * @throws IllegalArgumentException when the path belongs to another Java file system, such as a zip file
     */
    public static FileBackend at(Path folder, Host host) {
        if (!folder.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException("Not a folder of this machine: " + folder.toUri()
                    + ": a registry needs what only the operating system does");
        }
        return new FileBackend(folder, host, new SystemFiles());
    }

    /** The root may be reached over a symbolic link; what it leads to now is the root for good. */
    private static Path resolved(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder; // does not exist yet, or every call will say why not
        }
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public CreateOutcome create(String key, byte[] content) {
        requireKey(key);
        requireSmall(key, content);
        CreateOutcome outcome = run(writing("create ", key, content.length), () -> writer.create(key, content));
        tree.objectStands();
        return outcome;
    }

    @Override
    public CreateOutcome upload(String key, BlobSource source) {
        requireKey(key);
        return run(writing("upload ", key, source.sizeBytes()), () -> writer.upload(key, source));
    }

    @Override
    public void overwrite(String key, byte[] content) {
        requireKey(key);
        requireSmall(key, content);
        run(writing("overwrite ", key, content.length), () -> {
            writer.overwrite(key, content);
            return key;
        });
    }

    @Override
    public void delete(String key, Generation generation) {
        requireKey(key);
        run(writing("delete ", key, 0), () -> {
            removal.delete(key, generation);
            return key;
        });
    }

    @Override
    public Optional<StoredObject> get(String key, int limitBytes) {
        requireKey(key);
        requireBetween("limitBytes", limitBytes, 1, MAX_GET);
        return run(reading("read ", key), () -> reader.get(key, limitBytes));
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        requireKey(key);
        return run(reading("look at ", key), () -> reader.stat(key));
    }

    @Override
    public InputStream read(String key, long offset, long length) {
        requireKey(key);
        requireBetween("offset", offset, 0, Long.MAX_VALUE);
        requireBetween("length", length, 0, Long.MAX_VALUE);
        Call call = reading("read ", key);
        return run(call, () -> {
            try {
                return reader.read(key, offset, length);
            } catch (NoSuchFileException e) {
                throw new StorageException(
                        StorageException.Kind.MISSING,
                        "There is no " + key + " in " + location + " (" + call.path() + ")",
                        e);
            }
        });
    }

    @Override
    public Listing list(String prefix, Depth depth, String startAfter, int limit) {
        requireOpen();
        KeyGrammar.requirePrefix(prefix);
        requireBetween("limit", limit, 1, MAX_PAGE);
        return run(
                reading("list ", prefix.isEmpty() ? "everything" : prefix),
                () -> new ObjectListing(tree, files, clock, stale, depth, startAfter, limit).below(prefix));
    }

    /** The clock of the file system; of this machine where this process may not write to the folder, or there is none yet. */
    @Override
    public Instant storeTime() {
        requireOpen();
        return run(reading("ask the time", ""), clock::now);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The store " + location + " is closed");
        }
    }

    private void requireKey(String key) {
        requireOpen();
        KeyGrammar.requireKey(key);
    }

    private static void requireSmall(String key, byte[] content) {
        if (content.length > MAX_SMALL_OBJECT) {
            throw new IllegalArgumentException("Too large for one object: " + key + " has " + content.length
                    + " bytes, at most " + MAX_SMALL_OBJECT + " are written at once");
        }
    }

    private static void requireBetween(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", and must be from " + min + " to " + max);
        }
    }

    private Call reading(String verb, String key) {
        return Call.reading(verb + key, tree.path(key), location);
    }

    private Call writing(String verb, String key, long bytes) {
        return Call.writing(verb + key, tree.path(key), location, bytes);
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T run(Call call, Work<T> work) {
        try {
            return work.run();
        } catch (UncertainException e) {
            throw call.uncertain(e);
        } catch (IOException e) {
            throw call.failed(e, usableBytes());
        }
    }

    private long usableBytes() {
        try {
            return files.usableBytes(tree.root());
        } catch (IOException e) {
            return -1;
        }
    }
}
