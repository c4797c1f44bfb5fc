package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageBackendProvider;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FileBackendProviderTest {
    private static final String HERE = Path.of("").toAbsolutePath().toString();

    private static StorageBackend open(String location) {
        return new FileBackendProvider().open(URI.create(location), Host.system());
    }

    @Test
    void itIsFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(StorageBackendProvider.class))
                .filteredOn(provider -> provider.scheme().equals("file"))
                .singleElement()
                .isInstanceOf(FileBackendProvider.class);
    }

    @ParameterizedTest
    @CsvSource({
        "file:/var/models, /var/models",
        "file:///var/models, /var/models",
        "FILE:/var/models, /var/models",
        "file:/var/models/, /var/models",
        "file:/var/my%20models, /var/my models",
        "file:/var/x/../models, /var/models"
    })
    void anAbsoluteLocationIsThatFolder(String location, String folder) {
        assertThat(open(location).location()).isEqualTo("file:" + folder);
    }

    @ParameterizedTest
    @CsvSource({
        "file:models, models",
        "file:models/team, models/team",
        "file:./models, models",
        "file:my%20models, my models"
    })
    void aRelativeLocationIsBelowTheWorkingDirectory(String location, String folder) {
        assertThat(open(location).location()).isEqualTo("file:" + HERE + "/" + folder);
    }

    @Test
    void aHostIsRefusedWithBothThingsThatMayHaveBeenMeant() {
        assertThatThrownBy(() -> open("file://models/team"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("file://models/team: \"models\" is where a host's name belongs")
                .hasMessageContaining("file:/models/team")
                .hasMessageContaining("file:models/team");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/var/models?x=1", "file:/var/models#x", "file:models?x=1", "file:models#x"})
    void aQueryOrFragmentIsRefused(String location) {
        assertThatThrownBy(() -> open(location))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it has no query and no fragment");
    }

    @Test
    void aTildeIsRefused() {
        assertThatThrownBy(() -> open("file:~/models"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write file:/home/you/models");
    }

    @Test
    void anotherSchemeIsRefused() {
        assertThatThrownBy(() -> open("s3://bucket/models"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not a file location: s3://bucket/models: it looks like file:/var/models");
    }

    @Test
    void openingWritesNothing(@TempDir Path folder) {
        open("file:" + folder.toUri().getRawPath() + "models").close();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFolderInsideAZipFileIsRefused(@TempDir Path folder) throws IOException {
        URI zip = URI.create("jar:" + folder.toUri() + "a.zip");
        try (FileSystem system = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            assertThatThrownBy(() -> FileBackend.at(system.getPath("/models"), Host.system()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Not a folder of this machine: jar:file:");
        }
    }
}
