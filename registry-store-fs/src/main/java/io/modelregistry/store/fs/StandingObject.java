package io.modelregistry.store.fs;

import io.modelregistry.storage.ObjectInfo;
import java.nio.file.Path;
import java.time.Instant;

/**
 * An object that was found at its key.
 *
 * @param place the path of the key: the file itself, or the folder that holds it
 * @param file the file with the content
 * @param folder the folder that the key's name is in; flushing it makes the object's existence durable
 * @param touched when the name may last have been made, by the file system's clock
 */
record StandingObject(Path place, Path file, Path folder, FileFacts facts, Instant touched) {

    /** See {@link FileBackend} for why the store time is that of the content. */
    Instant storedAt() {
        return facts.modified();
    }

    ObjectInfo info() {
        return new ObjectInfo(facts.sizeBytes(), null, storedAt(), facts.generation());
    }
}
