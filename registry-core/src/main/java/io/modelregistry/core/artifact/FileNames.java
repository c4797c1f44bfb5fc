package io.modelregistry.core.artifact;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.version.ArtifactPath;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Between the paths of artifacts and the file names of this machine. */
final class FileNames {
    private static final char UNDECODABLE = '\uFFFD';

    private FileNames() {}

    /**
     * Where a file of an artifact lies below a folder.
     *
     * @throws InvalidRequestException when this JVM can't write the name; it says why
     */
    static Path below(Path folder, ArtifactPath path) {
        Path file;
        try {
            file = folder.resolve(path.value());
        } catch (InvalidPathException e) {
            throw new InvalidRequestException(
                    "The path \"" + path + "\" can't be a file name here: " + encoding()
                            + ". What is in the store is untouched, and Version.files lists it",
                    e);
        }
        // ArtifactPath has refused everything that leads elsewhere; this catches what a file system thinks of otherwise
        if (file.equals(folder) || !file.normalize().equals(file) || !file.startsWith(folder)) {
            throw new InvalidRequestException("The path \"" + path + "\" would lead out of " + folder);
        }
        return file;
    }

    /** Refuses a name from a folder that this JVM could not decode: it would be registered as another. */
    static void checkReadable(Path file, String name) {
        if (name.indexOf(UNDECODABLE) >= 0) {
            throw new InvalidRequestException(
                    "The name of the file " + file + " can't be read: it is no valid text in its encoding, or "
                            + encoding() + ". Registration.file(path, bytes) takes any name");
        }
    }

    private static String encoding() {
        return "this JVM reads and writes file names as " + System.getProperty("sun.jnu.encoding")
                + " (sun.jnu.encoding), which it takes from the environment it was started in;"
                + " start it with LC_ALL=C.UTF-8 to use all names";
    }
}
