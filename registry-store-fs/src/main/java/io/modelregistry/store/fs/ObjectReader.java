package io.modelregistry.store.fs;

import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads objects. What it answers about a small one is durable, whoever wrote it and however that ended. */
final class ObjectReader {
    private static final int MAX_READS = 100;

    private final ObjectTree tree;
    private final FileOperations files;
    private final Folders folders;

    ObjectReader(ObjectTree tree, FileOperations files, Folders folders) {
        this.tree = tree;
        this.files = files;
        this.folders = folders;
    }

    Optional<StoredObject> get(String key, int limitBytes) throws IOException {
        for (int read = 0; read < MAX_READS; read++) {
            Optional<StandingObject> standing = tree.find(key);
            if (standing.isEmpty()) {
                return Optional.empty();
            }
            Optional<StoredObject> whole = readUnlessReplaced(standing.get(), limitBytes);
            if (whole.isPresent()) {
                folders.syncIfYoung(standing.get());
                return whole;
            }
        }
        throw new IOException("It was replaced " + MAX_READS + " times while it was read");
    }

    /** Content and facts of one incarnation, or nothing if it was replaced in between. */
    private Optional<StoredObject> readUnlessReplaced(StandingObject object, int limitBytes) throws IOException {
        byte[] content;
        try (InputStream in = files.open(object.file())) {
            content = in.readNBytes(limitBytes);
        } catch (IOException e) {
            OsError error = OsError.of(e);
            if (error == OsError.MISSING || error == OsError.STALE) {
                return Optional.empty();
            }
            throw e;
        }
        return tree.facts(object.file())
                .filter(now -> now.isUnchangedSince(object.facts()))
                .map(now -> new StoredObject(content, now.sizeBytes(), object.storedAt()));
    }

    Optional<ObjectInfo> stat(String key) throws IOException {
        Optional<StandingObject> standing = tree.find(key);
        if (standing.isPresent()) {
            folders.syncIfYoung(standing.get());
        }
        return standing.map(StandingObject::info);
    }

    /** Fails with {@code NoSuchFileException} when nothing stands at the key. */
    InputStream read(String key, long offset, long length) throws IOException {
        Optional<StandingObject> standing = tree.find(key);
        InputStream in = files.open(standing.isPresent() ? standing.get().file() : tree.path(key));
        try {
            skip(in, offset);
            return new RangeInputStream(in, length);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static void skip(InputStream in, long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            long skipped = in.skip(left);
            if (skipped <= 0) {
                return; // the object ends before
            }
            left -= skipped;
        }
    }
}
