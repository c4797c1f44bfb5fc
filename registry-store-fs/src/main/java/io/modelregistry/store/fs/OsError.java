package io.modelregistry.store.fs;

import io.modelregistry.storage.StorageException.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;

/**
 * The errors of the operating system that are told apart. Java has an exception for three of them; the rest are known by the
 * system's English text. A system that speaks another language gives {@link #OTHER}, which promises least.
 */
enum OsError {
    MISSING(Kind.UNAVAILABLE, Effect.NONE, "it was removed from outside", "No such file or directory"),
    TAKEN(Kind.UNAVAILABLE, Effect.NONE, "something stands there", "File exists", "Directory not empty"),
    ACCESS_DENIED(Kind.DENIED, Effect.NONE, "the process lacks a permission", "Permission denied"),
    NOT_PERMITTED(
            Kind.DENIED,
            Effect.NONE,
            "the process doesn't own it, or it is marked immutable (lsattr)",
            "Operation not permitted"),
    READ_ONLY(
            Kind.DENIED,
            Effect.NONE,
            "mount the file system writable, or open the registry for reading only",
            "Read-only file system"),
    NO_SPACE(
            Kind.FULL,
            Effect.NONE,
            "make room, or free inodes (df -i), and try again",
            "No space left on device",
            "not enough space on the disk"),
    QUOTA(Kind.FULL, Effect.NONE, "raise the quota, or make room within it, and try again", "quota exceeded"),
    TOO_LARGE(Kind.FULL, Effect.NONE, "the file system or ulimit -f allows no file of this size", "File too large"),
    TOO_MANY_OPEN(
            Kind.UNAVAILABLE,
            Effect.NONE,
            "the process is out of file descriptors: raise ulimit -n, or find what leaks them",
            "Too many open files"),
    NAME_TOO_LONG(
            Kind.UNAVAILABLE,
            Effect.NONE,
            "the file system allows no name or path of this length: keep the registry nearer to its root",
            "File name too long"),
    LINK_LOOP(
            Kind.UNAVAILABLE,
            Effect.NONE,
            "symbolic links lead nowhere: remove them",
            "Too many levels of symbolic links"),
    NOT_A_FOLDER(Kind.UNAVAILABLE, Effect.NONE, "a file stands where a folder belongs", "Not a directory"),
    A_FOLDER(Kind.UNAVAILABLE, Effect.NONE, "a folder stands where a file belongs", "Is a directory"),
    NOT_SUPPORTED(
            Kind.UNSUITABLE,
            Effect.NONE,
            "this file system can't hold a registry",
            "Operation not supported",
            "Not supported",
            "Function not implemented"),
    INVALID(Kind.UNAVAILABLE, Effect.NONE, "the file system can't do this", "Invalid argument"),
    STALE(
            Kind.UNAVAILABLE,
            Effect.POSSIBLE,
            "the server has forgotten the file or the export: try again, else mount it again",
            "Stale file handle",
            "Stale NFS file handle"),
    IO_ERROR(
            Kind.UNAVAILABLE,
            Effect.POSSIBLE,
            "the disk or the network below it fails: see the system's log",
            "Input/output error"),
    OTHER(Kind.UNAVAILABLE, Effect.POSSIBLE, "try again, else see the system's log");

    private enum Effect {
        NONE,
        POSSIBLE
    }

    private final Kind kind;
    private final Effect effect;
    private final String advice;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> texts;

    OsError(Kind kind, Effect effect, String advice, String... texts) {
        this.kind = kind;
        this.effect = effect;
        this.advice = advice;
        this.texts = List.of(texts);
    }

    static OsError of(IOException e) {
        if (e instanceof NoSuchFileException) {
            return MISSING;
        } else if (e instanceof FileAlreadyExistsException) {
            return TAKEN;
        } else if (e instanceof AccessDeniedException) {
            return ACCESS_DENIED;
        }
        String said = reason(e).toLowerCase(Locale.ROOT);
        for (OsError error : values()) {
            for (String text : error.texts) {
                if (said.contains(text.toLowerCase(Locale.ROOT))) {
                    return error;
                }
            }
        }
        return OTHER;
    }

    /** What the system said, without the path that {@code FileSystemException} puts in front of it. */
    static String reason(IOException e) {
        String said = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        if (said != null && !said.isBlank()) {
            return said;
        } else if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        } else if (e instanceof FileAlreadyExistsException) {
            return "File exists";
        } else if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        return e.getClass().getSimpleName();
    }

    /** What is certain when the call that failed so could not have had an effect, or had none. */
    Kind kind() {
        return kind;
    }

    /** Whether a link or a rename that failed so may have been made, or may still be. */
    boolean mayHaveHappened() {
        return effect == Effect.POSSIBLE;
    }

    /** Whether a link that failed so is one that this file system never makes. FAT says "not permitted". */
    boolean meansNoLinks() {
        return this == NOT_SUPPORTED || this == NOT_PERMITTED;
    }

    String advice() {
        return advice;
    }
}
