package io.modelregistry;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.TextValidator.Kind;
import io.modelregistry.TextValidator.Objection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalDataTest {
    private static final TextValidator LIKELY = PersonalData.likely();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "marie.curie@example.org",
                "see m+curie_1@radium.institute.example.fr, room 3",
                "<x@y.co>",
                "mailto:a@b.example"
            })
    void emailAddressesAreSeen(String text) {
        assertThat(why(text)).contains("an e-mail address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+49 30 1234567",
                "call +33 (1) 23-45-67-89 first",
                "0049 30 1234567",
                "+12025550123",
                "(202) 555-0123",
                "202-555-0123",
                "202.555.0123"
            })
    void telephoneNumbersAreSeen(String text) {
        assertThat(why(text)).contains("a telephone number");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4111111111111111",
                "4111 1111 1111 1111",
                "5555-5555-5555-4444",
                "378282246310005",
                "3530111333300000",
                "6011111111111117",
                "2223003122003222",
                "4222222222222"
            })
    void cardNumbersAreSeenByTheirCheckDigit(String text) {
        assertThat(why(text)).contains("a payment card number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"078-05-1120", "SSN 219-09-9999."})
    void socialSecurityNumbersAreSeen(String text) {
        assertThat(why(text)).contains("a social security number");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "better on hospital-b, see ticket ML-4711",
                "tumor@12 instead of tumor@1.4.0",
                "run-2026-01-02T03:04:05Z",
                "ci/4711/2026.01.02",
                "auc 0.987654321012 > 0.5, +0.00123456789012",
                "4111111111111112 fails the check",
                "1764100000000 ms since the epoch",
                "9fceb02d0ae598e95dc970b74767f19372d61af8",
                "sha256:8e81c574b2824f3b490657677a63143c86764827d258bce82fe758852d6f8729",
                "s3://bucket/2026/01/02/part-00000-4111111111111111.parquet",
                "000-12-3456 666-12-3456 900-12-3456 123-00-4567 123-45-0000",
                "1-202-555",
                "10.0.0.1:8080",
                "lr=1e-4, epochs=200, seed=42, batch 128-256-512",
                "µ±σ über 3 – 5 %"
            })
    void whatPipelinesWriteIsNot(String text) {
        assertThat(why(text)).isEmpty();
    }

    @Test
    void theUserOfAGitRepositoryIsNobody() {
        assertThat(LIKELY.check(Kind.CODE, "git@github.example.org:oncology/tumor.git"))
                .isEmpty();
        assertThat(LIKELY.check(Kind.CODE, "https://marie@example.org/tumor.git"))
                .isPresent();
        assertThat(LIKELY.check(Kind.REASON, "git@github.example.org")).isPresent();
    }

    @Test
    void thePositionIsThatOfTheFirstCharacterCountedFromOne() {
        assertThat(LIKELY.check(Kind.REASON, "ask marie@example.org")).contains(new Objection(5, "an e-mail address"));
        assertThat(LIKELY.check(Kind.REASON, "marie@example.org")).contains(new Objection(1, "an e-mail address"));
    }

    @Test
    void longTextsTakeNoTimeThatGrowsFasterThanTheyDo() {
        for (String part : List.of("a.", "1 ", "+1", "4-", "a@", "202-", "@", "%")) {
            assertThat(why(part.repeat(20_000))).isNotNull();
        }
    }

    @Test
    void validatorsAreJoinedAndTheFirstThatObjectsSpeaks() {
        TextValidator noNames = (kind, text) -> text.contains("Marie")
                ? Optional.of(new Objection(text.indexOf("Marie") + 1, "a name"))
                : Optional.empty();
        TextValidator both = noNames.and(LIKELY);

        assertThat(both.check(Kind.TAG, "marie@example.org by Marie")).contains(new Objection(22, "a name"));
        assertThat(both.check(Kind.TAG, "marie@example.org")).contains(new Objection(1, "an e-mail address"));
        assertThat(both.check(Kind.TAG, "nobody")).isEmpty();
        assertThat(TextValidator.none().check(Kind.TAG, "marie@example.org")).isEmpty();
    }

    private static Optional<String> why(String text) {
        return LIKELY.check(Kind.REASON, text).map(Objection::why);
    }
}
