package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.ModelName;
import io.modelregistry.RegistryOptions;
import io.modelregistry.core.listening.Listeners;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Parallel;
import io.modelregistry.core.log.Store;
import io.modelregistry.version.Artifact;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import io.modelregistry.version.Registration;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The files of versions, between a disk and a store. Transfers run side by side and aren't limited in time; each failed
 * request is repeated a bounded number of times. Thread-safe. Touches neither disk nor store before it is used.
 */
public final class Artifacts implements AutoCloseable {
    private final Preparation preparation;
    private final Uploads uploads;
    private final Manifests manifests;
    private final BlobReader blobs;
    private final CacheDownloads cacheDownloads;
    private final FolderDownloads folderDownloads;
    private final LocalCache cache;

    /** @param registryId sets this registry's files apart from others' in the local cache */
    public Artifacts(Store store, Parallel parallel, String registryId, RegistryOptions options, Listeners listeners) {
        cache = new LocalCache(store.host(), CacheLocation.of(registryId, options.cacheFolder()), options.cacheBytes());
        preparation = new Preparation(parallel);
        blobs = new BlobReader(store);
        uploads = new Uploads(store, parallel, blobs);
        manifests = new Manifests(blobs);
        cacheDownloads = new CacheDownloads(parallel, manifests, blobs, cache, listeners);
        folderDownloads = new FolderDownloads(store.host(), parallel, manifests, blobs, cache);
    }

    /**
     * Finds and hashes the files of a registration and detects their format. Asks no store.
     *
     * @throws io.modelregistry.InvalidRequestException when there are no files, or one that can't be part of an
     *     artifact; it is named
     */
    public PreparedArtifact prepare(Registration registration) {
        return preparation.prepare(registration);
    }

    /**
     * Sends what the store lacks of the files and of the manifest. When this returns, every blob stands with the right
     * content. All requests and {@code alongside} run side by side.
     *
     * @param probablyThere blobs to look for first, one request each, before they are sent; all others are sent at once
     * @param alongside other requests that the caller wants to wait for at the same time
     * @throws io.modelregistry.InvalidRequestException when a file is no longer what it was when it was prepared
     * @throws io.modelregistry.IntegrityException when a blob of other content stands in the way
     */
    public void upload(
            ModelName model, PreparedArtifact prepared, Set<Digest> probablyThere, List<Runnable> alongside) {
        uploads.upload(model, prepared, probablyThere, alongside);
    }

    /**
     * All files in the order of their paths: from the version's own record when it lists them, else from the manifest,
     * one request.
     */
    public List<ArtifactFile> files(ModelName model, Artifact artifact) {
        return manifests.files(model, artifact);
    }

    /**
     * All files as the manifest in the store lists them.
     *
     * @throws io.modelregistry.IntegrityException when it is missing, is not the one the version names, or contradicts
     *     the version's record
     */
    public List<ArtifactFile> verifyManifest(ModelName model, Artifact artifact) {
        return manifests.decode(model, artifact, manifests.fetch(model, artifact));
    }

    /**
     * Reads a blob from the store to its end and compares it with its name and length: one stat and one read.
     *
     * @param sizeBytes the length it must have, or -1 when nobody says
     * @return its length
     * @throws io.modelregistry.IntegrityException when it is missing, or is not what it should be
     */
    public long verifyBlob(ModelName model, Digest digest, long sizeBytes) {
        return blobs.verify(KeyLayout.blob(model, digest), digest, sizeBytes);
    }

    /** Brings a version's files into the local cache as far as they aren't there, and verifies every byte. */
    public LocalArtifact download(ModelVersion version, Progress progress) {
        return cacheDownloads.download(version, progress);
    }

    /** As {@link #download}, for use later: the files are the first to go when room is needed, an hour from now. */
    public void prefetch(ModelVersion version, Progress progress) {
        cacheDownloads.download(version, progress);
        cacheDownloads.release(version);
    }

    /** Says that what one {@link #download} returned is no longer used by this process, so that it may be removed from the cache. */
    public void release(ModelVersion version) {
        cacheDownloads.release(version);
    }

    /**
     * Writes a version's files into a folder that doesn't exist or is empty; it appears at once and whole, every byte
     * verified.
     */
    public Path downloadTo(ModelVersion version, Path folder, Progress progress) {
        return folderDownloads.download(version, folder, progress);
    }

    /** What was downloaded stays for another hour at least. */
    @Override
    public void close() {
        cache.close();
    }
}
