package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.ModelName;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.version.Artifact;
import io.modelregistry.version.ArtifactFile;
import java.util.List;
import java.util.Optional;

/** Lists the files of an artifact. Thread-safe. */
final class Manifests {
    private final BlobReader blobs;

    Manifests(BlobReader blobs) {
        this.blobs = blobs;
    }

    /** From the version's record where that lists them, else from the manifest in the store. */
    List<ArtifactFile> files(ModelName model, Artifact artifact) {
        return inline(model, artifact).orElseGet(() -> decode(model, artifact, fetch(model, artifact)));
    }

    /** From the version's record, if the files it lists make up the manifest it names. */
    Optional<List<ArtifactFile>> inline(ModelName model, Artifact artifact) {
        if (artifact.files().isEmpty()) {
            return Optional.empty();
        }
        byte[] manifest = ManifestCodec.encode(artifact.files());
        return Digest.of(manifest).equals(artifact.manifest())
                ? Optional.of(decode(model, artifact, manifest))
                : Optional.empty();
    }

    /** The manifest in the store: bytes of the digest that the version names. */
    byte[] fetch(ModelName model, Artifact artifact) {
        String key = KeyLayout.blob(model, artifact.manifest());
        return blobs.whole(key, artifact.manifest(), ManifestCodec.limitBytes(artifact.fileCount()));
    }

    /** Reads a manifest of the right digest, and refuses one that says otherwise than the version. */
    List<ArtifactFile> decode(ModelName model, Artifact artifact, byte[] manifest) {
        String key = KeyLayout.blob(model, artifact.manifest());
        List<ArtifactFile> files = decode(key, manifest);
        boolean sameAsInline = artifact.files().isEmpty() || artifact.files().equals(files);
        if (!sameAsInline || files.size() != artifact.fileCount() || !addUp(files, artifact.sizeBytes())) {
            throw new IntegrityException(
                    Damage.CORRUPT_BLOB,
                    key,
                    "The manifest " + key + " lists other files than the version that names it, which says "
                            + artifact.fileCount() + " files of " + artifact.sizeBytes()
                            + " bytes. Neither is used; find out who wrote them",
                    null);
        }
        return files;
    }

    private static List<ArtifactFile> decode(String key, byte[] content) {
        try {
            return ManifestCodec.decode(content);
        } catch (MalformedException e) {
            throw new IntegrityException(
                    Damage.CORRUPT_BLOB,
                    key,
                    "The manifest " + key + " was registered as it is, but can't be used: " + e.getMessage(),
                    e);
        } catch (UpgradeRequiredException e) {
            throw new UpgradeRequiredException(e.getMessage() + " (" + key + ")");
        }
    }

    /** Sizes that overflow a long add up to nothing. */
    private static boolean addUp(List<ArtifactFile> files, long sizeBytes) {
        long left = sizeBytes;
        for (ArtifactFile file : files) {
            if (file.sizeBytes() > left) {
                return false;
            }
            left -= file.sizeBytes();
        }
        return left == 0;
    }
}
