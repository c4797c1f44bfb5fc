package io.modelregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"1", "ci:job/4711", "A-b_c.d", "https://ci.example.org/jobs/1"})
    void whatAJobIsUsuallyCalledIsARequestId(String value) {
        assertThat(RequestId.of(value)).hasToString(value);
    }

    @Test
    void itMayHave128Characters() {
        assertThat(RequestId.of("x".repeat(128)).value()).hasSize(128);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\n", "job#1", "jöb", "a\u0000", "a\ud800", "\u202e"})
    void anythingElseIsRefused(String value) {
        assertThatThrownBy(() -> RequestId.of(value))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Not a request id: \"" + Texts.printable(value)
                        + "\": it has 1 to 128 of A-Z, a-z, 0-9, '.', '_', ':', '/', '-'");
    }

    @Test
    void oneThatIsTooLongIsRefusedAndCutInTheMessage() {
        assertThatThrownBy(() -> RequestId.of("x".repeat(129))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> RequestId.of("x".repeat(100_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }
}
