package io.modelregistry.examples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs {@link ServeProduction} in a JVM of its own, as another machine would. */
record ServingJvm(String location, String model, Path cache, Page page) {

    /** Returns the exit status, 0 when the served model predicts what the trained one predicted. */
    int serve() throws IOException, InterruptedException {
        page.say("starting a second JVM to serve %s:production ...", model);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(ServeProduction.class.getName(), location, model, cache.toString()));
        ProcessBuilder java = new ProcessBuilder(command).redirectErrorStream(true);
        // not as an argument: ONNX Runtime 1.29 crashes where the command line is longer than 4 KiB
        java.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = java.start();
        try (BufferedReader output = process.inputReader(ServeProduction.ENCODING)) {
            output.lines().forEach(line -> page.show("| " + line));
        }
        return process.waitFor();
    }
}
