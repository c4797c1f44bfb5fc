package io.modelregistry.store.fs;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.RegistryContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The registry over a folder. */
class FileRegistryContractTest extends RegistryContract {
    @TempDir
    Path folder;

    @Override
    protected StorageBackend open(Host host) {
        return FileBackend.at(folder, host);
    }
}
