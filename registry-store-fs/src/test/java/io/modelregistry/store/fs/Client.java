package io.modelregistry.store.fs;

import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One client of a registry's folder, which knows nothing of what others did. Opens the registry, or makes it, when it is first asked for. */
final class Client implements AutoCloseable {
    private final Path root;
    private final FileOperations files;
    private final Host host;
    private @Nullable ModelRegistry registry;

    private Client(Path root, FileOperations files, Host host) {
        this.root = root;
        this.files = files;
        this.host = host;
    }

    static Client of(Path root, FileOperations files) {
        return new Client(root, files, new OneThreadHost());
    }

    static Client of(Path root, Form form) {
        return of(root, form.files());
    }

    ModelRegistry registry() {
        if (registry == null) {
            RegistryOptions options = RegistryOptions.defaults()
                    .withOperationTimeout(Duration.ofSeconds(1))
                    .withCacheFolder(root.resolveSibling("cache"));
            registry = ModelRegistry.on(new FileBackend(root, host, files), options, host)
                    .as("ada");
        }
        return registry;
    }

    @Override
    public void close() {
        if (registry != null) {
            registry.close();
        }
    }
}
