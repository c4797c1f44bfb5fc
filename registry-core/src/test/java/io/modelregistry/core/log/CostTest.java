package io.modelregistry.core.log;

import static io.modelregistry.core.log.LogFixture.VERSIONS;
import static io.modelregistry.core.log.LogFixture.append;
import static io.modelregistry.core.log.LogFixture.operation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.ConflictException;
import io.modelregistry.RequestId;
import io.modelregistry.core.log.LogFixture.Counted;
import io.modelregistry.testkit.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What isn't asked of the store because it is known already. */
final class CostTest {
    private static final StreamName LABEL = new StreamName("labels/fraud-detector/1.4.0");

    private final LogFixture fixture = new LogFixture();

    @Test
    void everyTwentiethPollLooksAtTheEnd() {
        fixture.write(VERSIONS, 3);
        Counted client = fixture.counted();

        for (int i = 0; i < 60; i++) {
            client.streams().log(VERSIONS).poll();
        }

        assertThat(client.backend().counts()).containsEntry(Operation.LIST, 3);
    }

    @Test
    void aRefusalThatRestsOnAColdReadNeedsNoFurtherLook() {
        fixture.write(VERSIONS, 3);
        Counted client = fixture.counted();

        assertThatThrownBy(() -> client.streams().log(VERSIONS).append(operation(null), List.of(), on -> {
                    throw new ConflictException("no", null);
                }))
                .isInstanceOf(ConflictException.class);

        // the hint, the entry it names and the one after; the end
        assertThat(client.backend().counts()).isEqualTo(Map.of(Operation.GET, 3, Operation.LIST, 1));
    }

    @Test
    void theRepetitionOfTheNewestRequestAsksNothing() {
        Counted client = fixture.counted();
        EventLog log = client.streams().log(VERSIONS);
        Tip first = log.append(operation(RequestId.of("job-1")), List.of(), CostTest::next);
        client.backend().reset();

        Tip again = log.append(operation(RequestId.of("job-1")), List.of(), CostTest::next);

        assertThat(again).isEqualTo(first);
        assertThat(client.backend().counts()).isEmpty();
    }

    @Test
    void aLostPlaceCostsOneReadOfWhoHasIt() {
        Counted client = fixture.counted();
        append(client.streams(), VERSIONS);
        client.streams().log(VERSIONS).pinTip();
        fixture.write(VERSIONS, 1);
        client.backend().reset();

        append(client.streams(), VERSIONS);

        assertThat(client.backend().counts())
                .containsEntry(Operation.CREATE, 2)
                .containsEntry(Operation.GET, 1)
                .doesNotContainKeys(Operation.STAT, Operation.LIST);
    }

    @Test
    void ofALongStreamOnlyTheEndIsLookedOver() {
        fixture.plant(VERSIONS, 1, 1_950);
        fixture.hint(VERSIONS, LogFixture.hint(VERSIONS, 1_950));
        Counted client = fixture.counted();

        append(client.streams(), VERSIONS);

        assertThat(client.backend().counts()).containsEntry(Operation.LIST, 1).doesNotContainKey(Operation.STAT);
    }

    @Test
    void aStreamOfOneEntryIsNotLookedOverAndItsEntryIsReadOnce() {
        Counted client = fixture.counted();
        append(client.streams(), LABEL);
        assertThat(client.backend().counts()).doesNotContainKey(Operation.LIST);
        client.backend().reset();

        client.streams().log(LABEL).read();

        assertThat(client.backend().counts()).isEmpty();
    }

    @Test
    void aStreamOfOneEntryThatWasEmptyIsAskedForThatEntryAlone() {
        Counted client = fixture.counted();
        client.streams().log(LABEL).read();
        fixture.write(LABEL, 1);
        client.backend().reset();

        assertThat(client.streams().log(LABEL).read().sequence()).isEqualTo(1);

        assertThat(client.backend().counts()).isEqualTo(Map.of(Operation.GET, 1));
    }

    private static Optional<Draft> next(Tip tip) {
        return Optional.of(new Draft(LogFixture.state(tip.sequence() + 1), Map.of()));
    }
}
