package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.contentOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code read}. */
interface ReadContract extends ContractFixture {
    String READ_KEY = "blobs/a/read";

    @ParameterizedTest
    @CsvSource({
        "0, 1000, 1000",
        "0, 0, 0",
        "0, 1, 1",
        "1, 1, 1",
        "999, 1, 1",
        "500, 250, 250",
        "500, 501, 500",
        "0, 1001, 1000",
        "999, 1000, 1",
        "1000, 1, 0",
        "1000, 0, 0",
        "1001, 10, 0",
        "5000000000, 5000000000, 0",
        "0, 9223372036854775807, 1000",
        "10, 9223372036854775807, 990",
        "9223372036854775807, 9223372036854775807, 0"
    })
    default void readGivesTheBytesOfTheRangeThatThereAre(long offset, long length, int expectedLength)
            throws IOException {
        SampleBlob blob = SampleBlob.of(1, 1_000);
        backend().upload(READ_KEY, blob);

        byte[] expected = expectedLength == 0 ? new byte[0] : blob.range(offset, expectedLength);
        assertThat(readAll(backend(), READ_KEY, offset, length)).isEqualTo(expected);
    }

    @Test
    default void anEmptyObjectHasNoBytesInAnyRange() throws IOException {
        backend().create("a", new byte[0]);

        assertThat(readAll(backend(), "a", 0, 0)).isEmpty();
        assertThat(readAll(backend(), "a", 0, 10)).isEmpty();
        assertThat(readAll(backend(), "a", 5, 10)).isEmpty();
    }

    @Test
    default void rangesOfALargeBlobFitTogether() throws Exception {
        SampleBlob blob = SampleBlob.of(1, (12L << 20) + 17);
        backend().upload(READ_KEY, blob);
        int part = 3 << 20;

        Crew.run(5, thread -> {
            long offset = (long) thread * part;
            int expected = (int) Math.min(part, blob.sizeBytes() - offset);
            assertThat(readAll(backend(), READ_KEY, offset, part)).isEqualTo(blob.range(offset, expected));
        });
    }

    @Test
    default void aMissingObjectIsMissing() {
        backend().create("a/b", new byte[1]);

        for (String key : new String[] {"x", "x/y", "a/c"}) {
            assertThatThrownBy(() -> backend().read(key, 0, 10).close())
                    .hasMessageContaining(key)
                    .asInstanceOf(InstanceOfAssertFactories.type(StorageException.class))
                    .extracting(StorageException::kind)
                    .isEqualTo(StorageException.Kind.MISSING);
        }
    }

    @Test
    default void aStreamMayBeClosedEarlyAndTwice() throws IOException {
        SampleBlob blob = SampleBlob.of(1, 9L << 20);
        backend().upload(READ_KEY, blob);
        backend().create("a", SampleContent.text("content"));

        for (int i = 0; i < 200; i++) {
            InputStream in = backend().read(READ_KEY, i, Long.MAX_VALUE);
            assertThat(in.readNBytes(10)).isEqualTo(blob.range(i, 10));
            in.close();
            in.close();
            assertThat(contentOf(backend(), "a")).isEqualTo(SampleContent.text("content"));
        }
    }

    @Test
    default void manyStreamsMayBeOpenAtOnce() throws Exception {
        SampleBlob blob = SampleBlob.of(1, 1 << 20);
        backend().upload(READ_KEY, blob);

        try (InputStream first = backend().read(READ_KEY, 0, 1 << 20);
                InputStream second = backend().read(READ_KEY, 500_000, 1_000)) {
            assertThat(first.readNBytes(100)).isEqualTo(blob.range(0, 100));
            assertThat(second.readNBytes(100)).isEqualTo(blob.range(500_000, 100));
            assertThat(first.readNBytes(100)).isEqualTo(blob.range(100, 100));
            assertThat(second.readAllBytes()).isEqualTo(blob.range(500_100, 900));
        }
        Crew.run(
                16,
                thread ->
                        assertThat(readAll(backend(), READ_KEY, thread, 1_000)).isEqualTo(blob.range(thread, 1_000)));
    }

    private static byte[] readAll(StorageBackend backend, String key, long offset, long length) throws IOException {
        try (InputStream in = backend.read(key, offset, length)) {
            return in.readAllBytes();
        }
    }
}
