package io.modelregistry.version;

import io.modelregistry.Digest;
import java.util.List;

/**
 * The files of a version.
 *
 * @param manifest digest of the manifest, which lists path, size and digest of every file: it names exactly these bytes under these paths
 * @param fileCount how many files there are
 * @param sizeBytes of all files together
 * @param format the format of the model among the files
 * @param files all files in the order of their paths when there are at most {@value #FILES_INLINE}; empty when there are more:
 *     {@link io.modelregistry.Version#files} then reads them from the manifest
 */
public record Artifact(
        Digest manifest, long fileCount, long sizeBytes, ArtifactFormat format, List<ArtifactFile> files) {

    /** Up to this many files are listed in the version's own record. */
    public static final int FILES_INLINE = 256;

    public Artifact {
        files = List.copyOf(files);
    }
}
