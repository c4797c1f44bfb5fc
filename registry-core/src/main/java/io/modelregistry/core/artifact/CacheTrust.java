package io.modelregistry.core.artifact;

import io.modelregistry.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Refuses a cache where another user of the machine could put something between a file's verification and its use.
 * Where the file system tells no owners and modes, only links are refused.
 */
final class CacheTrust {
    private static final int OTHERS_MAY_WRITE = 0002;
    private static final int STICKY = 01000;

    private final Path base;

    CacheTrust(Path base) {
        this.base = base;
    }

    /**
     * A real folder that not everyone may write to. In a sticky one others can add files but can't touch ours; only the
     * outermost may be that.
     */
    void requireSafe(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(folder, "is a symbolic link or a file, not a folder");
        }
        if (hasUnixAttributes()) {
            int mode = (Integer) Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            boolean harmless = folder.equals(base) && (mode & STICKY) != 0;
            if ((mode & OTHERS_MAY_WRITE) != 0 && !harmless) {
                throw refused(folder, "may be written to by every user of this machine");
            }
        }
    }

    /**
     * Folders that belong to this user, and an outermost one that belongs to this user or to root, who could change
     * anything anyway.
     *
     * @param probe a file made just now: it tells who we are, which a user's name doesn't in every container
     */
    void requireOwner(Path probe, List<Path> own) throws IOException {
        if (!hasUnixAttributes()) {
            return;
        }
        Object we = owner(probe);
        for (Path folder : own) {
            if (!owner(folder).equals(we)) {
                throw belongsToAnother(folder);
            }
        }
        if (!owner(base).equals(we) && !owner(base).equals(0)) {
            throw belongsToAnother(base);
        }
    }

    private static Object owner(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private boolean hasUnixAttributes() {
        return base.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    private static InvalidRequestException belongsToAnother(Path folder) throws IOException {
        return refused(folder, "belongs to another user (" + Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS) + ")");
    }

    private static InvalidRequestException refused(Path folder, String why) {
        return new InvalidRequestException("The cache folder " + folder + " " + why
                + ", so that what lies there can't be trusted. Choose another with RegistryOptions.withCacheFolder;"
                + " one that doesn't exist yet is made for this user alone");
    }
}
