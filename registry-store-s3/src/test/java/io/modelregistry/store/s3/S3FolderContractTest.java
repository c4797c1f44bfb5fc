package io.modelregistry.store.s3;

import static io.modelregistry.storage.StorageException.Kind.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.StorageException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract against a server that keeps objects in a folder. */
abstract class S3FolderContractTest extends S3ContractTest {
    @TempDir(factory = FolderInMemory.class)
    private static Path folder;

    private static S3Server server;

    @BeforeAll
    static void start() throws Exception {
        server = S3Server.inFolder(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** That of the class whose tests are running. */
    static S3Server running() {
        return server;
    }

    @Override
    final S3Server server() {
        return server;
    }

    /**
     * An object is a file to this server. Looking below one is an error 500 to it on some JDKs, because of what their file systems throw, and
     * nothing there on others.
     */
    @Override
    @Test
    public void aFolderIsNotAnObjectAndAnObjectNoFolder() {
        backend().create("a/b", new byte[1]);

        assertThat(backend().get("a", 1)).isEmpty();
        try {
            assertThat(backend().get("a/b/c", 1)).isEmpty();
        } catch (StorageException e) {
            assertThat(e.kind()).isEqualTo(UNAVAILABLE);
        }
    }
}
