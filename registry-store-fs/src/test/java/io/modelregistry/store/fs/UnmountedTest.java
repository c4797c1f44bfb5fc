package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Environment;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.environment.Consistency;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder goes away while processes use it, as a network drive does: that is no news about what stands in it. */
class UnmountedTest {
    @TempDir
    Path folder;

    private Path root;
    private ModelRegistry registry;
    private Environment production;

    @BeforeEach
    void promoteAVersion() {
        root = folder.resolve("registry");
        RegistryOptions options = RegistryOptions.defaults()
                .withCacheFolder(folder.resolve("cache"))
                .withOperationTimeout(java.time.Duration.ofMillis(500));
        registry = ModelRegistry.initialise(root.toUri().toString(), options).as("ada");
        registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {1}));
        production = registry.model("tumor").environment("production");
        production.promote(1, "start");
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void aFolderThatIsGoneDoesNotConfirmWhatWasLastKnown() throws IOException {
        Path away = Files.move(root, folder.resolve("away"));

        assertThatThrownBy(() -> production.resolve(Consistency.STRONG))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("see whether it is still mounted");
        assertThat(production.resolve().version().number()).isEqualTo(1);

        Files.move(away, root);
        assertThat(production.resolve(Consistency.STRONG).version().number()).isEqualTo(1);
    }

    @Test
    void nothingIsWrittenIntoAnEmptyMountPoint() throws IOException {
        Path away = Files.move(root, folder.resolve("away"));
        Files.createDirectory(root);

        assertThatThrownBy(() -> production.withdraw("stop")).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() ->
                        registry.model("tumor").register(Registration.empty().file("model.bin", new byte[] {2})))
                .isInstanceOf(StoreUnavailableException.class);

        assertThat(root).isEmptyDirectory();
        Files.delete(root);
        Files.move(away, root);
        assertThat(production.withdraw("stop").rollout()).isEmpty();
    }
}
