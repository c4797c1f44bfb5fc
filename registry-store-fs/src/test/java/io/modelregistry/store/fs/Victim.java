package io.modelregistry.store.fs;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process that is killed in the middle of a {@link WriteOperation}. It carries one out on another model first and acknowledges it, says
 * which thread will do the one under test, and begins when it is told to.
 */
final class Victim {
    static final String WARM_MODEL = "warm";
    static final String MODEL = "tumor";
    static final String WARMED_UP = "warmed up";
    static final String READY = "ready ";
    static final String DONE = "done";

    private Victim() {}

    public static void main(String[] arguments) throws InterruptedException {
        WriteOperation operation = WriteOperation.valueOf(arguments[0]);
        Path root = Path.of(arguments[2]);
        PrintStream acknowledgements = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Form form = Form.valueOf(arguments[1]);
        Client client = Client.of(root, form);
        operation.perform(
                operation.needsRegistry() ? client : Client.of(root.resolveSibling("warm"), form), WARM_MODEL);
        acknowledgements.println(WARMED_UP);
        AtomicBoolean done = new AtomicBoolean();
        // the counts of strace begin with the thread that it is attached to
        Thread worker = new Thread(() -> {
            acknowledgements.println(READY + NativeThread.id());
            waitForWord();
            operation.perform(client, MODEL);
            acknowledgements.println(DONE);
            done.set(true);
        });
        worker.start();
        worker.join();
        System.exit(done.get() ? 0 : 1);
    }

    private static void waitForWord() {
        try {
            System.in.read();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
