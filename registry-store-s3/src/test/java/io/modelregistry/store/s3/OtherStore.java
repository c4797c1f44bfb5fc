package io.modelregistry.store.s3;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Another S3 server in a JVM of its own, with its own class path: the folder under {@code src/test/stores} says which. Takes Maven. */
final class OtherStore implements AutoCloseable {
    private static final String BUILD_CLASS_PATH =
            "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath";

    private final Process process;
    private final int port;

    OtherStore(String name, Path scratch) throws IOException, InterruptedException {
        Path folder = Path.of("src/test/stores", name);
        port = freePort();
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(folder, scratch.resolve(name + ".classpath")),
                        folder.resolve("Start.java").toString(),
                        Integer.toString(port))
                .redirectErrorStream(true)
                .start();
        awaitStart(name);
    }

    private static String classPath(Path folder, Path file) throws IOException, InterruptedException {
        Process maven = new ProcessBuilder(
                        "mvn",
                        "-B",
                        "-ntp",
                        "-q",
                        "-f",
                        folder.toString(),
                        BUILD_CLASS_PATH,
                        "-Dmdep.outputFile=" + file)
                .redirectErrorStream(true)
                .start();
        String output = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (maven.waitFor() != 0) {
            throw new AssertionError(output);
        }
        return Files.readString(file).strip();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitStart(String name) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.equals("started")) {
                Thread reader = new Thread(() -> output.lines().forEach(rest -> {}), name);
                reader.setDaemon(true);
                reader.start();
                return;
            }
            said.append(line).append('\n');
        }
        throw new AssertionError(name + " doesn't start: " + said);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
