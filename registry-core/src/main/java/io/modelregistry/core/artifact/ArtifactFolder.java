package io.modelregistry.core.artifact;

import io.modelregistry.version.ArtifactFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that an artifact's files are to lie in, with the subfolders they need. Whatever else lies there is
 * removed: a program that loads the folder would load that too.
 */
final class ArtifactFolder {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactFolder.class);

    private final Path folder;
    private final Set<String> files = new HashSet<>();
    private final Set<String> subfolders = new TreeSet<>();

    ArtifactFolder(Path folder, List<ArtifactFile> artifactFiles) {
        this.folder = folder;
        for (ArtifactFile file : artifactFiles) {
            String path = file.path().value();
            files.add(path);
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                if (!subfolders.add(path.substring(0, slash))) {
                    break;
                }
            }
        }
    }

    void make() throws IOException {
        BasicFileAttributes standing = FileContent.attributes(folder);
        if (standing != null && !standing.isDirectory()) {
            Files.deleteIfExists(folder);
        }
        makeFolder(folder);
        removeStrangers(folder, "");
        // a folder's name is the beginning of those in it, so they come in the right order
        for (String subfolder : subfolders) {
            makeFolder(folder.resolve(subfolder));
        }
    }

    /** Whether every file has something in its place. */
    boolean isComplete() {
        return files.stream().allMatch(file -> Files.exists(folder.resolve(file), LinkOption.NOFOLLOW_LINKS));
    }

    private void removeStrangers(Path parent, String prefix) throws IOException {
        for (Path child : FileTrees.children(parent)) {
            // some file systems give names in another Unicode form than they took them
            String path = prefix + Normalizer.normalize(child.getFileName().toString(), Normalizer.Form.NFC);
            BasicFileAttributes attributes = FileContent.attributes(child);
            if (attributes == null) {
                continue;
            }
            if (attributes.isDirectory() && subfolders.contains(path)) {
                removeStrangers(child, path + "/");
            } else if (attributes.isDirectory() || !files.contains(path)) {
                LOG.warn("Something in the cache doesn't belong there and is removed: {}", child);
                FileTrees.delete(child);
            }
        }
    }

    private static void makeFolder(Path path) throws IOException {
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            // made by another process, or by an earlier call
        }
    }
}
