package io.modelregistry.store.fs;

import io.modelregistry.Host;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Names of what is not an object yet, or not any more: {@code .<32 hexadecimal digits>.tmp}. */
final class TemporaryNames {
    private static final Pattern OWN = Pattern.compile("\\.[0-9a-f]{32}\\.tmp");

    private TemporaryNames() {}

    static Path in(Path folder, Host host) {
        return folder.resolve("." + host.newId() + ".tmp");
    }

    static boolean isOwn(String name) {
        return OWN.matcher(name).matches();
    }

    /** Includes the names that NFS and FUSE keep a deleted file under while somebody still reads it. */
    static boolean isPassing(String name) {
        return isOwn(name) || name.startsWith(".nfs") || name.startsWith(".fuse_hidden");
    }
}
