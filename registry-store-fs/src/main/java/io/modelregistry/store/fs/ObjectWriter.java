package io.modelregistry.store.fs;

import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Writes objects. */
final class ObjectWriter {
    private static final int MAX_OVERWRITES = 5;

    private final ObjectTree tree;
    private final FileOperations files;
    private final Folders folders;
    private final Staging staging;
    private final Publisher publisher;

    ObjectWriter(ObjectTree tree, FileOperations files, Folders folders, Staging staging, Publisher publisher) {
        this.tree = tree;
        this.files = files;
        this.folders = folders;
        this.staging = staging;
        this.publisher = publisher;
    }

    /** What stands is flushed however old it is: that others know the slot to be taken must not be undone. */
    CreateOutcome create(String key, byte[] content) throws IOException {
        Path place = tree.path(key);
        Optional<StandingObject> standing = tree.look(place);
        if (standing.isPresent()) {
            folders.sync(standing.get().folder());
            return CreateOutcome.EXISTS;
        }
        return publisher.publish(place, Content.of(content));
    }

    CreateOutcome upload(String key, BlobSource source) throws IOException {
        Path place = tree.path(key);
        Optional<StandingObject> standing = tree.find(key);
        if (standing.isPresent()) {
            folders.syncIfYoung(standing.get());
            return CreateOutcome.EXISTS;
        }
        return publisher.publish(place, Content.of(source));
    }

    void overwrite(String key, byte[] content) throws IOException {
        Path place = tree.path(key);
        for (int attempt = 1; ; attempt++) {
            try {
                overwriteOnce(place, Content.of(content));
                return;
            } catch (NoSuchFileException e) {
                folders.forget();
                if (attempt == MAX_OVERWRITES) {
                    throw e;
                }
            }
        }
    }

    private void overwriteOnce(Path place, Content content) throws IOException {
        Path folder = ObjectTree.parent(place);
        folders.prepare(folder);
        try (Staged staged = staging.volatileFile(folder, content)) {
            Path file = tree.look(place).map(StandingObject::file).orElse(place);
            try {
                files.rename(staged.top(), file);
            } catch (IOException e) {
                throw OsError.of(e).mayHaveHappened() ? new UncertainException(e) : e;
            }
        }
    }
}
