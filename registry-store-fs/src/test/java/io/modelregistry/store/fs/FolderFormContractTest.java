package io.modelregistry.store.fs;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.StorageBackendContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract where there are no hard links, and an object is a folder. */
final class FolderFormContractTest extends StorageBackendContract {
    @TempDir(factory = MemoryFolder.class)
    private Path folder;

    @Override
    protected void freshStore() {}

    @Override
    protected StorageBackend open(Host host) {
        return new FileBackend(folder.resolve("not/yet/there"), host, new FilesWithoutLinks());
    }
}
