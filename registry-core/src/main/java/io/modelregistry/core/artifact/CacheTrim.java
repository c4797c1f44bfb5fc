package io.modelregistry.core.artifact;

import io.modelregistry.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Removes what was used longest ago until a cache is below its limit: first blobs that no artifact has, then artifacts
 * and the blobs only they had. A blob and the files linked to it count once; where the file system has no identities
 * for files they count each.
 */
final class CacheTrim {
    private static final Duration RECENT = Duration.ofHours(1);

    private final Host host;
    private final CacheFolders folders;
    private final long limitBytes;
    private final Set<String> usedHere;

    /** @param usedHere artifacts that stay, by the digests of their manifests */
    CacheTrim(Host host, CacheFolders folders, long limitBytes, Set<String> usedHere) {
        this.host = host;
        this.folders = folders;
        this.limitBytes = limitBytes;
        this.usedHere = usedHere;
    }

    /** One content on the disk. */
    private static final class Stored {
        private final long sizeBytes;
        private @Nullable Path blob;
        private Instant blobTime = Instant.MAX;
        private int artifactFiles;

        Stored(long sizeBytes) {
            this.sizeBytes = sizeBytes;
        }
    }

    private record Kept(String manifestHex, Instant lastUsed, List<Object> contents) {}

    void run() throws IOException {
        Map<Object, Stored> stored = new HashMap<>();
        scanBlobs(stored);
        List<Kept> artifacts = scanArtifacts(stored);
        long total = stored.values().stream().mapToLong(s -> s.sizeBytes).sum();
        Instant recent = host.now().minus(RECENT);
        for (Stored orphan : List.copyOf(stored.values())) {
            if (total > limitBytes && orphan.artifactFiles == 0 && orphan.blobTime.isBefore(recent)) {
                total -= removed(orphan);
            }
        }
        artifacts.sort(Comparator.comparing(Kept::lastUsed));
        for (Kept artifact : artifacts) {
            boolean spare = !usedHere.contains(artifact.manifestHex) && artifact.lastUsed.isBefore(recent);
            if (total > limitBytes && spare && evict(artifact)) {
                total -= release(artifact, stored);
            }
        }
    }

    private void scanBlobs(Map<Object, Stored> stored) throws IOException {
        for (Path blob : FileTrees.children(folders.blobs())) {
            BasicFileAttributes attributes = FileContent.attributes(blob);
            if (attributes != null) {
                Stored content = stored.computeIfAbsent(key(blob, attributes), k -> new Stored(attributes.size()));
                content.blob = blob;
                content.blobTime = attributes.lastModifiedTime().toInstant();
            }
        }
    }

    private List<Kept> scanArtifacts(Map<Object, Stored> stored) throws IOException {
        List<Kept> artifacts = new ArrayList<>();
        for (Path artifact : FileTrees.children(folders.artifacts())) {
            String hex = artifact.getFileName().toString();
            Kept kept = new Kept(hex, folders.lastUsed(hex), new ArrayList<>());
            scan(artifact, kept, stored);
            artifacts.add(kept);
        }
        return artifacts;
    }

    private static void scan(Path path, Kept artifact, Map<Object, Stored> stored) throws IOException {
        BasicFileAttributes attributes = FileContent.attributes(path);
        if (attributes == null) {
            return;
        }
        if (attributes.isDirectory()) {
            for (Path child : childrenNow(path)) {
                scan(child, artifact, stored);
            }
            return;
        }
        Object key = key(path, attributes);
        stored.computeIfAbsent(key, k -> new Stored(attributes.size())).artifactFiles++;
        artifact.contents.add(key);
    }

    /** Another process may be removing the folder. */
    private static List<Path> childrenNow(Path folder) throws IOException {
        try {
            return FileTrees.children(folder);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
    }

    private static Object key(Path file, BasicFileAttributes attributes) {
        Object key = attributes.fileKey();
        return key == null ? file : key;
    }

    /**
     * Moves the artifact out of sight first. Who asks for it now builds it anew; who asked for it while we looked gets
     * it back.
     */
    private boolean evict(Kept artifact) throws IOException {
        Path place = folders.artifacts().resolve(artifact.manifestHex);
        Path hidden = folders.newTemp();
        try {
            Files.move(place, hidden);
        } catch (NoSuchFileException e) {
            return true;
        }
        if (folders.lastUsed(artifact.manifestHex).isAfter(artifact.lastUsed) && !Files.exists(place)) {
            Files.move(hidden, place);
            return false;
        }
        FileTrees.delete(hidden);
        folders.forget(artifact.manifestHex);
        return true;
    }

    private static long release(Kept artifact, Map<Object, Stored> stored) throws IOException {
        long freed = 0;
        for (Object key : artifact.contents) {
            Stored content = stored.get(key);
            if (content != null && --content.artifactFiles == 0) {
                freed += removed(content);
            }
        }
        return freed;
    }

    private static long removed(Stored content) throws IOException {
        if (content.blob != null) {
            FileTrees.delete(content.blob);
        }
        return content.sizeBytes;
    }
}
