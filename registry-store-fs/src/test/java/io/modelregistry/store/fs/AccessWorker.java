package io.modelregistry.store.fs;

import io.modelregistry.Host;
import io.modelregistry.access.Action;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A user's process: does to keys what it reads, {@code CREATE models/a/b}, and says for each whether it was let. Where the backend would not try, it goes
 * to the files themselves, as somebody with an editor would.
 */
final class AccessWorker {
    private static final byte[] CONTENT = {2};

    private final Path root;
    private final FileBackend backend;

    private AccessWorker(Path root) {
        this.root = root;
        this.backend = FileBackend.at(root, Host.system());
    }

    public static void main(String[] arguments) throws IOException {
        AccessWorker worker = new AccessWorker(Path.of(arguments[0]));
        BufferedReader tasks = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String task = tasks.readLine(); task != null; task = tasks.readLine()) {
            String[] words = task.split(" ", 2);
            System.out.println(worker.isLet(Action.valueOf(words[0]), words[1]));
        }
    }

    private boolean isLet(Action action, String key) throws IOException {
        try {
            return switch (action) {
                case READ -> backend.get(key, 10).isPresent() && isListed(key);
                case CREATE -> backend.create(key, CONTENT) == CreateOutcome.CREATED;
                case OVERWRITE -> {
                    boolean written = isWritten(key);
                    backend.overwrite(key, CONTENT);
                    yield written || backend.get(key, 10).isPresent();
                }
                case DELETE -> isDeleted(key);
            };
        } catch (StorageException e) {
            if (e.kind() != Kind.DENIED) {
                throw e;
            }
            return action == Action.OVERWRITE && isWritten(key);
        }
    }

    private boolean isListed(String key) {
        String folder = key.substring(0, key.lastIndexOf('/') + 1);
        return backend.list(folder, Depth.ONE, "", 1_000).keys().contains(key);
    }

    private boolean isDeleted(String key) {
        Optional<ObjectInfo> standing = backend.stat(key);
        standing.ifPresent(info -> backend.delete(key, info.generation()));
        return standing.isPresent() && backend.stat(key).isEmpty();
    }

    /** In place, or after its mode was changed to that end. */
    private boolean isWritten(String key) throws IOException {
        Path file = root.resolve(key);
        if (!Files.exists(file)) {
            return false;
        }
        try {
            Files.write(file, CONTENT, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
            return true;
        } catch (AccessDeniedException e) {
            return false;
        }
    }
}
