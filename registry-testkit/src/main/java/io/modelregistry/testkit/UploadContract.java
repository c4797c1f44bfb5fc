package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.assertMissing;
import static io.modelregistry.testkit.ContractFixture.contentOf;
import static io.modelregistry.testkit.ContractFixture.infoOf;
import static io.modelregistry.testkit.ContractFixture.listOne;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code upload}. */
interface UploadContract extends ContractFixture {
    String BLOB_KEY = "blobs/a/sha256/0123";

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 100, 70_000, 5L << 20, (20L << 20) + 1})
    default void uploadStoresExactlyTheseBytes(long sizeBytes) throws IOException {
        SampleBlob blob = SampleBlob.of(sizeBytes, sizeBytes);

        assertThat(backend().upload(BLOB_KEY, blob)).isEqualTo(CreateOutcome.CREATED);

        assertThat(infoOf(anotherClient(), BLOB_KEY).sizeBytes()).isEqualTo(sizeBytes);
        try (InputStream stored = anotherClient().read(BLOB_KEY, 0, sizeBytes)) {
            assertThat(SampleContent.sha256(stored.readAllBytes())).isEqualTo(blob.sha256());
        }
    }

    @Test
    default void theSourceIsReadOnceAndClosed() {
        SampleBlob blob = SampleBlob.of(1, 9L << 20);

        backend().upload(BLOB_KEY, blob);

        assertThat(blob.opened).hasValue(1);
        assertThat(blob.closed).hasValue(1);
    }

    @Test
    default void aStandingBlobIsToldWithoutReadingTheSource() {
        backend().upload(BLOB_KEY, SampleBlob.of(1, 100_000));
        SampleBlob again = SampleBlob.of(1, 100_000);

        assertThat(anotherClient().upload(BLOB_KEY, again)).isEqualTo(CreateOutcome.EXISTS);

        if (tellsBeforehandThatABlobStands()) {
            assertThat(again.opened).hasValue(0);
        }
    }

    @Test
    default void uploadNeverOverwrites() {
        backend().create(BLOB_KEY, SampleContent.text("standing"));

        assertThat(backend().upload(BLOB_KEY, SampleBlob.of(1, 100))).isEqualTo(CreateOutcome.EXISTS);

        assertThat(contentOf(backend(), BLOB_KEY)).isEqualTo(SampleContent.text("standing"));
    }

    static Stream<SampleBlob> failingBlobs() {
        return Stream.of(100, 300_000, 9 << 20).flatMap(size -> {
            SampleBlob blob = SampleBlob.of(1, size);
            return Stream.of(0, size / 2, size - 1, size)
                    .flatMap(at -> Stream.of(
                            blob.failingAt(at, new IllegalArgumentException("at byte " + at + " of " + size)),
                            blob.failingAt(at, new IOException("at byte " + at + " of " + size))));
        });
    }

    /** The failure at the very end is that of a source which has just found its digest to be another. */
    @ParameterizedTest
    @MethodSource("failingBlobs")
    default void aSourceThatFailsIsHeardAndLeavesNothing(SampleBlob blob) {
        Throwable thrown = catchThrowable(() -> backend().upload(BLOB_KEY, blob));

        assertIsFailureOf(thrown, blob.failure());
        assertThat(blob.closed).hasValue(blob.opened.get());
        assertMissing(anotherClient(), BLOB_KEY);
        assertThat(listOne(backend(), "")).isEmpty();
        assertThat(backend().upload(BLOB_KEY, SampleBlob.of(1, 100))).isEqualTo(CreateOutcome.CREATED);
    }

    @Test
    default void aSourceThatCannotBeOpenedIsHeardAndLeavesNothing() {
        for (Exception failure : List.of(new IllegalStateException("no such file"), new IOException("no such file"))) {
            BlobSource source = new UnopenableBlob(failure);

            Throwable thrown = catchThrowable(() -> backend().upload(BLOB_KEY, source));

            assertIsFailureOf(thrown, failure);
            assertMissing(backend(), BLOB_KEY);
        }
    }

    /** An {@code upload} cannot throw an {@link IOException}; it arrives as the cause of an unchecked one. */
    private static void assertIsFailureOf(Throwable thrown, Exception failure) {
        if (failure instanceof IOException) {
            assertThat(thrown).isInstanceOf(UncheckedIOException.class).cause().isSameAs(failure);
        } else {
            assertThat(thrown).isSameAs(failure);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 150_000, 299_999})
    default void aSourceThatEndsTooEarlyLeavesNothing(long atByte) {
        SampleBlob blob = SampleBlob.of(1, 300_000).endingAt(atByte);

        assertThatThrownBy(() -> backend().upload(BLOB_KEY, blob)).isInstanceOf(RuntimeException.class);

        assertMissing(anotherClient(), BLOB_KEY);
    }

    @Test
    default void nobodySeesAnUploadThatIsUnderWay() {
        StorageBackend other = anotherClient();
        SampleBlob blob = SampleBlob.of(1, 9L << 20).halfWay(() -> {
            assertMissing(other, BLOB_KEY);
            assertMissing(backend(), BLOB_KEY);
            assertThatThrownBy(() -> other.read(BLOB_KEY, 0, 1).close()).isInstanceOf(StorageException.class);
        });

        assertThat(backend().upload(BLOB_KEY, blob)).isEqualTo(CreateOutcome.CREATED);
        assertThat(infoOf(other, BLOB_KEY).sizeBytes()).isEqualTo(9L << 20);
    }

    @Test
    default void uploadsOfOneKeyAtTheSameTimeAllSucceed() throws Exception {
        List<StorageBackend> clients = List.of(backend(), anotherClient());
        Set<CreateOutcome> outcomes = ConcurrentHashMap.newKeySet();
        SampleBlob blob = SampleBlob.of(1, 1 << 20);

        Crew.runRounds(
                8, 5, (thread, round) -> outcomes.add(clients.get(thread % 2).upload(BLOB_KEY + round, blob)));

        assertThat(outcomes).contains(CreateOutcome.CREATED);
        for (int round = 0; round < 5; round++) {
            assertThat(contentOf(backend(), BLOB_KEY + round)).isEqualTo(blob.range(0, 1 << 20));
        }
    }

    /** A file that has gone. */
    record UnopenableBlob(Exception failure) implements BlobSource {
        @Override
        public long sizeBytes() {
            return 10;
        }

        @Override
        public String sha256() {
            return SampleContent.sha256(new byte[10]);
        }

        @Override
        public InputStream open() throws IOException {
            throw SampleBlob.thrown(failure);
        }
    }
}
