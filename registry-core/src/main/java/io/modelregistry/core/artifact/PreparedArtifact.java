package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.version.Artifact;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.Progress;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An artifact whose files were found and hashed, ready to be sent. Immutable, but the files it names are still the
 * caller's.
 */
public final class PreparedArtifact {
    private final Artifact artifact;
    private final byte[] manifest;
    private final Map<Digest, HashedFile> blobs;
    private final Progress progress;

    private PreparedArtifact(Artifact artifact, byte[] manifest, Map<Digest, HashedFile> blobs, Progress progress) {
        this.artifact = artifact;
        this.manifest = manifest;
        this.blobs = blobs;
        this.progress = progress;
    }

    /** @param hashed in the order of their paths */
    static PreparedArtifact of(List<HashedFile> hashed, Progress progress) {
        Map<Digest, HashedFile> blobs = new LinkedHashMap<>();
        long sizeBytes = 0;
        for (HashedFile file : hashed) {
            blobs.putIfAbsent(file.digest(), file);
            sizeBytes = Math.addExact(sizeBytes, file.sizeBytes());
        }
        List<ArtifactFile> files = hashed.stream().map(HashedFile::file).toList();
        byte[] manifest = ManifestCodec.encode(files);
        Artifact artifact = new Artifact(
                Digest.of(manifest),
                files.size(),
                sizeBytes,
                HashedFile.formatOfAll(hashed),
                files.size() > Artifact.FILES_INLINE ? List.of() : files);
        return new PreparedArtifact(artifact, manifest, Collections.unmodifiableMap(blobs), progress);
    }

    public Artifact artifact() {
        return artifact;
    }

    /** The content of the manifest; not copied. */
    byte[] manifest() {
        return manifest;
    }

    /** One file for each different content. */
    Collection<HashedFile> blobs() {
        return blobs.values();
    }

    Progress progress() {
        return progress;
    }
}
