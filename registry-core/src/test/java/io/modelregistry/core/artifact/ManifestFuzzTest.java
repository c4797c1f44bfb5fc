package io.modelregistry.core.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.core.audit.GoldenFiles;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.version.ArtifactFile;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever may register may have written the manifest. See {@code bin/fuzz}. */
final class ManifestFuzzTest {

    /** Those of the golden history among its blobs, and the blobs that are none. */
    static Stream<byte[]> blobs() throws IOException {
        return GoldenFiles.tree("history/1").entrySet().stream()
                .filter(file -> file.getKey().startsWith("blobs/") && file.getValue().length < 5_000)
                .map(java.util.Map.Entry::getValue);
    }

    @MethodSource("blobs")
    @FuzzTest
    void anyManifest(byte[] manifest) {
        List<ArtifactFile> files;
        try {
            files = ManifestCodec.decode(manifest);
        } catch (MalformedException | UpgradeRequiredException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        byte[] again = ManifestCodec.encode(files);
        assertThat(ManifestCodec.decode(again)).isEqualTo(files);
        assertThat(again.length).isLessThan(ManifestCodec.limitBytes(files.size()));
    }
}
