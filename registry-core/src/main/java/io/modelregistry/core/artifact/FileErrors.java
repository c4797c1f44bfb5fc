package io.modelregistry.core.artifact;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.RegistryException;
import io.modelregistry.StoreFullException;
import io.modelregistry.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What to say when files can't be written on this machine. The registry itself is never touched by that. */
final class FileErrors {
    /** How operating systems say that there is no room; in other languages the free space tells. */
    private static final List<String> FULL =
            List.of("no space left", "quota exceeded", "not enough space", "out of disk space");

    private FileErrors() {}

    /**
     * @param folder where it was to be written
     * @param bytesNeeded how much room the whole of it takes
     */
    static RegistryException writing(Path folder, long bytesNeeded, IOException e) {
        if (Thread.currentThread().isInterrupted()) {
            return new StoreUnavailableException("Interrupted while writing to " + folder, e);
        }
        if (isFull(folder, bytesNeeded, e)) {
            return new StoreFullException(
                    "There is no room in " + folder + " for " + bytesNeeded + " bytes" + free(folder)
                            + ". The registry is untouched; make room or choose another folder, then try again",
                    e);
        }
        String what = "Can't write to " + folder + ": " + e;
        boolean refused = e instanceof AccessDeniedException
                || what.toLowerCase(Locale.ROOT).contains("read-only");
        return refused
                ? new InvalidRequestException(what + ". Choose a folder that can be written to", e)
                : new StoreUnavailableException(what + ". The registry is untouched; try again", e);
    }

    private static boolean isFull(Path folder, long bytesNeeded, IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (FULL.stream().anyMatch(message::contains)) {
            return true;
        }
        try {
            return Files.getFileStore(folder).getUsableSpace() < bytesNeeded
                    && e.getClass() == IOException.class; // a write; what goes wrong with a name has a class of its own
        } catch (IOException unknown) {
            return false;
        }
    }

    private static String free(Path folder) {
        try {
            return "; " + Files.getFileStore(folder).getUsableSpace() + " are free";
        } catch (IOException e) {
            return "";
        }
    }
}
