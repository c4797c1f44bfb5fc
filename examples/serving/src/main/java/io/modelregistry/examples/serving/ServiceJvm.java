package io.modelregistry.examples.serving;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** {@link PredictionService} in a JVM of its own. */
final class ServiceJvm implements AutoCloseable {
    private final Process process;
    private final URI uri;

    private ServiceJvm(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    static ServiceJvm start(String location, String model, Path cache, Consumer<String> output) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(PredictionService.class.getName(), location, model, cache.toString()));
        ProcessBuilder java = new ProcessBuilder(command).redirectErrorStream(true);
        // not as an argument: ONNX Runtime 1.29 crashes where the command line is longer than 4 KiB
        java.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = java.start();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(PredictionService.LISTENING)) {
                Thread reader = new Thread(() -> pass(lines, output), "service output");
                reader.setDaemon(true);
                reader.start();
                return new ServiceJvm(process, URI.create(line.substring(PredictionService.LISTENING.length())));
            }
            output.accept(line);
        }
        throw new IOException("The service ended before it listened");
    }

    private static void pass(BufferedReader lines, Consumer<String> output) {
        try {
            lines.lines().forEach(output);
        } catch (UncheckedIOException e) {
            // it was ended
        }
    }

    URI uri() {
        return uri;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
