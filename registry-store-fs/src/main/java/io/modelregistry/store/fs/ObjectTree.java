package io.modelregistry.store.fs;

import io.modelregistry.storage.StorageException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds objects by their keys. An object is a file at its key's path or, where the file system has no hard links, a folder there
 * that holds one file, {@link #ENTRY}. Readers take either as they find it.
 *
 * <p>No symbolic link below the root is followed: whoever can plant one could lead a reader or a writer anywhere.
 */
final class ObjectTree {

    /** Not a segment of the key grammar, so that it is never taken for an object of its own. */
    static final String ENTRY = "_entry";

    private final Path root;
    private final FileOperations files;
    /** Whether an object was found since this was opened. */
    private volatile boolean stood;

    ObjectTree(Path root, FileOperations files) {
        this.root = root;
        this.files = files;
    }

    static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent(), "no folder above it");
    }

    Path root() {
        return root;
    }

    /** The path of a key, or of a prefix. */
    Path path(String key) {
        return root.resolve(key);
    }

    /**
     * The object at a key. A client of a network file system may remember for a minute that a name was missing; opening the folder
     * makes it ask the server, unless it is mounted with {@code nocto}.
     */
    Optional<StandingObject> find(String key) throws IOException {
        Path place = path(key);
        Optional<StandingObject> found = look(place);
        if (found.isEmpty() && openAgain(parent(place))) {
            found = look(place);
        }
        if (found.isPresent()) {
            stood = true;
        } else {
            requireRoot();
        }
        return found;
    }

    /** From here on a root without anything in it is one that went away. */
    void objectStands() {
        stood = true;
    }

    /** Where a network drive is no longer mounted there is no folder, or an empty one, and nothing that stood is absent because of that. */
    void requireRoot() throws IOException {
        if (stood && (facts(root).isEmpty() || !files.visitChildren(root, child -> FileOperations.Next.STOP))) {
            throw new StorageException(
                    StorageException.Kind.UNAVAILABLE,
                    root + " is gone, or empty, although objects stood in it: see whether it is still mounted");
        }
    }

    /** The object at a path, as far as this machine knows. */
    Optional<StandingObject> look(Path place) throws IOException {
        Path folder = parent(place);
        if (!isFolder(folder)) {
            return Optional.empty();
        }
        Optional<FileFacts> facts = facts(place);
        if (facts.isEmpty()) {
            return Optional.empty();
        }
        return switch (facts.get().kind()) {
            case FILE ->
                Optional.of(new StandingObject(
                        place, place, folder, facts.get(), facts.get().changed()));
            case FOLDER -> entryIn(place, folder);
            case LINK, OTHER -> throw refused(place, facts.get());
        };
    }

    private Optional<StandingObject> entryIn(Path place, Path folder) throws IOException {
        Path file = place.resolve(ENTRY);
        Optional<FileFacts> facts = facts(file);
        if (facts.isEmpty()) {
            return Optional.empty();
        } else if (facts.get().kind() != FileFacts.Kind.FILE) {
            throw refused(file, facts.get());
        }
        // A rename need not change the time of what is renamed, but it changes that of the folder it is renamed into.
        Instant renamed = facts(folder).map(FileFacts::modified).orElse(Instant.MAX);
        Instant changed = facts.get().changed();
        return Optional.of(
                new StandingObject(place, file, folder, facts.get(), renamed.isAfter(changed) ? renamed : changed));
    }

    /** Whether a folder holds an object's content, and so stands for an object. */
    boolean isObject(Path folder) throws IOException {
        return facts(folder.resolve(ENTRY)).isPresent();
    }

    /** The folder of a prefix, if there is one. */
    Optional<Path> findFolder(String prefix) throws IOException {
        Path folder = path(prefix);
        if (folder.equals(root)) {
            return facts(root).isPresent() ? Optional.of(root) : Optional.empty();
        }
        boolean found = isFolder(folder) || (openAgain(parent(folder)) && isFolder(folder));
        return found && !isObject(folder) ? Optional.of(folder) : Optional.empty();
    }

    private boolean isFolder(Path folder) throws IOException {
        if (folder.equals(root)) {
            return true;
        }
        Optional<FileFacts> facts = isFolder(parent(folder)) ? facts(folder) : Optional.empty();
        if (facts.isEmpty()) {
            return false;
        }
        return switch (facts.get().kind()) {
            case FOLDER -> true;
            case FILE -> false;
            case LINK, OTHER -> throw refused(folder, facts.get());
        };
    }

    private boolean openAgain(Path folder) throws IOException {
        if (opens(folder)) {
            return true;
        }
        return !folder.equals(root) && openAgain(parent(folder)) && opens(folder);
    }

    private boolean opens(Path folder) throws IOException {
        try {
            files.openFolder(folder).close();
            return true;
        } catch (IOException e) {
            return switch (OsError.of(e)) {
                case MISSING, NOT_A_FOLDER -> false;
                case ACCESS_DENIED -> true; // who may search a folder but not open it has been told what there is
                default -> throw e;
            };
        }
    }

    Optional<FileFacts> facts(Path path) throws IOException {
        try {
            return Optional.of(files.facts(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    static StorageException refused(Path path, FileFacts facts) {
        String what =
                facts.kind() == FileFacts.Kind.LINK ? "a symbolic link, which" : "neither a file nor a folder and";
        return new StorageException(
                StorageException.Kind.UNSUITABLE,
                path + " is " + what
                        + " is never followed or opened: it may lead out of the registry or block for ever."
                        + " Find out who put it there, and remove it");
    }
}
