package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.assertMissing;
import static io.modelregistry.testkit.ContractFixture.contentOf;
import static io.modelregistry.testkit.ContractFixture.infoOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.Checksum;
import io.modelregistry.storage.ObjectInfo;
import io.modelregistry.storage.StoredObject;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code get} and {@code stat}. */
interface GetContract extends ContractFixture {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9_999, 10_000, 10_001, 16 << 20})
    default void getCutsAtTheLimitAndTellsTheWholeSize(int limit) {
        byte[] content = SampleContent.noise(1, 10_000);
        backend().create("a", content);

        StoredObject found = backend().get("a", limit).orElseThrow();

        assertThat(found.content()).isEqualTo(Arrays.copyOf(content, Math.min(limit, content.length)));
        assertThat(found.sizeBytes()).isEqualTo(content.length);
    }

    @Test
    default void getGivesTheBeginningOfALargeBlob() {
        SampleBlob blob = SampleBlob.of(1, 17L * SampleContent.MEBIBYTE);
        backend().upload("blobs/a", blob);

        StoredObject found = backend().get("blobs/a", 1_000).orElseThrow();

        assertThat(found.content()).isEqualTo(blob.range(0, 1_000));
        assertThat(found.sizeBytes()).isEqualTo(blob.sizeBytes());
        assertThat(backend().get("blobs/a", WHOLE).orElseThrow().content()).hasSize(WHOLE);
    }

    @Test
    default void aMissingObjectIsEmpty() {
        assertMissing(backend(), "a");
        assertMissing(backend(), "a/b/c");

        backend().create("a/b/c", new byte[1]);

        assertMissing(backend(), "a/b/d");
        assertMissing(backend(), "a/c");
    }

    @Test
    default void aFolderIsNotAnObjectAndAnObjectNoFolder() {
        backend().create("a/b", new byte[1]);

        assertMissing(backend(), "a");
        assertMissing(backend(), "a/b/c");
    }

    @Test
    default void theArrayThatGetGivesIsTheCallers() {
        backend().create("a", SampleContent.text("before"));

        backend().get("a", 100).orElseThrow().content()[0] = 'X';

        assertThat(contentOf(backend(), "a")).isEqualTo(SampleContent.text("before"));
    }

    @Test
    default void statIsTheSameEveryTimeAndForEveryClient() {
        backend().create("a", SampleContent.text("content"));

        ObjectInfo info = infoOf(backend(), "a");

        assertThat(info.sizeBytes()).isEqualTo(7);
        assertThat(infoOf(backend(), "a")).isEqualTo(info);
        assertThat(infoOf(anotherClient(), "a")).isEqualTo(info);
    }

    @Test
    default void aChecksumIsThatOfTheContent() {
        byte[] content = SampleContent.noise(3, 100_000);
        SampleBlob blob = SampleBlob.of(4, 200_000);
        backend().create("a", content);
        backend().overwrite("b", content);
        backend().create("c", new byte[0]);
        backend().upload("blobs/d", blob);

        assertChecksum("a", content);
        assertChecksum("b", content);
        assertChecksum("c", new byte[0]);
        assertChecksum("blobs/d", blob.range(0, 200_000));
    }

    private void assertChecksum(String key, byte[] content) {
        Checksum checksum = infoOf(backend(), key).checksum();
        if (checksum != null) {
            assertThat(checksum.hex())
                    .isEqualTo(
                            switch (checksum.algorithm()) {
                                case SHA256 -> SampleContent.sha256(content);
                                case CRC32C -> {
                                    CRC32C crc = new CRC32C();
                                    crc.update(content);
                                    yield HexFormat.of().toHexDigits((int) crc.getValue());
                                }
                            });
        }
    }

    @Test
    default void everyIncarnationHasItsOwnGeneration() {
        backend().create("notes/a", SampleContent.text("one"));
        ObjectInfo first = infoOf(backend(), "notes/a");
        backend().delete("notes/a", first.generation());
        backend().create("notes/a", SampleContent.text("two"));
        ObjectInfo second = infoOf(backend(), "notes/a");
        backend().overwrite("notes/a", SampleContent.text("six"));
        ObjectInfo third = infoOf(backend(), "notes/a");

        assertThat(second.generation()).isNotEqualTo(first.generation());
        assertThat(third.generation()).isNotIn(first.generation(), second.generation());
    }

    @Test
    default void writingTheSameBytesAgainAfterADeleteGivesAnotherGeneration() {
        backend().create("probe/a", SampleContent.text("same"));
        ObjectInfo first = infoOf(backend(), "probe/a");
        backend().delete("probe/a", first.generation());
        backend().create("probe/a", SampleContent.text("same"));

        if (tellsIncarnationsOfEqualBytesApart()) {
            assertThat(infoOf(backend(), "probe/a").generation()).isNotEqualTo(first.generation());
        }
    }
}
