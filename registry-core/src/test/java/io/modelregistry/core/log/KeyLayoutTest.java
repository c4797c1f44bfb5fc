package io.modelregistry.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Digest;
import io.modelregistry.EnvironmentName;
import io.modelregistry.Label;
import io.modelregistry.ModelName;
import io.modelregistry.VersionId;
import io.modelregistry.storage.KeyGrammar;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyLayoutTest {
    private static final ModelName MODEL = ModelName.of("fraud-detector");
    private static final VersionId VERSION = new VersionId(MODEL, 12);

    @Test
    void everyKeyBeginsWithTheAuthorityItTakesToWriteIt() {
        assertThat(KeyLayout.model(MODEL)).hasToString("models/fraud-detector");
        assertThat(KeyLayout.versions(MODEL)).hasToString("versions/fraud-detector");
        assertThat(KeyLayout.label(MODEL, Label.of("1.4.0"))).hasToString("labels/fraud-detector/1.4.0");
        assertThat(KeyLayout.evaluations(VERSION)).hasToString("evaluations/fraud-detector/0000000012");
        assertThat(KeyLayout.submissions(VERSION)).hasToString("submissions/fraud-detector/0000000012");
        assertThat(KeyLayout.reviews(VERSION)).hasToString("reviews/fraud-detector/0000000012");
        assertThat(KeyLayout.environment(EnvironmentName.of("production"), MODEL))
                .hasToString("environments/production/fraud-detector");
        assertThat(KeyLayout.blob(MODEL, new Digest("ab".repeat(32))))
                .isEqualTo("blobs/fraud-detector/sha256/" + "ab".repeat(32));
        assertThat(KeyLayout.hint(KeyLayout.versions(MODEL))).isEqualTo("hints/versions/fraud-detector.json");
        assertThat(KeyLayout.probe("a1")).isEqualTo("probe/a1");
        assertThat(KeyLayout.entry(KeyLayout.POLICY, 1)).isEqualTo("policy/0000000001.json");
    }

    @Test
    void theLongestNamesStillMakeKeysThatEveryStoreTakes() {
        String longest = "x".repeat(128);
        ModelName model = ModelName.of(longest);

        Stream.of(
                        KeyLayout.label(model, Label.of(longest)),
                        KeyLayout.environment(EnvironmentName.of(longest), model),
                        KeyLayout.reviews(new VersionId(model, KeyLayout.MAX_SEQUENCE)))
                .forEach(stream -> {
                    assertThat(KeyGrammar.isKey(KeyLayout.entry(stream, KeyLayout.MAX_SEQUENCE)))
                            .isTrue();
                    assertThat(KeyGrammar.isKey(KeyLayout.hint(stream))).isTrue();
                });
    }

    @Test
    void keysSortAsTheirNumbersDoUpToTheLast() {
        LongStream numbers = LongStream.of(
                1, 2, 9, 10, 11, 99, 100, 999_999_999, 1_000_000_000, 4_294_967_296L, 9_999_999_998L, 9_999_999_999L);

        assertThat(numbers.mapToObj(n -> KeyLayout.entry(KeyLayout.POLICY, n))).isSorted();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 10_000_000_000L, Long.MAX_VALUE, Long.MIN_VALUE})
    void aNumberThatTenDigitsCannotTellIsNoEntry(long sequence) {
        assertThatThrownBy(() -> KeyLayout.entry(KeyLayout.POLICY, sequence))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("No entry has the sequence number " + sequence);
    }

    @ParameterizedTest
    @CsvSource({
        "versions/m/0000000001.json, versions/m, 1",
        "models/m/0000000001.json, models/m, 1",
        "labels/m/1.4.0/0000000001.json, labels/m/1.4.0, 1",
        "evaluations/m/0000000001/0000000002.json, evaluations/m/0000000001, 2",
        "assessments/m/0000000001/0000000002.json, assessments/m/0000000001, 2",
        "reviews/m/0000000001/9999999999.json, reviews/m/0000000001, 9999999999",
        "environments/production/m/0000000007.json, environments/production/m, 7",
        "policy/0000000001.json, policy, 1",
        "gc/m/0000000001.json, gc/m, 1"
    })
    void anEntrysKeyTellsItsStreamAndNumber(String key, String stream, long sequence) {
        assertThat(KeyLayout.stream(key)).contains(new StreamName(stream));
        assertThat(KeyLayout.sequence(new StreamName(stream), key)).hasValue(sequence);
        assertThat(KeyLayout.entry(new StreamName(stream), sequence)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "versions/n/0000000001.json",
                "versions/m/0000000001.josn",
                "versions/m/+000000001.json",
                "versions/m/00000000:1.json"
            })
    void aKeyThatLooksLikeAnEntrysIsNone(String key) {
        assertThat(KeyLayout.sequence(new StreamName("versions/m"), key)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "reviews/m/0000000001, true",
        "environments/production/m, true",
        "assessments/m/0000000001, true",
        "policy, true",
        "gc/m, true",
        "models/m, false",
        "versions/m, false",
        "labels/m/1.4.0, false",
        "evaluations/m/0000000001, false",
        "submissions/m/0000000001, false"
    })
    void reviewersReleasersAndAdministratorsAreJudgesAndContributorsAreNot(String stream, boolean judge) {
        assertThat(KeyLayout.isJudge(stream)).isEqualTo(judge);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "registry.json",
                "versions",
                "versions/m",
                "versions/0000000001.json",
                "versions/m/0000000000.json",
                "versions/m/1.json",
                "versions/m/00000000001.json",
                "versions/m/0000000001.JSON",
                "versions/m/0000000001.json~",
                "versions/m/0000000001.json.bak",
                "versions/m/.0000000001.json.swp",
                "versions/m/0000000001 (conflicted copy).json",
                "versions/m/-000000001.json",
                "versions/m/+000000001.json",
                "versions/m/000000000x.json",
                "versions/m/\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0661.json",
                "versions/m/x/0000000001.json",
                "versions/M/0000000001.json",
                "versions/.trash/0000000001.json",
                "labels/m/0000000001.json",
                "environments/production/0000000001.json",
                "environments/production/m/backup/0000000001.json",
                "reviews/m/0000000001.json",
                "reviews/m/1/0000000001.json",
                "reviews/m/0000000000/0000000001.json",
                "reviews/m/v1/0000000001.json",
                "policy/m/0000000001.json",
                "blobs/m/0000000001.json",
                "hints/versions/m/0000000001.json",
                "other/m/0000000001.json"
            })
    void anyOtherKeyIsNoEntry(String key) {
        assertThat(KeyLayout.stream(key)).isEmpty();
    }
}
