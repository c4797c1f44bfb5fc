package io.modelregistry.core.artifact;

import static io.modelregistry.core.artifact.ArtifactRig.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Digest;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.version.ArtifactFile;
import io.modelregistry.version.ArtifactPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ManifestCodecTest {
    private static final String ZEROS = "0".repeat(64);
    private static final String ONES = "1".repeat(64);
    private static final List<ArtifactFile> FILES =
            List.of(file("config.json", 2, ZEROS), file("na\u00efve/'weights'.bin", 5_000_000_000L, ONES));
    private static final String GOLDEN = "{\"format\":1,\"files\":["
            + "{\"path\":\"config.json\",\"sizeBytes\":2,\"sha256\":\"" + ZEROS + "\"},"
            + "{\"path\":\"na\u00efve/'weights'.bin\",\"sizeBytes\":5000000000,\"sha256\":\"" + ONES + "\"}]}";

    @Test
    void theBytesAreFixedForEver() {
        assertThat(new String(ManifestCodec.encode(FILES), StandardCharsets.UTF_8))
                .isEqualTo(GOLDEN);
        assertThat(Digest.of(ManifestCodec.encode(FILES)))
                .hasToString("sha256:2344f341bcddb7b56ccdf4346567480699a6f7ad7b94fb7bf83b203560c62a60");
    }

    @Test
    void whatIsWrittenReadsBack() {
        assertThat(ManifestCodec.decode(ManifestCodec.encode(FILES))).isEqualTo(FILES);
    }

    @Test
    void fieldsOfLaterReleasesAreIgnored() {
        String later = GOLDEN.replace("\"format\":1,", "\"format\":1,\"note\":\"x\",")
                .replace("\"sizeBytes\":2,", "\"sizeBytes\":2,\"mode\":7,");

        assertThat(ManifestCodec.decode(bytes(later))).isEqualTo(FILES);
    }

    @Test
    void aNewerFormatAsksForAnUpgradeNamingBoth() {
        assertThatThrownBy(() -> ManifestCodec.decode(bytes(GOLDEN.replace("\"format\":1", "\"format\":2"))))
                .isInstanceOf(UpgradeRequiredException.class)
                .hasMessage("A manifest has format 2, and this release reads format 1. Upgrade this library");
    }

    @Test
    void aManifestCutAnywhereIsRefused() {
        byte[] whole = bytes(GOLDEN);

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ManifestCodec.decode(cut)).isInstanceOf(MalformedException.class);
        }
    }

    record Damage(String part, String instead, String reason) {}

    static final List<Damage> DAMAGES = List.of(
            new Damage("config.json\"", "../etc/passwd\"", "it has a segment '..'"),
            new Damage("config.json\"", "/etc/passwd\"", "it is absolute"),
            new Damage("config.json\"", "c:/passwd\"", "':' (U+003A) at position 2 is not allowed"),
            new Damage("config.json\"", "a\\\\b\"", "'\\' (U+005C) at position 2 is not allowed"),
            new Damage("config.json\"", "a\\u0000b\"", "U+0000 at position 2 is not allowed"),
            new Damage("config.json\"", "a\\u202eb\"", "U+202E at position 2 is not allowed"),
            new Damage("config.json\"", "a//b\"", "it has an empty segment"),
            new Damage("config.json\"", "\"", "it is empty"),
            new Damage("config.json\"", "e\u0301\"", "it is not in Unicode normal form C"),
            new Damage("config.json\"", "nul\"", "is a device name on Windows"),
            new Damage(
                    "config.json\"",
                    "zzz\"",
                    "files are not in the order of their paths, each once: zzz stands before"),
            new Damage(
                    "config.json\"",
                    "na\u00efve/'weights'.bin\"",
                    "files are not in the order of their paths, each once"),
            new Damage(
                    "config.json\"",
                    "NA\u00cfVE/'weights'.bin\"",
                    "would be the same file on a system that ignores case"),
            new Damage("config.json\"", "na\u00efve\"", "is a file and also the folder of"),
            new Damage("\"sizeBytes\":2,", "\"sizeBytes\":-2,", "sizeBytes is not a size"),
            new Damage("\"sizeBytes\":2,", "\"sizeBytes\":2.5,", "sizeBytes is not an integer"),
            new Damage("\"sizeBytes\":2,", "\"sizeBytes\":92233720368547758070,", "sizeBytes is not an integer"),
            new Damage("\"sizeBytes\":2,", "\"sizeBytes\":2,\"sizeBytes\":2,", "Duplicate field 'sizeBytes'"),
            new Damage("\"sizeBytes\":2,", "", "sizeBytes is missing"),
            new Damage("0000\"},", "000\"},", "Not a SHA-256 digest"),
            new Damage("0000\"},", "000G\"},", "Not a SHA-256 digest"),
            new Damage("\"format\":1", "\"format\":0", "format is not a format"),
            new Damage("\"format\":1", "\"format\":\"1\"", "format is not an integer"),
            new Damage("\"format\":1", "\"from\":1", "format is missing"),
            new Damage("\"files\":[", "\"files\":[],\"f\":[", "it lists no files"),
            new Damage("}]}", "}]}x", "it is not the JSON expected"));

    @ParameterizedTest
    @FieldSource("DAMAGES")
    void whatNoWriterShouldHaveWrittenIsRefused(Damage damage) {
        String text = GOLDEN.replace(damage.part, damage.instead);
        assertThat(text).isNotEqualTo(GOLDEN);

        assertThatThrownBy(() -> ManifestCodec.decode(bytes(text)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(damage.reason);
    }

    @Test
    void oneContentHasOneSize() {
        assertThatThrownBy(() -> ManifestCodec.decode(bytes(GOLDEN.replace(ONES, ZEROS))))
                .isInstanceOf(MalformedException.class)
                .hasMessage("the same content has 2 bytes and, as na\u00efve/'weights'.bin, 5000000000");
    }

    @Test
    void aHundredThousandFilesReadBack() {
        List<ArtifactFile> files = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            String path = String.format(Locale.ROOT, "shards/part-%06d/weights.bin", i);
            files.add(file(path, i, Digest.of(bytes(path)).hex()));
        }

        byte[] manifest = ManifestCodec.encode(files);

        assertThat(manifest.length).isLessThan(ManifestCodec.limitBytes(files.size()));
        assertThat(ManifestCodec.decode(manifest)).isEqualTo(files);
    }

    @Test
    void theLimitOfAManifestFitsAnArrayWhateverAVersionClaims() {
        assertThat(ManifestCodec.limitBytes(1)).isEqualTo(4_096);
        assertThat(ManifestCodec.limitBytes(Long.MAX_VALUE)).isPositive();
        assertThat(ManifestCodec.limitBytes(-1)).isPositive();
    }

    private static ArtifactFile file(String path, long sizeBytes, String digest) {
        return new ArtifactFile(ArtifactPath.of(path), sizeBytes, new Digest(digest));
    }
}
