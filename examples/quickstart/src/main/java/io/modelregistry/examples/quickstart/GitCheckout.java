package io.modelregistry.examples.quickstart;

import io.modelregistry.version.TrainingCode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The commit that this program is built from, if it is built in a working copy of git. */
record GitCheckout(Optional<TrainingCode> code) {

    static GitCheckout ofThisProgram() throws InterruptedException {
        CodeSource source =
                Objects.requireNonNull(GitCheckout.class.getProtectionDomain().getCodeSource());
        Path program = Path.of(URI.create(source.getLocation().toString()));
        return of(Objects.requireNonNull(program.getParent()));
    }

    private static GitCheckout of(Path folder) throws InterruptedException {
        Optional<String> commit = git(folder, "rev-parse", "HEAD");
        Optional<String> changes = git(folder, "status", "--porcelain");
        if (commit.isEmpty() || changes.isEmpty()) {
            return new GitCheckout(Optional.empty());
        }
        String repository = git(folder, "config", "--get", "remote.origin.url")
                .map(GitCheckout::withoutCredentials)
                .orElse("no remote");
        return new GitCheckout(Optional.of(
                changes.get().isEmpty()
                        ? TrainingCode.clean(repository, commit.get())
                        : TrainingCode.dirty(repository, commit.get())));
    }

    String describe() {
        return code.map(known -> "commit %.12s, working tree %s"
                        .formatted(known.commit(), known.workingTree())
                        .toLowerCase(Locale.ROOT))
                .orElse("not recorded: not built in a git working copy with a commit");
    }

    // A registry never forgets.
    private static String withoutCredentials(String url) {
        return url.replaceFirst("^([a-z+]+://)[^/@]*@", "$1");
    }

    /** What git prints; empty when there is no git, or when it fails. */
    private static Optional<String> git(Path folder, String... arguments) throws InterruptedException {
        List<String> command =
                Stream.concat(Stream.of("git"), Stream.of(arguments)).toList();
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(output.strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
