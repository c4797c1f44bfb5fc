package io.modelregistry.store.fs;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What Java makes of the errors of Linux. */
final class SystemErrors {
    static final String ENOSPC = "No space left on device";
    static final String EDQUOT = "Disk quota exceeded";
    static final String EFBIG = "File too large";
    static final String EROFS = "Read-only file system";
    static final String EACCES = "Permission denied";
    static final String EPERM = "Operation not permitted";
    static final String EMFILE = "Too many open files";
    static final String ENAMETOOLONG = "File name too long";
    static final String ELOOP = "Too many levels of symbolic links or unable to access attributes of symbolic link";
    static final String ESTALE = "Stale file handle";
    static final String EIO = "Input/output error";
    static final String EEXIST = "File exists";
    static final String ENOENT = "No such file or directory";
    static final String ENOTEMPTY = "Directory not empty";
    static final String EINVAL = "Invalid argument";

    private SystemErrors() {}

    static IOException at(FaultyFiles.Step step, Path path, String reason) {
        return switch (step) {
            case WRITE, SYNC_FILE, SYNC_FOLDER -> new IOException(reason);
            default -> of(path, reason);
        };
    }

    private static IOException of(Path path, String reason) {
        return switch (reason) {
            case EACCES -> new AccessDeniedException(path.toString());
            case EEXIST -> new FileAlreadyExistsException(path.toString());
            case ENOENT -> new NoSuchFileException(path.toString());
            default -> new FileSystemException(path.toString(), null, reason);
        };
    }
}
