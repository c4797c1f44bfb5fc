package io.modelregistry.store.fs;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.StorageBackendContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class FileBackendContractTest extends StorageBackendContract {
    @TempDir
    private Path folder;

    @Override
    protected void freshStore() {}

    @Override
    protected StorageBackend open(Host host) {
        return FileBackend.at(folder.resolve("not/yet/there"), host);
    }
}
