package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import io.modelregistry.Host;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Where things lie in the cache of one registry, and whether they may be trusted to lie there:
 *
 * <pre>
 * blobs/&lt;sha256&gt;                  contents
 * artifacts/&lt;sha256&gt;/&lt;path&gt;      an artifact's files by its manifest, hard links to blobs if possible
 * manifests/&lt;sha256&gt;              manifests of artifacts whose files the version's record doesn't list
 * used/&lt;sha256&gt;                   empty; its time is when the artifact was last asked for
 * temp/&lt;random&gt;                   what is being written, or being removed
 * </pre>
 *
 * Thread-safe; keeps nothing in memory.
 */
final class CacheFolders {
    private static final Duration TEMP_AGE = Duration.ofHours(24);

    private final Host host;
    private final Path base;
    private final Path registry;
    private final CacheTrust trust;

    CacheFolders(Host host, CacheLocation location) {
        this.host = host;
        this.base = location.base();
        this.registry = location.registry();
        this.trust = new CacheTrust(base);
    }

    Path base() {
        return base;
    }

    Path blobs() {
        return registry.resolve("blobs");
    }

    Path blob(Digest digest) {
        return blobs().resolve(digest.hex());
    }

    Path artifacts() {
        return registry.resolve("artifacts");
    }

    Path artifact(Digest manifest) {
        return artifacts().resolve(manifest.hex());
    }

    Path manifest(Digest digest) {
        return manifests().resolve(digest.hex());
    }

    /** A name in the cache that nothing has. */
    Path newTemp() {
        return temps().resolve(host.newId());
    }

    /**
     * Makes the folders that are missing, readable by this user only, and removes what killed processes left behind.
     */
    void open() throws IOException {
        try {
            Files.createDirectories(base, privately(base));
        } catch (FileAlreadyExistsException e) {
            // no folder: refused below
        }
        trust.requireSafe(base);
        List<Path> own = List.of(registry, blobs(), artifacts(), manifests(), used(), temps());
        for (Path folder : own) {
            try {
                Files.createDirectory(folder, privately(folder));
            } catch (FileAlreadyExistsException e) {
                // checked as if it were somebody else's
            }
            trust.requireSafe(folder);
        }
        Path probe = Files.createFile(newTemp());
        try {
            trust.requireOwner(probe, own);
        } finally {
            Files.deleteIfExists(probe);
        }
        sweep();
    }

    /**
     * Notes that an artifact is used now. A new file takes the marker's place, so that a link planted there is not
     * followed.
     */
    void touch(String manifestHex) throws IOException {
        Path temp = Files.createFile(newTemp());
        setTime(temp);
        replace(temp, used().resolve(manifestHex));
    }

    /** When an artifact was last asked for; long ago when nobody knows. */
    Instant lastUsed(String manifestHex) throws IOException {
        BasicFileAttributes marker = FileContent.attributes(used().resolve(manifestHex));
        return marker == null ? Instant.EPOCH : marker.lastModifiedTime().toInstant();
    }

    void forget(String manifestHex) throws IOException {
        FileTrees.delete(manifests().resolve(manifestHex));
        FileTrees.delete(used().resolve(manifestHex));
    }

    /** Gives a file the time of this host's clock, which all ages in the cache are measured with. */
    void setTime(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(host.now()));
    }

    /** Atomic; whatever stood there, a link included, is replaced and not followed. */
    static void replace(Path temp, Path target) throws IOException {
        Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path manifests() {
        return registry.resolve("manifests");
    }

    private Path used() {
        return registry.resolve("used");
    }

    private Path temps() {
        return registry.resolve("temp");
    }

    private void sweep() throws IOException {
        Instant oldest = host.now().minus(TEMP_AGE);
        for (Path temp : FileTrees.children(temps())) {
            BasicFileAttributes attributes = FileContent.attributes(temp);
            if (attributes != null && attributes.lastModifiedTime().toInstant().isBefore(oldest)) {
                FileTrees.delete(temp);
            }
        }
    }

    static FileAttribute<?>[] privately(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
