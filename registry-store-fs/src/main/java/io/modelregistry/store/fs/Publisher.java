package io.modelregistry.store.fs;

import io.modelregistry.Host;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageException;
import io.modelregistry.store.fs.FileOperations.OpenFolder;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Gives new content its key, unless an object stands there: writes and flushes it under a temporary name, links that to the key,
 * removes the temporary name, flushes the folder. Linking is the one step that decides. An atomic move would replace what stands, a
 * plain one checks first and moves then, and a file created in place is visible while it is still empty.
 *
 * <p>Where there are no hard links, a folder that holds the content is renamed to the key: a rename replaces no folder that holds
 * something, and no file. Nothing records which way a registry is kept, because nothing depends on it: both ways take the same
 * name, so each is refused by what the other made.
 *
 * <p>An attempt is repeated only from before its linking: when an interrupt spoilt the file, or the folder was removed from outside.
 */
final class Publisher {
    private static final int MAX_STAGINGS = 5;

    private final ObjectTree tree;
    private final FileOperations files;
    private final Host host;
    private final Folders folders;
    private final Staging staging;
    private final StaleTemporaries stale;
    private final RenameProof renameProof;
    private volatile boolean noLinks;

    Publisher(
            ObjectTree tree,
            FileOperations files,
            Host host,
            Folders folders,
            Staging staging,
            StaleTemporaries stale) {
        this.tree = tree;
        this.files = files;
        this.host = host;
        this.folders = folders;
        this.staging = staging;
        this.stale = stale;
        this.renameProof = new RenameProof(files, staging);
    }

    CreateOutcome publish(Path place, Content content) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return publishOnce(place, content);
            } catch (ClosedByInterruptException e) {
                if (attempt == MAX_STAGINGS) {
                    throw e;
                }
            } catch (NoSuchFileException e) {
                folders.forget();
                if (attempt == MAX_STAGINGS) {
                    throw e;
                }
            }
        }
    }

    private CreateOutcome publishOnce(Path place, Content content) throws IOException {
        Path folder = ObjectTree.parent(place);
        folders.prepare(folder);
        // Opened before the step that decides, so that a lack of descriptors or of permission can't come after it.
        try (OpenFolder open = files.openFolder(folder)) {
            Placed placed = place(folder, place, content);
            try {
                open.sync();
            } catch (IOException e) {
                throw placed.outcome() == CreateOutcome.CREATED ? new UncertainException(e) : e;
            }
            stale.sweepOnce(folder, placed.time());
            return placed.outcome();
        }
    }

    /** The outcome, and the file system's time then. */
    private record Placed(CreateOutcome outcome, Instant time) {}

    private Placed place(Path folder, Path place, Content content) throws IOException {
        if (noLinks) {
            try (Staged staged = staging.folder(folder, content)) {
                return new Placed(rename(staged, place), staged.facts().modified());
            }
        }
        try (Staged staged = staging.file(folder, content)) {
            Optional<CreateOutcome> linked = link(staged, place);
            return new Placed(
                    linked.isPresent() ? linked.get() : renameInstead(folder, staged, place),
                    staged.facts().modified());
        }
    }

    private CreateOutcome renameInstead(Path folder, Staged file, Path place) throws IOException {
        renameProof.require(folder);
        noLinks = true;
        try (Staged staged = staging.intoFolder(file)) {
            return rename(staged, place);
        }
    }

    /** Empty when this file system makes no links. */
    private Optional<CreateOutcome> link(Staged staged, Path place) throws IOException {
        staged.requireFresh(host);
        try {
            files.link(place, staged.top());
            return Optional.of(CreateOutcome.CREATED);
        } catch (IOException e) {
            if (OsError.of(e).meansNoLinks() && tree.look(place).isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(settled(e, staged, place));
        }
    }

    private CreateOutcome rename(Staged staged, Path place) throws IOException {
        staged.requireFresh(host);
        try {
            files.rename(staged.top(), place);
            return CreateOutcome.CREATED;
        } catch (IOException e) {
            return settled(e, staged, place);
        }
    }

    /**
     * What a failed step came to. A network file system that repeats a request because the answer was lost reports that the name
     * is taken, by the request's own first copy: so it is the file at the key that tells, if there is one.
     */
    private CreateOutcome settled(IOException failure, Staged staged, Path place) throws IOException {
        Optional<StandingObject> standing;
        try {
            standing = tree.look(place);
        } catch (IOException e) {
            failure.addSuppressed(e);
            standing = Optional.empty();
        }
        if (standing.isPresent()) {
            return standing.get().facts().isSameFileAs(staged.facts()) ? CreateOutcome.CREATED : CreateOutcome.EXISTS;
        }
        OsError error = OsError.of(failure);
        if (error.mayHaveHappened()) {
            throw new UncertainException(failure);
        } else if (error != OsError.TAKEN) {
            throw failure;
        }
        if (tree.facts(place).isPresent()) {
            throw new StorageException(
                    StorageException.Kind.UNSUITABLE,
                    place
                            + " is a folder where an object belongs. Nothing was changed; find out who made it, and remove it",
                    failure);
        }
        return CreateOutcome.EXISTS; // stood, and was deleted since
    }
}
