package io.modelregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VersionIdTest {
    @Test
    void itPrintsAsModelAtNumber() {
        assertThat(VersionId.of("fraud-detector", 12)).hasToString("fraud-detector@12");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aNumberBelowOneIsRefused(long number) {
        assertThatThrownBy(() -> VersionId.of("fraud-detector", number))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("No version fraud-detector@" + number + ": versions are numbered from 1");
    }

    @Test
    void versionsOrderByModelThenByNumber() {
        assertThat(Stream.of(VersionId.of("b", 1), VersionId.of("a", 10), VersionId.of("a", 9))
                        .sorted()
                        .map(VersionId::toString))
                .containsExactly("a@9", "a@10", "b@1");
    }

    @Test
    void aMissingVersionIsToldWithTheLatestOne() {
        assertThat(NotFoundException.version(VersionId.of("fraud-detector", 7), 1))
                .hasMessage("No version fraud-detector@7: the latest version of fraud-detector is 1");
        assertThat(NotFoundException.version(VersionId.of("fraud-detector", 7), 0))
                .hasMessage("No version fraud-detector@7: fraud-detector has no versions");
    }

    @Test
    void aTakenLabelIsToldWithItsOwnerAndWhatBecameOfTheRegistration() {
        ModelName model = ModelName.of("fraud-detector");
        Label label = Label.of("1.4.0");

        assertThat(new LabelTakenException(model, label, 3, 0))
                .hasMessage(
                        "The label 1.4.0 of fraud-detector names version 3 for ever; choose another. Nothing was registered")
                .extracting(LabelTakenException::registered)
                .isEqualTo(0L);
        assertThat(new LabelTakenException(model, label, 3, 8))
                .hasMessage(
                        "The label 1.4.0 of fraud-detector names version 3 for ever; choose another. Version 8 was registered without a label")
                .extracting(LabelTakenException::registered)
                .isEqualTo(8L);
    }

    @Test
    void aRevisionPrintsItsStreamAndSequence() {
        assertThat(new Revision("environments/production/fraud-detector", 7))
                .hasToString("environments/production/fraud-detector#7");
    }
}
