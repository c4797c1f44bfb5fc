package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.ModelName;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Parallel;
import io.modelregistry.core.log.Store;
import io.modelregistry.version.Progress;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Sends the blobs of an artifact. The manifest goes beside the files it lists: nothing refers to it until the version
 * is appended. Thread-safe.
 */
final class Uploads {
    private static final String INTERRUPTED = "Interrupted while uploading files; nothing was registered."
            + " Blobs already uploaded are reused when it is registered again";

    private final Store store;
    private final Parallel parallel;
    private final BlobReader reader;

    Uploads(Store store, Parallel parallel, BlobReader reader) {
        this.store = store;
        this.parallel = parallel;
        this.reader = reader;
    }

    void upload(ModelName model, PreparedArtifact prepared, Set<Digest> probablyThere, List<Runnable> alongside) {
        List<Supplier<Boolean>> tasks = new ArrayList<>();
        for (Runnable other : alongside) {
            tasks.add(() -> {
                other.run();
                return true;
            });
        }
        long files = prepared.blobs().stream().mapToLong(HashedFile::sizeBytes).sum();
        ProgressMeter meter =
                new ProgressMeter(prepared.progress(), Progress.Phase.UPLOAD, files + prepared.manifest().length);
        for (HashedFile file : prepared.blobs()) {
            tasks.add(task(model, source(file, meter), probablyThere));
        }
        tasks.add(task(model, manifest(prepared, meter), probablyThere));
        Batch.run(parallel, INTERRUPTED, tasks);
        meter.finish();
    }

    private Supplier<Boolean> task(ModelName model, CheckedSource source, Set<Digest> probablyThere) {
        BlobUpload upload = new BlobUpload(store, reader, KeyLayout.blob(model, source.digest()), source);
        boolean lookFirst = probablyThere.contains(source.digest());
        return () -> {
            upload.run(lookFirst);
            return true;
        };
    }

    private static CheckedSource source(HashedFile file, ProgressMeter meter) {
        return new CheckedSource(
                file.source().place(),
                file.source().path().value(),
                file.source()::open,
                file.sizeBytes(),
                file.digest(),
                file.crc32c(),
                meter);
    }

    private static CheckedSource manifest(PreparedArtifact prepared, ProgressMeter meter) {
        byte[] content = prepared.manifest();
        return new CheckedSource(
                "manifest",
                "manifest",
                () -> new ByteArrayInputStream(content),
                content.length,
                prepared.artifact().manifest(),
                Preparation.crc32c(content),
                meter);
    }
}
