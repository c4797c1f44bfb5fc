package io.modelregistry.core.log;

import static io.modelregistry.core.log.LogFixture.REVIEWS;
import static io.modelregistry.core.log.LogFixture.VERSIONS;
import static io.modelregistry.core.log.LogFixture.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.modelregistry.Digest;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults 15 to 18 and 40: entries that are missing, cut off, doubled, of another stream, or too many. */
final class StreamDamageTest {
    private final LogFixture fixture = new LogFixture();

    // ---- 15: an entry in the middle is missing

    static Stream<Arguments> holes() {
        return Stream.of(5, 9, 16)
                .flatMap(entries -> Stream.iterate(1, k -> k < entries, k -> k + 1)
                        .flatMap(missing -> Stream.of(true, false).map(hint -> arguments(entries, missing, hint))));
    }

    @ParameterizedTest(name = "entry {1} of {0}, hint: {2}")
    @MethodSource("holes")
    void aHoleIsNeverWrittenOverWhereverItIs(int entries, int missing, boolean hint) {
        fixture.write(VERSIONS, entries);
        remove(VERSIONS, missing);
        if (!hint) {
            fixture.store.remove(KeyLayout.hint(VERSIONS));
        }
        List<String> before = fixture.store.keys();
        Streams client = fixture.client();

        assertDamage(() -> append(client, VERSIONS), Damage.MISSING_ENTRY, VERSIONS, missing)
                .hasMessage("The entry " + KeyLayout.entry(VERSIONS, missing) + " is missing, though entry " + entries
                        + " of versions/fraud-detector stands. Restore it from a backup or replica;"
                        + " nothing is written on top of the gap");
        assertDamage(() -> append(client, VERSIONS), Damage.MISSING_ENTRY, VERSIONS, missing);
        assertThat(fixture.store.keys()).isEqualTo(before);
    }

    @Test
    void aHoleFarBehindIsFoundTooWhenTheHistoryIsRead() {
        fixture.plant(VERSIONS, 1, 1_200);
        remove(VERSIONS, 7);
        fixture.hint(VERSIONS, LogFixture.hint(VERSIONS, 1_200));
        EventLog log = fixture.client().log(VERSIONS);

        assertThat(log.read().sequence()).isEqualTo(1_200);
        assertThat(log.entries(8, 1_200)).hasSize(1_193);
        assertDamage(() -> log.entries(1, 1_200), Damage.MISSING_ENTRY, VERSIONS, 7);
    }

    @Test
    void whatStandsBeforeAndBehindAHoleStillAnswers() {
        fixture.write(VERSIONS, 5);
        remove(VERSIONS, 3);
        EventLog log = fixture.client().log(VERSIONS);

        assertThat(log.read().state()).isEqualTo(LogFixture.state(5));
        assertThat(log.entries(1, 2)).hasSize(2);
        assertThat(log.entries(4, 5)).hasSize(2);
        assertThat(log.entry(3)).isEmpty();
        assertDamage(() -> log.entries(1, 5), Damage.MISSING_ENTRY, VERSIONS, 3);
    }

    @Test
    void aHoleIsNoticedByThoseWhoOnlyReadAtTheTwentiethPoll() {
        fixture.write(VERSIONS, 3);
        EventLog log = fixture.client().log(VERSIONS);
        log.read();
        fixture.write(VERSIONS, 2);
        remove(VERSIONS, 4);

        for (int poll = 1; poll < 20; poll++) {
            assertThat(log.poll().sequence()).isEqualTo(3);
        }
        assertDamage(log::poll, Damage.MISSING_ENTRY, VERSIONS, 4);
    }

    @Test
    void onceTheHoleIsMendedWritingGoesOn() {
        fixture.write(VERSIONS, 5);
        byte[] lost = fixture.bytes(VERSIONS, 3);
        remove(VERSIONS, 3);
        Streams client = fixture.client();
        assertDamage(() -> append(client, VERSIONS), Damage.MISSING_ENTRY, VERSIONS, 3);

        fixture.store.put(KeyLayout.entry(VERSIONS, 3), lost);

        assertThat(append(client, VERSIONS).sequence()).isEqualTo(6);
    }

    // ---- 16: the newest entries are gone

    @Test
    void theNewestEntryGoneIsNoticedByTheProcessThatWroteIt() {
        Streams client = fixture.client();
        append(client, VERSIONS);
        append(client, VERSIONS);
        remove(VERSIONS, 2);

        assertDamage(() -> append(client, VERSIONS), Damage.TAMPERED, VERSIONS, 2)
                .hasMessageContaining("which this process wrote, is gone. Restore it from a backup or replica");
        assertThat(fixture.store.bytes(KeyLayout.entry(VERSIONS, 2))).isEmpty();
    }

    @Test
    void theNewestEntryGoneIsNoticedByAProcessThatReadItBeforeItsFirstWrite() {
        fixture.write(VERSIONS, 3);
        Streams client = fixture.client();
        client.log(VERSIONS).read();
        remove(VERSIONS, 3);

        assertDamage(() -> append(client, VERSIONS), Damage.TAMPERED, VERSIONS, 3)
                .hasMessageContaining("which this process has read, is gone");
        assertThat(fixture.store.keys()).doesNotContain(KeyLayout.entry(VERSIONS, 3), KeyLayout.entry(VERSIONS, 4));
    }

    @Test
    void theNewestEntryGoneIsNoticedByAReaderAtTheTwentiethPoll() {
        fixture.write(VERSIONS, 3);
        EventLog log = fixture.client().log(VERSIONS);
        log.read();
        remove(VERSIONS, 3);

        for (int poll = 1; poll < 20; poll++) {
            assertThat(log.poll().sequence()).isEqualTo(3);
        }
        assertDamage(log::poll, Damage.TAMPERED, VERSIONS, 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void entriesThatAnotherStreamCitesAreMissedByAProcessThatReadThat(int left) {
        fixture.write(VERSIONS, 5);
        append(fixture.client(), REVIEWS, Map.of(VERSIONS.path(), 5L));
        for (int gone = 5; gone > left; gone--) {
            remove(VERSIONS, gone);
        }
        fixture.store.remove(KeyLayout.hint(VERSIONS));
        Streams client = fixture.client();
        client.log(REVIEWS).read();

        assertDamage(() -> client.log(VERSIONS).read(), Damage.TAMPERED, VERSIONS, 5)
                .hasMessage("The stream versions/fraud-detector ends at entry " + left + ", but entry 5 was read before"
                        + " or is cited by another stream: entries were removed."
                        + " Restore versions/fraud-detector/0000000005.json from a backup or replica;"
                        + " nothing is written on top of it");
        assertDamage(() -> append(client, VERSIONS), Damage.TAMPERED, VERSIONS, 5);
        assertThat(fixture.store.keys()).doesNotContain(KeyLayout.entry(VERSIONS, left + 1));
    }

    @ParameterizedTest(name = "{0} cites {1}")
    @CsvSource({
        "evaluations/fraud-detector/0000000001, versions/fraud-detector",
        "reviews/fraud-detector/0000000001, submissions/fraud-detector/0000000001",
        "environments/production/fraud-detector, reviews/fraud-detector/0000000001",
        "reviews/fraud-detector/0000000001, policy"
    })
    void whatIsLostIsMissedBecauseAnotherStreamCitesIt(String citing, String cited) {
        StreamName lost = new StreamName(cited);
        StreamName witness = new StreamName(citing);
        fixture.write(lost, 3);
        append(fixture.client(), witness, Map.of(cited, 3L));
        remove(lost, 3);
        Streams client = fixture.client();
        client.log(witness).read();

        assertDamage(() -> client.log(lost).read(), Damage.TAMPERED, lost, 3);
        assertDamage(() -> append(client, lost), Damage.TAMPERED, lost, 3);
    }

    @Test
    void aFirstAppendOnAnEntryReadBeforeMissesWhatAnotherStreamCitesSince() {
        StreamName lost = REVIEWS;
        StreamName witness = new StreamName("environments/production/fraud-detector");
        fixture.write(lost, 2);
        Streams client = fixture.client();
        client.log(lost).read();
        fixture.write(lost, 1);
        append(fixture.client(), witness, Map.of(lost.path(), 3L));
        remove(lost, 3);

        client.log(witness).read();

        assertDamage(() -> append(client, lost), Damage.TAMPERED, lost, 3);
    }

    @Test
    void aContributorsCitationCannotStopReviewers() {
        fixture.write(REVIEWS, 1);
        append(fixture.client(), VERSIONS, Map.of(REVIEWS.path(), 1_000L));
        Streams client = fixture.client();
        client.log(VERSIONS).read();

        assertThat(client.log(REVIEWS).read().sequence()).isEqualTo(1);
        assertThat(append(client, REVIEWS).sequence()).isEqualTo(2);
    }

    /** Documented in docs/format.md: nothing that this process ever read says that there was more. */
    @Test
    void aProcessThatKnowsNothingCannotMissWhatNothingCites() {
        fixture.write(VERSIONS, 5);
        remove(VERSIONS, 5);
        remove(VERSIONS, 4);

        assertThat(fixture.client().log(VERSIONS).read().sequence()).isEqualTo(3);
    }

    // ---- 17: two histories

    @Test
    void anEntryReplacedByAnotherIsAForkToWhoeverReadsItsNeighbour() {
        fixture.write(VERSIONS, 2);
        LogFixture other = replica();
        fixture.write(VERSIONS, 2);
        append(other.client(), VERSIONS, Map.of("policy", 1L));
        byte[] ours = fixture.bytes(VERSIONS, 3);
        byte[] theirs = other.bytes(VERSIONS, 3);
        fixture.store.put(KeyLayout.entry(VERSIONS, 3), theirs);
        EventLog log = fixture.client().log(VERSIONS);

        assertDamage(() -> log.entries(1, 4), Damage.FORK, VERSIONS, 3)
                .hasMessage("Two different entries claim versions/fraud-detector/0000000003.json: the one read is "
                        + Digest.of(theirs) + " by ada, and entry 4 by ada follows " + Digest.of(ours)
                        + ". Find out which is true before anything is written");
    }

    @Test
    void aProcessThatKnowsOneHistoryRefusesTheOther() {
        fixture.write(VERSIONS, 2);
        LogFixture other = replica();
        Streams client = fixture.client();
        append(client, VERSIONS);
        append(other.client(), VERSIONS, Map.of("policy", 1L));
        append(other.client(), VERSIONS);
        fixture.store.put(KeyLayout.entry(VERSIONS, 3), other.bytes(VERSIONS, 3));
        fixture.store.put(KeyLayout.entry(VERSIONS, 4), other.bytes(VERSIONS, 4));
        List<String> before = fixture.store.keys();

        assertDamage(() -> client.log(VERSIONS).read(), Damage.FORK, VERSIONS, 3);
        assertDamage(() -> append(client, VERSIONS), Damage.FORK, VERSIONS, 3);
        assertThat(fixture.store.keys()).isEqualTo(before);
    }

    @Test
    void aForkRightAfterTheHintIsNoticedByAProcessThatKnowsNothing() {
        fixture.write(VERSIONS, 1);
        LogFixture other = replica();
        append(other.client(), VERSIONS, Map.of("policy", 1L));
        append(other.client(), VERSIONS);
        fixture.write(VERSIONS, 1);
        fixture.hint(VERSIONS, LogFixture.hint(VERSIONS, 2));
        fixture.store.put(KeyLayout.entry(VERSIONS, 3), other.bytes(VERSIONS, 3));

        assertDamage(() -> fixture.client().log(VERSIONS).read(), Damage.FORK, VERSIONS, 2);
    }

    @Test
    void aStreamBegunAnewIsAForkToAProcessThatKnowsTheOldOne() {
        fixture.write(VERSIONS, 2);
        Streams client = fixture.client();
        client.log(VERSIONS).read();
        remove(VERSIONS, 1);
        remove(VERSIONS, 2);
        fixture.store.remove(KeyLayout.hint(VERSIONS));
        LogFixture anew = replica();
        Streams writer = anew.client();
        for (int i = 0; i < 5; i++) {
            append(writer, VERSIONS);
            fixture.store.put(KeyLayout.entry(VERSIONS, i + 1), anew.bytes(VERSIONS, i + 1));
        }

        assertDamage(() -> client.log(VERSIONS).read(), Damage.FORK, VERSIONS, 2)
                .hasMessageStartingWith(
                        "Two histories meet in versions/fraud-detector: entry 2 belongs to the one begun by commit ")
                .hasMessageEndingWith(". Find out which is true before anything is written");
        assertDamage(() -> append(client, VERSIONS), Damage.FORK, VERSIONS, 2);
    }

    // ---- 18: entries of another stream or registry

    @Test
    void anEntryCopiedFromAnotherModelIsRefused() {
        StreamName tumor = new StreamName("versions/tumor-classifier");
        fixture.write(VERSIONS, 2);
        fixture.write(tumor, 3);
        fixture.store.put(KeyLayout.entry(VERSIONS, 3), fixture.bytes(tumor, 3));
        Streams client = fixture.client();

        assertDamage(() -> client.log(VERSIONS).read(), Damage.CORRUPT_ENTRY, VERSIONS, 3)
                .hasMessageContaining("it was written as an entry of versions/tumor-classifier#3"
                        + " and stands in the place of versions/fraud-detector#3");
        assertDamage(() -> append(client, VERSIONS), Damage.CORRUPT_ENTRY, VERSIONS, 3);
    }

    @Test
    void aWholeStreamCopiedFromAnotherRegistryIsRefused() {
        LogFixture.append(fixture.client(fixture.store.open(), "another"), VERSIONS);
        Streams client = fixture.client();

        assertDamage(() -> client.log(VERSIONS).read(), Damage.CORRUPT_ENTRY, VERSIONS, 1)
                .hasMessageContaining(
                        "it was written as an entry of registry another and stands in the place of registry "
                                + LogFixture.REGISTRY);
        assertDamage(() -> append(client, VERSIONS), Damage.CORRUPT_ENTRY, VERSIONS, 1);
    }

    @Test
    void anEntryCopiedToTheNextPlaceIsRefused() {
        fixture.write(VERSIONS, 2);
        fixture.store.put(KeyLayout.entry(VERSIONS, 3), fixture.bytes(VERSIONS, 2));
        Streams client = fixture.client();

        assertDamage(() -> client.log(VERSIONS).read(), Damage.CORRUPT_ENTRY, VERSIONS, 3);
        assertDamage(() -> append(client, VERSIONS), Damage.CORRUPT_ENTRY, VERSIONS, 3);
    }

    // ---- 40: the last number

    @Test
    void theLastNumberIsWrittenAndTheOneAfterRefused() {
        fixture.plant(VERSIONS, KeyLayout.MAX_SEQUENCE - 901, KeyLayout.MAX_SEQUENCE - 1);
        fixture.hint(VERSIONS, LogFixture.hint(VERSIONS, KeyLayout.MAX_SEQUENCE - 2));
        Streams client = fixture.client();

        assertThat(append(client, VERSIONS).sequence()).isEqualTo(9_999_999_999L);

        assertThatThrownBy(() -> append(client, VERSIONS))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "The stream versions/fraud-detector is full: it has 9999999999 entries. Nothing was written");
        assertThat(client.log(VERSIONS).read().sequence()).isEqualTo(9_999_999_999L);
        assertThat(fixture.store.keys().get(fixture.store.keys().size() - 1))
                .isEqualTo("versions/fraud-detector/9999999999.json");
    }

    @Test
    void aFullStreamIsReadToItsEnd() {
        fixture.plant(VERSIONS, KeyLayout.MAX_SEQUENCE - 901, KeyLayout.MAX_SEQUENCE);
        fixture.hint(VERSIONS, LogFixture.hint(VERSIONS, KeyLayout.MAX_SEQUENCE - 1));
        Streams client = fixture.client();

        assertThat(client.log(VERSIONS).read().sequence()).isEqualTo(9_999_999_999L);
        assertThat(client.log(VERSIONS).poll().sequence()).isEqualTo(9_999_999_999L);
        assertThatThrownBy(() -> append(client, VERSIONS)).isInstanceOf(InvalidRequestException.class);
    }

    // ----

    private void remove(StreamName stream, long sequence) {
        assertThat(fixture.store.remove(KeyLayout.entry(stream, sequence))).isTrue();
    }

    /** Another store that holds the same so far, and is written to with other identities. */
    private LogFixture replica() {
        LogFixture replica = new LogFixture();
        for (String key : fixture.store.keys()) {
            replica.store.put(key, fixture.store.bytes(key).orElseThrow());
        }
        for (int i = 0; i < 1_000; i++) {
            replica.host.newId();
        }
        return replica;
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertDamage(
            ThrowingCallable use, Damage damage, StreamName stream, long sequence) {
        String key = KeyLayout.entry(stream, sequence);
        return assertThatThrownBy(use)
                .isInstanceOfSatisfying(IntegrityException.class, e -> {
                    assertThat(e.damage()).as(e.getMessage()).isEqualTo(damage);
                    assertThat(e.key()).isEqualTo(key);
                })
                .hasMessageContaining(stream.path());
    }
}
