package io.modelregistry.core.artifact;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.version.ArtifactPath;
import io.modelregistry.version.Registration;
import io.modelregistry.version.Registration.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the files of a registration. Everything that lies in a folder is part of it, hidden files too; empty subfolders
 * leave no trace. What is not a plain file or folder is refused by name rather than left out. Symbolic links are
 * followed only where the caller names one: as the folder or file to register, never inside a folder.
 */
final class SourceFiles {
    /** Longer than any path of an artifact, so that recursion ends. */
    private static final int LONGEST_PATH = 1_024;

    private final TreeMap<ArtifactPath, SourceFile> found = new TreeMap<>();

    private SourceFiles() {}

    /** All files in the order of their paths; at least one. */
    static List<SourceFile> of(Registration registration) {
        SourceFiles files = new SourceFiles();
        for (Path root : registration.roots()) {
            files.addRoot(root);
        }
        for (Map.Entry<ArtifactPath, Content> file : registration.files().entrySet()) {
            files.addNamed(file.getKey(), file.getValue());
        }
        if (files.found.isEmpty()) {
            throw new InvalidRequestException(
                    registration.roots().isEmpty()
                            ? "A version has at least one file; add some with Registration.file, or start with"
                                    + " Registration.of(folder)"
                            : "There are no files in " + registration.roots().get(0) + "; a version has at least one");
        }
        Collection<SourceFile> all = files.found.values();
        ArtifactPath.checkTogether(all.stream().map(SourceFile::path).toList());
        return List.copyOf(all);
    }

    private void addRoot(Path root) {
        Path real = real(root);
        BasicFileAttributes attributes = attributes(real);
        if (attributes.isDirectory()) {
            walk(real, "");
        } else {
            Path name = root.toAbsolutePath().normalize().getFileName();
            add(real, name == null ? "" : name.toString(), attributes);
        }
    }

    private void addNamed(ArtifactPath path, Content content) {
        if (content instanceof Content.InMemory memory) {
            add(new SourceFile(path, content, memory.bytes().length));
            return;
        }
        Path real = real(((Content.OnDisk) content).file());
        BasicFileAttributes attributes = attributes(real);
        if (attributes.isDirectory()) {
            throw new InvalidRequestException(real + " is a folder, and \"" + path
                    + "\" can only be a file; register a whole folder with Registration.of");
        }
        requireRegular(real, attributes);
        add(new SourceFile(path, new Content.OnDisk(real), attributes.size()));
    }

    private void walk(Path folder, String prefix) {
        if (prefix.length() > LONGEST_PATH) {
            throw new InvalidRequestException(
                    "The folder " + folder + " lies too deep: paths have at most " + LONGEST_PATH + " characters");
        }
        for (Path child : children(folder)) {
            String name = prefix + child.getFileName();
            BasicFileAttributes attributes = attributes(child);
            if (attributes.isDirectory()) {
                walk(child, name + "/");
            } else {
                add(child, name, attributes);
            }
        }
    }

    private static List<Path> children(Path folder) {
        try {
            return FileTrees.children(folder);
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private void add(Path file, String name, BasicFileAttributes attributes) {
        FileNames.checkReadable(file, name);
        requireRegular(file, attributes);
        add(new SourceFile(ArtifactPath.of(name), new Content.OnDisk(file), attributes.size()));
    }

    private void add(SourceFile file) {
        if (found.put(file.path(), file) != null) {
            throw new InvalidRequestException("The file \"" + file.path() + "\" was added twice");
        }
    }

    private static void requireRegular(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            return;
        }
        if (attributes.isSymbolicLink()) {
            throw new InvalidRequestException(file + " is a symbolic link" + target(file)
                    + "; links inside a folder are not followed. Put the file itself there (cp -rL makes such a copy)");
        }
        throw new InvalidRequestException(
                file + " is a FIFO, a socket or a device; only plain files can be registered. Remove it");
    }

    private static String target(Path link) {
        try {
            return " to " + Files.readSymbolicLink(link);
        } catch (IOException e) {
            return "";
        }
    }

    private static Path real(Path named) {
        try {
            return named.toRealPath();
        } catch (IOException e) {
            if (Files.isSymbolicLink(named)) {
                throw new InvalidRequestException(named + " is a symbolic link that leads nowhere" + target(named), e);
            }
            throw Files.notExists(named)
                    ? new InvalidRequestException("There is no file or folder " + named.toAbsolutePath(), e)
                    : unreadable(named, e);
        }
    }

    private static BasicFileAttributes attributes(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static InvalidRequestException unreadable(Path file, IOException e) {
        return new InvalidRequestException(file + " can't be read: " + e + ". Nothing was registered", e);
    }
}
