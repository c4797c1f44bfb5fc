package io.modelregistry.core.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheLocationTest {
    @Test
    void linuxHasItInTheHomeFolderUnlessXdgSaysOtherwise() {
        assertThat(CacheLocation.standard("Linux", "/home/ada", Map.of()))
                .isEqualTo(Path.of("/home/ada/.cache/model-registry"));
        assertThat(CacheLocation.standard("Linux", "/home/ada", Map.of("XDG_CACHE_HOME", "/scratch/ada")))
                .isEqualTo(Path.of("/scratch/ada/model-registry"));
        assertThat(CacheLocation.standard("Linux", "/home/ada", Map.of("XDG_CACHE_HOME", "relative")))
                .isEqualTo(Path.of("/home/ada/.cache/model-registry"));
    }

    @Test
    void macHasItInTheLibrary() {
        assertThat(CacheLocation.standard("Mac OS X", "/Users/ada", Map.of("XDG_CACHE_HOME", "/elsewhere")))
                .isEqualTo(Path.of("/Users/ada/Library/Caches/model-registry"));
    }

    @Test
    void windowsHasItInTheLocalApplicationData() {
        assertThat(CacheLocation.standard("Windows 11", "/Users/ada", Map.of("LOCALAPPDATA", "/Users/ada/Local")))
                .isEqualTo(Path.of("/Users/ada/Local/model-registry"));
        assertThat(CacheLocation.standard("Windows 11", "/Users/ada", Map.of()))
                .isEqualTo(Path.of("/Users/ada/AppData/Local/model-registry"));
    }

    @Test
    void aConfiguredFolderWins() {
        CacheLocation location = CacheLocation.of("0123abcd", Path.of("/var/cache/../cache/models"));

        assertThat(location.base()).isEqualTo(Path.of("/var/cache/models"));
        assertThat(location.registry()).isEqualTo(Path.of("/var/cache/models/0123abcd"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../../etc", "/etc", "a/b", "a\\b", "a\0b"})
    void aRegistryThatClaimsAStrangeIdStaysInItsFolder(String id) {
        CacheLocation location = CacheLocation.of(id, Path.of("/cache"));

        assertThat(location.registry().getParent()).isEqualTo(Path.of("/cache"));
        assertThat(location.registry().getFileName().toString()).matches("[0-9a-f]{64}");
    }
}
