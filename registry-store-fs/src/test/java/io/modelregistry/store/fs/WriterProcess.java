package io.modelregistry.store.fs;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Another JVM. It creates each key that it is told, with its own name as the content, and answers with what it was told. */
final class WriterProcess implements AutoCloseable {
    static final int CONTENT_SIZE = 10_000;

    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;

    private WriterProcess(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        this.orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    }

    static WriterProcess start(Path root, String name, Form form) throws IOException {
        Process process = Jvm.plain().start(WriterProcess.class, root, name, form.name());
        WriterProcess writer = new WriterProcess(process);
        writer.answer(); // it is ready
        return writer;
    }

    void order(String key) {
        orders.println(key);
    }

    /** The answer to the oldest order without one; {@code killed} when there will be none. */
    String answer() throws IOException {
        String answer = answers.readLine();
        return answer == null ? "killed" : answer;
    }

    /** As {@code kill -9}. What it has answered can still be read. */
    void kill() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    static byte[] content(String name) {
        return (name + " ").repeat(CONTENT_SIZE).substring(0, CONTENT_SIZE).getBytes(StandardCharsets.US_ASCII);
    }

    public static void main(String[] args) throws IOException {
        Form form = Form.valueOf(args[2]);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (StorageBackend backend = new FileBackend(Path.of(args[0]), Host.system(), form.files())) {
            System.out.println("ready");
            for (String key = orders.readLine(); key != null; key = orders.readLine()) {
                System.out.println(backend.create(key, content(args[1])));
            }
        }
    }
}
