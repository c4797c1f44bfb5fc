package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.version.ArtifactFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A content and the places where files of an artifact want it.
 *
 * @param name the first of these files, for messages and listeners
 */
record Placement(String name, Digest digest, long sizeBytes, List<Path> places) {

    /** One for each different content. */
    static Collection<Placement> of(List<ArtifactFile> files, Path folder) {
        Map<Digest, Placement> placements = new LinkedHashMap<>();
        for (ArtifactFile file : files) {
            placements
                    .computeIfAbsent(
                            file.digest(),
                            digest -> new Placement(file.path().value(), digest, file.sizeBytes(), new ArrayList<>()))
                    .places
                    .add(FileNames.below(folder, file.path()));
        }
        return placements.values();
    }

    static long totalBytes(Collection<Placement> placements) {
        return placements.stream().mapToLong(Placement::sizeBytes).sum();
    }
}
