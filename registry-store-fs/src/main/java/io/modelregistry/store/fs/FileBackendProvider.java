package io.modelregistry.store.fs;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageBackendProvider;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Opens {@code file:} locations: {@code file:/var/models} and {@code file:///var/models} are absolute, {@code file:models} is below
 * the working directory. Found through {@link java.util.ServiceLoader}.
 */
public final class FileBackendProvider implements StorageBackendProvider {

    @Override
    public String scheme() {
        return "file";
    }

    @Override
    public StorageBackend open(URI location, Host host) {
        return FileBackend.at(folder(location), host);
    }

    static Path folder(URI location) {
        String scheme = location.getScheme();
        if (scheme == null || !scheme.toLowerCase(Locale.ROOT).equals("file")) {
            throw new IllegalArgumentException("Not a file location: " + location + ": it looks like file:/var/models");
        }
        String authority = location.getRawAuthority();
        if (authority != null) {
            throw new IllegalArgumentException(
                    "Not a file location: " + location + ": \"" + authority + "\" is where a host's name"
                            + " belongs, and no other machine's files are reached so. For an absolute folder write file:/"
                            + authority
                            + location.getRawPath() + ", for one below the working directory file:" + authority
                            + location.getRawPath());
        }
        String path = location.isOpaque() ? location.getSchemeSpecificPart() : location.getPath();
        if (location.getRawQuery() != null || location.getRawFragment() != null || path.indexOf('?') >= 0) {
            throw new IllegalArgumentException("Not a file location: " + location
                    + ": it has no query and no fragment; write ? as %3F and # as %23");
        }
        if (path.equals("~") || path.startsWith("~/")) {
            throw new IllegalArgumentException("Not a file location: " + location
                    + ": \"~\" is known to shells only; write file:" + "/home/you" + path.substring(1));
        }
        return path(location, path);
    }

    private static Path path(URI location, String path) {
        try {
            return location.isOpaque() ? Path.of(path) : Path.of(location);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "No path can be made of " + location + " where sun.jnu.encoding is "
                            + System.getProperty("sun.jnu.encoding")
                            + ": start Java in a UTF-8 locale, such as LC_ALL=C.UTF-8",
                    e);
        }
    }
}
