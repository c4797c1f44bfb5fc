package io.modelregistry.core.artifact;

import io.modelregistry.version.ArtifactPath;
import io.modelregistry.version.Registration.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;

/**
 * A file to register.
 *
 * @param sizeBytes as it was when it was found; it may have changed since
 */
record SourceFile(ArtifactPath path, Content content, long sizeBytes) {

    /** The content from its beginning; fails if a symbolic link has taken the file's place. */
    InputStream open() throws IOException {
        if (content instanceof Content.OnDisk disk) {
            return Files.newInputStream(disk.file(), LinkOption.NOFOLLOW_LINKS);
        }
        return new ByteArrayInputStream(((Content.InMemory) content).bytes());
    }

    /** Where it is, for messages. */
    String place() {
        return content instanceof Content.OnDisk disk ? disk.file().toString() : path.value();
    }
}
