package io.modelregistry.webhooks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A process that holds a lock until it is killed, and says so by a letter. */
final class LockHolder {
    public static void main(String[] arguments) throws IOException {
        new ProcessLock(Path.of(arguments[0])).tryHold(() -> {
            System.out.print('h');
            System.out.flush();
            try {
                System.in.read();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private LockHolder() {}
}
