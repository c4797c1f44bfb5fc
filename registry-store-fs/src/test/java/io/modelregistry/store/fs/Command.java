package io.modelregistry.store.fs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Runs programs of the operating system. */
final class Command {
    private Command() {}

    static void run(String... command) {
        String complaint = complaint(command);
        if (!complaint.isEmpty()) {
            throw new IllegalStateException(complaint);
        }
    }

    /** What went wrong; empty when nothing did. */
    static String complaint(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int exit = process.waitFor();
            return exit == 0 ? "" : String.join(" ", command) + " ended with " + exit + ": " + said;
        } catch (IOException e) {
            return command[0] + " is not installed";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
