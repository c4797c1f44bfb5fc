package io.modelregistry.store.fs.linearizability;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.testkit.linearizability.History;
import io.modelregistry.testkit.linearizability.RegistryLoad;
import io.modelregistry.testkit.linearizability.TimedOperation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Another JVM: opens the registry in a folder, waits for the others, lets its threads change and read it, and writes down what they were told, by the
 * machine's monotonic clock.
 */
final class HistoryProcess implements AutoCloseable {
    private static final int THREADS = 2;
    private static final String READY = "ready";

    private final Process process;
    private final BufferedReader said;
    private final Path results;

    private HistoryProcess(Process process, Path results) {
        this.process = process;
        this.said = process.inputReader(StandardCharsets.UTF_8);
        this.results = results;
    }

    /**
     * Starts one that will wait for {@link #go}.
     *
     * @param results the files it writes begin with this path
     */
    static HistoryProcess start(Path registry, Path results, String name, int operationsEach, long seed)
            throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        HistoryProcess.class.getName(),
                        registry.toString(),
                        results.toString(),
                        name,
                        Integer.toString(operationsEach),
                        Long.toString(seed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new HistoryProcess(process, results);
    }

    /** Returns when it has opened the registry. */
    void awaitReady() throws IOException {
        String line = said.readLine();
        if (!READY.equals(line)) {
            throw new AssertionError("A process said " + line + " instead of " + READY);
        }
    }

    void go() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Waits until it has ended, and adds what it was told. */
    void collect(RegistryLoad load) throws IOException, InterruptedException {
        int exit = process.waitFor();
        if (exit != 0) {
            throw new AssertionError("A process ended with " + exit);
        }
        read(registrations(results), load.registrations());
        read(promotions(results), load.promotions());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws Exception {
        Path registry = Path.of(arguments[0]);
        Path results = Path.of(arguments[1]);
        String name = arguments[2];
        RegistryOptions options = RegistryOptions.defaults().withCacheFolder(results.resolveSibling("cache-" + name));
        RegistryLoad load = new RegistryLoad(System::nanoTime);
        try (ModelRegistry opened =
                ModelRegistry.open(registry.toUri().toString(), options).as(name)) {
            System.out.println(READY);
            if (new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine() == null) {
                return; // the parent is gone
            }
            load.run(name, List.of(opened), THREADS, Integer.parseInt(arguments[3]), Long.parseLong(arguments[4]));
        }
        write(registrations(results), load.registrations());
        write(promotions(results), load.promotions());
    }

    private static Path registrations(Path results) {
        return results.resolveSibling(results.getFileName() + ".registrations");
    }

    private static Path promotions(Path results) {
        return results.resolveSibling(results.getFileName() + ".promotions");
    }

    private static void write(Path file, History history) throws IOException {
        Files.write(
                file, history.operations().stream().map(TimedOperation::toLine).toList());
    }

    private static void read(Path file, History history) throws IOException {
        history.addAll(
                Files.readAllLines(file).stream().map(TimedOperation::parse).toList());
    }
}
