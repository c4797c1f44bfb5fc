package io.modelregistry.core.artifact;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Folders and what lies in them. Never follows a symbolic link. */
final class FileTrees {
    private FileTrees() {}

    /** What lies in a folder, in no particular order. The folder isn't held open. */
    static List<Path> children(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(children::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return children;
    }

    /** Removes a file, a link, or a folder with all that lies in it. Does nothing when there is none. */
    static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try {
                for (Path child : children(path)) {
                    delete(child);
                }
            } catch (NoSuchFileException | NotDirectoryException e) {
                // somebody else was faster
            }
        }
        Files.deleteIfExists(path);
    }
}
