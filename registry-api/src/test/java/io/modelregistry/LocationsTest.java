package io.modelregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.RegistryProvider.Mode;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageBackendProvider;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a location may look like, and what is said when it can't be opened. */
final class LocationsTest {
    @TempDir
    private Path services;

    private final Thread thread = Thread.currentThread();
    private final ClassLoader usual = thread.getContextClassLoader();

    @BeforeEach
    void announceServices() throws IOException {
        Path folder = Files.createDirectories(services.resolve("META-INF/services"));
        Files.writeString(folder.resolve(RegistryProvider.class.getName()), EchoRegistry.class.getName());
        Files.writeString(folder.resolve(StorageBackendProvider.class.getName()), Bucket.class.getName());
        thread.setContextClassLoader(
                new URLClassLoader(new URL[] {services.toUri().toURL()}, usual));
    }

    @AfterEach
    void forgetServices() throws IOException {
        ((URLClassLoader) thread.getContextClassLoader()).close();
        thread.setContextClassLoader(usual);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bucket://models/team", "BUCKET://models/team", "Bucket:models"})
    void theSchemeFindsTheBackendWhateverItsCase(String location) {
        assertThatThrownBy(() -> ModelRegistry.open(location))
                .isInstanceOf(Opened.class)
                .hasMessage("OPEN mem: PT1M");
        assertThatThrownBy(() -> ModelRegistry.initialise(
                        location, RegistryOptions.defaults().withOperationTimeout(java.time.Duration.ofSeconds(5))))
                .isInstanceOf(Opened.class)
                .hasMessage("INITIALISE mem: PT5S");
    }

    @Test
    void aSchemeWithoutABackendIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> ModelRegistry.open("gs://models/team"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("No backend for \"gs://models/team\": the class path has backends for [bucket]."
                        + " Add the module for \"gs\", such as registry-store-fs for file:");
    }

    @Test
    void aFolderWithoutTheModuleForFilesNamesThatModule() {
        assertThatThrownBy(() -> ModelRegistry.initialise("file:/var/models"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("No backend for \"file:/var/models\": the class path has backends for [bucket]."
                        + " Add the module for \"file\", such as registry-store-fs for file:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "models", "/var/models", "./models", "C:/models", "d:models", "models/file:x", "#x"})
    void aLocationWithoutASchemeIsRefusedWithExamples(String location) {
        assertThatThrownBy(() -> ModelRegistry.open(location))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Not a location: \"" + location
                        + "\": it begins with a scheme, as file:/var/models, file:models or mem: do");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C:\\models", "file:/var/my models", "file:/var/model%", "://x", "file:a\nb", "1file:x"})
    void aLocationThatIsNoUriIsRefusedWithWhatToUseInstead(String location) {
        assertThatThrownBy(() -> ModelRegistry.open(location))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("Not a location: \"" + Texts.printable(location) + "\": ")
                .hasMessageEndingWith(". For a path with unusual characters use Path.toUri()");
    }

    @Test
    void aWindowsPathIsNotTakenForASchemeOfOneLetter() {
        assertThatThrownBy(() -> ModelRegistry.open("C:\\models"))
                .hasMessage("Not a location: \"C:\\models\": Illegal character in opaque part."
                        + " For a path with unusual characters use Path.toUri()");
    }

    @Test
    void whatTheBackendSaysAboutItsLocationIsTheMessage() {
        assertThatThrownBy(() -> ModelRegistry.open("bucket:-"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("a bucket has a name, as in bucket://name/prefix")
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withoutAnImplementationTheModuleToAddIsNamed() throws IOException {
        Files.delete(services.resolve("META-INF/services/" + RegistryProvider.class.getName()));

        assertThatThrownBy(() -> ModelRegistry.open("bucket://models"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("No implementation of the registry on the class path: add io.modelregistry:registry-core");
    }

    @Test
    void aBackendOfTheCallersOwnIsHandedOnAsItIs() {
        StorageBackend backend = new MemoryStore(Host.system()).open();

        assertThatThrownBy(() -> ModelRegistry.on(backend, RegistryOptions.defaults(), Host.system()))
                .isInstanceOfSatisfying(
                        Opened.class, opened -> assertThat(opened.backend).isSameAs(backend))
                .hasMessage("INITIALISE mem: PT1M");
    }

    /** Says what it was asked to open. */
    static final class Opened extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient StorageBackend backend;

        Opened(StorageBackend backend, String message) {
            super(message);
            this.backend = backend;
        }
    }

    public static final class EchoRegistry implements RegistryProvider {
        @Override
        public ModelRegistry open(StorageBackend backend, RegistryOptions options, Host host, Mode mode) {
            throw new Opened(backend, mode + " " + backend.location() + " " + options.operationTimeout());
        }
    }

    public static final class Bucket implements StorageBackendProvider {
        @Override
        public String scheme() {
            return "bucket";
        }

        @Override
        public StorageBackend open(URI location, Host host) {
            if (location.getSchemeSpecificPart().equals("-")) {
                throw new IllegalArgumentException("a bucket has a name, as in bucket://name/prefix");
            }
            return new MemoryStore(host).open();
        }
    }
}
