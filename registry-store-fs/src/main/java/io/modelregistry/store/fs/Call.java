package io.modelregistry.store.fs;

import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * What the backend was asked for, in the words of its error messages. The one place where a failure of the file system becomes a
 * {@link StorageException}.
 *
 * @param what verb and key: {@code create versions/fraud/0000000001.json}
 * @param path where it would be done, for failures that name no path themselves
 * @param bytes how many are to be written
 */
record Call(String what, Path path, String store, Access access, long bytes) {

    enum Access {
        READ("the process needs read permission on it, and search permission on the folders above"),
        WRITE("the process needs read, write and search permission on the folder");

        private final String needs;

        Access(String needs) {
            this.needs = needs;
        }
    }

    static Call reading(String what, Path path, String store) {
        return new Call(what, path, store, Access.READ, 0);
    }

    static Call writing(String what, Path path, String store, long bytes) {
        return new Call(what, path, store, Access.WRITE, bytes);
    }

    /**
     * The failure of a call that changed nothing.
     *
     * @param usableBytes what the file system still has room for, -1 if it doesn't say
     */
    StorageException failed(IOException e, long usableBytes) {
        OsError error = OsError.of(e);
        Kind kind = error.kind();
        if (access == Access.READ && kind == Kind.FULL) {
            kind = Kind.UNAVAILABLE;
        } else if (error == OsError.OTHER && usableBytes >= 0 && usableBytes < bytes) {
            kind = Kind.FULL; // said in another language
        }
        StringBuilder message = new StringBuilder("Could not " + what + " in " + store + ": " + said(e));
        message.append("; ").append(error == OsError.ACCESS_DENIED ? access.needs : error.advice());
        if (kind == Kind.FULL) {
            message.append("; ").append(bytes).append(" bytes are needed");
            if (usableBytes >= 0) {
                message.append(", ").append(usableBytes).append(" are free");
            }
        }
        if (access == Access.WRITE) {
            message.append(". Nothing was changed");
        }
        return new StorageException(kind, message.toString(), e);
    }

    /** The failure of a call that may have taken effect. */
    StorageException uncertain(UncertainException e) {
        IOException failure = e.failure();
        return new StorageException(
                Kind.UNKNOWN,
                "It is not known whether this took effect: " + what + " in " + store + ": " + said(failure) + "; "
                        + OsError.of(failure).advice() + ". Repeat it with the same content, or read the key",
                failure);
    }

    private String said(IOException e) {
        String named = e instanceof FileSystemException f ? f.getFile() : null;
        return (named == null ? path.toString() : named) + ": " + OsError.reason(e);
    }
}
