package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.contentOf;
import static io.modelregistry.testkit.ContractFixture.infoOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.ObjectInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code create} by one caller at a time; {@link RaceContract} has the rest. */
interface CreateContract extends ContractFixture {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000, 65_537, 2 * SampleContent.MEBIBYTE})
    default void createStoresExactlyTheseBytes(int size) {
        byte[] content = SampleContent.noise(size, size);

        assertThat(backend().create("models/a/1.json", content)).isEqualTo(CreateOutcome.CREATED);

        assertThat(contentOf(backend(), "models/a/1.json")).isEqualTo(content);
        assertThat(contentOf(anotherClient(), "models/a/1.json")).isEqualTo(content);
        assertThat(infoOf(backend(), "models/a/1.json").sizeBytes()).isEqualTo(size);
    }

    @Test
    default void createNeverOverwrites() {
        byte[] first = SampleContent.text("first");
        backend().create("a", first);
        ObjectInfo before = infoOf(backend(), "a");

        assertThat(backend().create("a", SampleContent.text("second, longer"))).isEqualTo(CreateOutcome.EXISTS);
        assertThat(anotherClient().create("a", new byte[0])).isEqualTo(CreateOutcome.EXISTS);

        assertThat(contentOf(backend(), "a")).isEqualTo(first);
        assertThat(infoOf(backend(), "a")).isEqualTo(before);
    }

    @Test
    default void existsIsSaidOfEqualBytesToo() {
        backend().create("a", SampleContent.text("same"));

        assertThat(backend().create("a", SampleContent.text("same"))).isEqualTo(CreateOutcome.EXISTS);
    }

    @Test
    default void anEmptyObjectStandsAsAnyOther() {
        backend().create("a", new byte[0]);

        assertThat(backend().create("a", SampleContent.text("x"))).isEqualTo(CreateOutcome.EXISTS);
        assertThat(contentOf(backend(), "a")).isEmpty();
    }

    @Test
    default void createDoesNotReplaceWhatWasOverwrittenOrUploaded() {
        backend().overwrite("hints/a", SampleContent.text("hint"));
        backend().upload("blobs/a", SampleBlob.of(1, 100));

        assertThat(backend().create("hints/a", new byte[3])).isEqualTo(CreateOutcome.EXISTS);
        assertThat(backend().create("blobs/a", new byte[3])).isEqualTo(CreateOutcome.EXISTS);

        assertThat(contentOf(backend(), "hints/a")).isEqualTo(SampleContent.text("hint"));
        assertThat(infoOf(backend(), "blobs/a").sizeBytes()).isEqualTo(100);
    }

    @Test
    default void aDeletedKeyCanBeCreatedAgain() {
        backend().create("probe/a", SampleContent.text("first"));
        backend().delete("probe/a", infoOf(backend(), "probe/a").generation());

        assertThat(backend().create("probe/a", SampleContent.text("second"))).isEqualTo(CreateOutcome.CREATED);

        assertThat(contentOf(anotherClient(), "probe/a")).isEqualTo(SampleContent.text("second"));
    }

    @Test
    default void theCallersArrayIsItsOwnAgainAfterTheCall() {
        byte[] content = SampleContent.text("before");
        backend().create("a", content);
        backend().overwrite("b", content);

        content[0] = 'X';

        assertThat(contentOf(backend(), "a")).isEqualTo(SampleContent.text("before"));
        assertThat(contentOf(backend(), "b")).isEqualTo(SampleContent.text("before"));
    }
}
