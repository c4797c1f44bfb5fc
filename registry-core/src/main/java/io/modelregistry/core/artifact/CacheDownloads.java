package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.ModelName;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.core.listening.Listeners;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Parallel;
import io.modelregistry.version.Artifact;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Brings artifacts into the local cache. Every byte is hashed on every call: on its way from the store, or where it
 * already lies. Thread-safe.
 */
final class CacheDownloads {
    /** Another process may remove files while we bring them, once or by bad luck twice. */
    private static final int MOST_ROUNDS = 3;

    private static final String INTERRUPTED =
            "Interrupted while downloading files. What has arrived stays in the cache and isn't fetched again";

    private final Parallel parallel;
    private final Manifests manifests;
    private final BlobReader blobs;
    private final LocalCache cache;
    private final Listeners listeners;

    CacheDownloads(Parallel parallel, Manifests manifests, BlobReader blobs, LocalCache cache, Listeners listeners) {
        this.parallel = parallel;
        this.manifests = manifests;
        this.blobs = blobs;
        this.cache = cache;
        this.listeners = listeners;
    }

    /** What is brought here is kept until it is {@linkplain #release released}. */
    LocalArtifact download(ModelVersion version, Progress progress) {
        Digest manifest = version.artifact().manifest();
        cache.use(manifest);
        boolean done = false;
        try {
            LocalArtifact local = bring(version, progress);
            done = true;
            return local;
        } finally {
            if (!done) {
                cache.release(manifest);
            }
        }
    }

    /** Undoes one {@link #download}: when all are undone, the files may be removed to make room. */
    void release(ModelVersion version) {
        cache.release(version.artifact().manifest());
    }

    private LocalArtifact bring(ModelVersion version, Progress progress) {
        ModelName model = version.id().model();
        Digest manifest = version.artifact().manifest();
        long fetched = 0;
        for (int round = 1; round <= MOST_ROUNDS; round++) {
            long needed = version.artifact().sizeBytes();
            try {
                Path folder = cache.open(manifest);
                List<ArtifactFile> files = files(model, version.artifact());
                ArtifactFolder own = new ArtifactFolder(folder, files);
                Collection<Placement> contents = Placement.of(files, folder);
                own.make();
                List<Placement> missing = verify(contents, progress);
                needed = Placement.totalBytes(missing);
                fetch(model, missing, progress);
                fetched += needed;
                cache.touch(manifest);
                if (!missing.isEmpty()) {
                    cache.trim();
                }
                if (own.isComplete()) {
                    long bytes = fetched;
                    listeners.tell(listener -> listener.downloaded(version, bytes));
                    return new LocalArtifact(version, folder, files);
                }
            } catch (IOException e) {
                throw FileErrors.writing(cache.base(), needed, e);
            }
        }
        throw new StoreUnavailableException(
                "Files of " + version.id() + " vanish from the cache " + cache.base()
                        + " while they are brought there. Find out who removes them, then try again",
                null);
    }

    /** The manifest of a large artifact is kept, too: what is in the cache can be used while the store is down. */
    private List<ArtifactFile> files(ModelName model, Artifact artifact) throws IOException {
        Optional<List<ArtifactFile>> inline = manifests.inline(model, artifact);
        if (inline.isPresent()) {
            return inline.get();
        }
        Optional<byte[]> kept = cache.manifest(artifact.manifest(), ManifestCodec.limitBytes(artifact.fileCount()));
        if (kept.isPresent()) {
            return manifests.decode(model, artifact, kept.get());
        }
        byte[] content = manifests.fetch(model, artifact);
        List<ArtifactFile> files = manifests.decode(model, artifact, content);
        cache.keepManifest(artifact.manifest(), content);
        return files;
    }

    /** Completes what is there and returns what must be fetched. */
    private List<Placement> verify(Collection<Placement> contents, Progress progress) {
        ProgressMeter meter = new ProgressMeter(progress, Progress.Phase.VERIFY, Placement.totalBytes(contents));
        List<Boolean> present = run(contents.stream()
                .<Supplier<Boolean>>map(content -> () -> spread(content, meter))
                .toList());
        meter.finish();
        List<Placement> missing = new ArrayList<>();
        int i = 0;
        for (Placement content : contents) {
            if (!present.get(i++)) {
                missing.add(content);
            }
        }
        return missing;
    }

    private void fetch(ModelName model, List<Placement> missing, Progress progress) {
        if (missing.isEmpty()) {
            return;
        }
        long total = Placement.totalBytes(missing);
        ProgressMeter meter = new ProgressMeter(progress, Progress.Phase.DOWNLOAD, total);
        run(missing.stream()
                .<Supplier<Boolean>>map(content -> () -> fetch(model, content, total, meter))
                .toList());
        meter.finish();
    }

    private List<Boolean> run(List<Supplier<Boolean>> tasks) {
        return Batch.run(parallel, INTERRUPTED, tasks);
    }

    private boolean spread(Placement content, ProgressMeter meter) {
        try {
            return cache.spread(content, meter);
        } catch (IOException e) {
            throw FileErrors.writing(cache.base(), content.sizeBytes(), e);
        }
    }

    private boolean fetch(ModelName model, Placement content, long total, ProgressMeter meter) {
        String key = KeyLayout.blob(model, content.digest());
        try {
            cache.fetch(
                    content,
                    sink -> blobs.copy(key, content.digest(), content.sizeBytes(), sink, content.name(), meter));
            return true;
        } catch (IOException e) {
            throw FileErrors.writing(cache.base(), total, e);
        }
    }
}
