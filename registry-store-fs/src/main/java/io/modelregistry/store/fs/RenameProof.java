package io.modelregistry.store.fs;

import io.modelregistry.storage.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a file system without hard links renames folders safely. Buckets that are mounted through FUSE don't: they copy
 * the files one by one, which no test with two renames can show, so they are refused by their type.
 */
final class RenameProof {
    private final FileOperations files;
    private final Staging staging;

    RenameProof(FileOperations files, Staging staging) {
        this.files = files;
        this.staging = staging;
    }

    void require(Path folder) throws IOException {
        String type = files.fileSystemType(folder).toLowerCase(Locale.ROOT);
        if (type.equals("fuse") || type.startsWith("fuse.")) {
            throw unsuitable(folder, type, "and renames made through FUSE need not be atomic", null);
        }
        try (Staged first = staging.folder(folder, content("first"));
                Staged second = staging.folder(folder, content("second"))) {
            try {
                files.rename(second.top(), first.top());
            } catch (IOException refusal) {
                if (isStill(first)) {
                    return;
                }
                throw unsuitable(folder, type, "and a refused rename replaces a folder all the same", refusal);
            }
            throw unsuitable(folder, type, "and a rename replaces a folder that is not empty", null);
        }
    }

    private boolean isStill(Staged staged) throws IOException {
        return files.facts(staged.top().resolve(ObjectTree.ENTRY)).isUnchangedSince(staged.facts());
    }

    private static Content content(String text) {
        return Content.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static StorageException unsuitable(Path folder, String type, String why, @Nullable IOException cause) {
        return new StorageException(
                StorageException.Kind.UNSUITABLE,
                "The file system of " + folder + " (" + type + ") makes no hard links, " + why
                        + ": two writers could both be told"
                        + " that they created one entry. Nothing was changed. Open a bucket with s3:// or gs:// instead of"
                        + " mounting it, or choose a folder on another file system",
                cause);
    }
}
