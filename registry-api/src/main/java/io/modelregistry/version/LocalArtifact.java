package io.modelregistry.version;

import io.modelregistry.NotFoundException;
import java.nio.file.Path;
import java.util.List;

/**
 * A version's files in the local cache, every byte verified when this was made. Read only: the same files serve other processes.
 *
 * @param folder holds the files under their paths
 */
public record LocalArtifact(ModelVersion version, Path folder, List<ArtifactFile> files) {
    public LocalArtifact {
        files = List.copyOf(files);
    }

    /** Where one of the files is. */
    public Path file(String path) {
        return files.stream()
                .filter(f -> f.path().value().equals(path))
                .findFirst()
                .map(f -> folder.resolve(path))
                .orElseThrow(() -> new NotFoundException("No file \"" + path + "\" in " + version.id() + ": it has "
                        + files.stream().limit(10).map(f -> f.path().value()).toList()));
    }
}
