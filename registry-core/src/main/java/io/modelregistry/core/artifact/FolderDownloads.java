package io.modelregistry.core.artifact;

import io.modelregistry.Host;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelName;
import io.modelregistry.RegistryException;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Parallel;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes artifacts into folders of the caller's own: into a folder beside first, which then takes the name asked for.
 * Takes what it can from the local cache, as copies, since the caller may change them. Thread-safe.
 */
final class FolderDownloads {
    private static final Logger LOG = LoggerFactory.getLogger(FolderDownloads.class);

    private final Host host;
    private final Parallel parallel;
    private final Manifests manifests;
    private final BlobReader blobs;
    private final LocalCache cache;

    FolderDownloads(Host host, Parallel parallel, Manifests manifests, BlobReader blobs, LocalCache cache) {
        this.host = host;
        this.parallel = parallel;
        this.manifests = manifests;
        this.blobs = blobs;
        this.cache = cache;
    }

    Path download(ModelVersion version, Path folder, Progress progress) {
        Path target = folder.toAbsolutePath().normalize();
        Path parent = target.getParent();
        if (parent == null) {
            throw new InvalidRequestException(target + " can't be the folder of an artifact; name one below it");
        }
        ModelName model = version.id().model();
        List<ArtifactFile> files = manifests.files(model, version.artifact());
        Path staging = parent.resolve("." + target.getFileName() + "." + host.newId() + ".partial");
        try {
            requireFree(target);
            Files.createDirectories(parent);
            Collection<Placement> contents = Placement.of(files, staging);
            new ArtifactFolder(staging, files).make();
            write(model, contents, parent, progress);
            publish(staging, target);
            return target;
        } catch (IOException e) {
            throw FileErrors.writing(parent, version.artifact().sizeBytes(), e);
        } finally {
            remove(staging);
        }
    }

    private void write(ModelName model, Collection<Placement> contents, Path folder, Progress progress) {
        long total = Placement.totalBytes(contents);
        ProgressMeter meter = new ProgressMeter(progress, Progress.Phase.DOWNLOAD, total);
        Batch.run(
                parallel,
                "Interrupted while downloading files; the folder was not made",
                contents.stream()
                        .<Supplier<Boolean>>map(content -> () -> {
                            try {
                                write(KeyLayout.blob(model, content.digest()), content, meter);
                                return true;
                            } catch (IOException e) {
                                throw FileErrors.writing(folder, total, e);
                            }
                        })
                        .toList());
        meter.finish();
    }

    private void write(String key, Placement content, ProgressMeter meter) throws IOException {
        Path first = content.places().get(0);
        try (FileSink sink = new FileSink(first)) {
            if (!copyCached(content, sink, meter)) {
                sink.restart();
                blobs.copy(key, content.digest(), content.sizeBytes(), sink, content.name(), meter);
            }
        }
        for (Path other : content.places().subList(1, content.places().size())) {
            Files.copy(first, other);
        }
    }

    private boolean copyCached(Placement content, FileSink sink, ProgressMeter meter) throws IOException {
        return FileContent.holds(cache.blob(content.digest()), content, sink, meter);
    }

    private static void publish(Path staging, Path target) throws IOException {
        try {
            Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // something was put there meanwhile, or it is an empty folder on a system that doesn't rename onto one
            requireFree(target);
            Files.deleteIfExists(target);
            Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void requireFree(Path target) throws IOException {
        BasicFileAttributes standing = FileContent.attributes(target);
        if (standing == null) {
            return;
        }
        if (!standing.isDirectory()) {
            throw notFree(target, standing.isSymbolicLink() ? "it is a symbolic link" : "it is a file");
        }
        if (!FileTrees.children(target).isEmpty()) {
            throw notFree(target, "it is not empty");
        }
    }

    private static RegistryException notFree(Path target, String why) {
        return new InvalidRequestException("Can't write an artifact to " + target + ": " + why
                + ". Name a folder that doesn't exist, or an empty one");
    }

    private static void remove(Path staging) {
        try {
            FileTrees.delete(staging);
        } catch (IOException e) {
            LOG.warn("A folder of an unfinished download could not be removed: {}", staging, e);
        }
    }
}
