package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.ArtifactFormat;
import java.util.Comparator;
import java.util.List;

/**
 * A file to register whose content has been read once.
 *
 * @param crc32c 8 hexadecimal digits, to compare with stores that keep no SHA-256
 */
record HashedFile(SourceFile source, long sizeBytes, Digest digest, String crc32c, ArtifactFormat format) {

    ArtifactFile file() {
        return new ArtifactFile(source.path(), sizeBytes, digest);
    }

    /** The format of the largest file that is a model, else of the only file, else unknown. */
    static ArtifactFormat formatOfAll(List<HashedFile> files) {
        return files.stream()
                .filter(file -> FormatDetector.isModel(file.format))
                .max(Comparator.comparingLong(HashedFile::sizeBytes))
                .map(HashedFile::format)
                .orElseGet(() -> files.size() == 1 ? files.get(0).format : ArtifactFormat.UNKNOWN);
    }
}
