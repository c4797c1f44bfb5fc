package io.modelregistry.core.artifact;

import io.modelregistry.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Compares files on this machine with what they should hold. */
final class FileContent {
    private static final int BUFFER_BYTES = 128 * 1024;

    private FileContent() {}

    /** What stands there, itself and not what a link points to; null when nothing does. */
    static @Nullable BasicFileAttributes attributes(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * Whether a plain file with exactly this content stands there. Reads all of it, into the sink too.
     *
     * @throws IOException when that can't be told, or from the sink
     */
    static boolean holds(Path file, Placement content, BlobReader.Sink sink, ProgressMeter meter) throws IOException {
        BasicFileAttributes attributes = attributes(file);
        if (attributes == null || !attributes.isRegularFile() || attributes.size() != content.sizeBytes()) {
            return false;
        }
        MessageDigest sha256 = Digest.newSha256();
        byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER_BYTES, content.sizeBytes()))];
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
                Batch.checkNotInterrupted("verifying " + file);
                sha256.update(buffer, 0, n);
                sink.write(buffer, n);
                meter.add(content.name(), n);
            }
        } catch (NoSuchFileException | AccessDeniedException e) {
            return false;
        }
        return Digest.ofHash(sha256.digest()).equals(content.digest());
    }

    /** A block of the disk that can't be read any more ends the file: its hash will be another. */
    private static int read(InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            return -1;
        }
    }
}
