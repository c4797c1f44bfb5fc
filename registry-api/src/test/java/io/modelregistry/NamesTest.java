package io.modelregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One spelling for each model, environment and label, and none that a file system, a log or a person could take for another. */
final class NamesTest {
    private static final List<Function<String, Object>> KINDS = List.of(ModelName::of, EnvironmentName::of, Label::of);

    static Stream<Arguments> badNames() {
        return Stream.of(
                arguments("", "it is empty"),
                arguments("Fraud", "'F' (U+0046) at position 1 is not allowed there"),
                arguments("frauD", "'D' (U+0044) at position 5 is not allowed there"),
                arguments("fraud detector", "' ' (U+0020) at position 6 is not allowed there"),
                arguments("fraud/detector", "'/' (U+002F) at position 6 is not allowed there"),
                arguments("fraud\\detector", "'\\' (U+005C) at position 6 is not allowed there"),
                arguments("c:fraud", "':' (U+003A) at position 2 is not allowed there"),
                arguments("fraud@1", "'@' (U+0040) at position 6 is not allowed there"),
                arguments("fraud%2e", "'%' (U+0025) at position 6 is not allowed there"),
                arguments(".fraud", "'.' (U+002E) at position 1 is not allowed there"),
                arguments("fraud.", "'.' (U+002E) at position 6 is not allowed there"),
                arguments("-fraud", "'-' (U+002D) at position 1 is not allowed there"),
                arguments("fraud-", "'-' (U+002D) at position 6 is not allowed there"),
                arguments("_fraud", "'_' (U+005F) at position 1 is not allowed there"),
                arguments(".", "'.' (U+002E) at position 1 is not allowed there"),
                arguments("..", "'.' (U+002E) at position 1 is not allowed there"),
                arguments("a..b", "it contains '..'"),
                arguments("a/../b", "'/' (U+002F) at position 2 is not allowed there"),
                arguments("con", "'con' is a device name on Windows"),
                arguments("prn", "'prn' is a device name on Windows"),
                arguments("aux", "'aux' is a device name on Windows"),
                arguments("nul.onnx", "'nul' is a device name on Windows"),
                arguments("com1", "'com1' is a device name on Windows"),
                arguments("lpt9.tar.gz", "'lpt9' is a device name on Windows"),
                arguments("conin$", "'$' (U+0024) at position 6 is not allowed there"),
                arguments("com\u00b9", "'¹' (U+00B9) at position 4 is not allowed there"),
                arguments("\uff46raud", "'ｆ' (U+FF46) at position 1 is not allowed there"),
                arguments("a\uff0eb", "'．' (U+FF0E) at position 2 is not allowed there"),
                arguments("a\u2024b", "'․' (U+2024) at position 2 is not allowed there"),
                arguments("fr\u0430ud", "'а' (U+0430) at position 3 is not allowed there"),
                arguments("caf\u00e9", "'é' (U+00E9) at position 4 is not allowed there"),
                arguments("cafe\u0301", "'\u0301' (U+0301) at position 5 is not allowed there"),
                arguments("v\u0661", "'١' (U+0661) at position 2 is not allowed there"),
                arguments("fraud\ud83d\ude00", "'😀' (U+1F600) at position 6 is not allowed there"),
                arguments("fraud\u202egpj", "U+202E at position 6 is not allowed there"),
                arguments("fraud\u200b", "U+200B at position 6 is not allowed there"),
                arguments("\ufefffraud", "U+FEFF at position 1 is not allowed there"),
                arguments("fraud\u0000", "U+0000 at position 6 is not allowed there"),
                arguments("fraud\n", "U+000A at position 6 is not allowed there"),
                arguments("fra\rud", "U+000D at position 4 is not allowed there"),
                arguments("fraud\ud800", "U+D800 at position 6 is not allowed there"),
                arguments("\udc00fraud", "U+DC00 at position 1 is not allowed there"),
                arguments("a".repeat(129), "it has 129 characters"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("badNames")
    void aNameThatIsNoneIsRefusedWithTheCharacterThatIsWrong(String name, String why) {
        for (Function<String, Object> kind : KINDS) {
            assertThatThrownBy(() -> kind.apply(name))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("\": " + why + ". It has 1 to 128 of a-z, 0-9, '.', '_', '-'");
        }
    }

    @Test
    void theMessageNamesTheKindAndShowsTheNameHarmlessly() {
        assertThatThrownBy(() -> ModelName.of("fraud\u202egpj"))
                .hasMessage("Not a model name: \"fraud\\u202egpj\": U+202E at position 6 is not allowed there."
                        + " It has 1 to 128 of a-z, 0-9, '.', '_', '-', and starts and ends with a letter or digit");
        assertThatThrownBy(() -> EnvironmentName.of(""))
                .hasMessageStartingWith("Not an environment name: \"\": it is empty");
        assertThatThrownBy(() -> Label.of("V1")).hasMessageStartingWith("Not a label: \"V1\": 'V' (U+0056)");
    }

    @Test
    void aNameThatIsFarTooLongIsCutInTheMessage() {
        assertThatThrownBy(() -> ModelName.of("a".repeat(1_000_000)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("\"" + "a".repeat(200) + "…\": it has 1000000 characters")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "7x",
                "fraud-detector",
                "discharge_summarizer.v2",
                "a.b_c-d",
                "a--b",
                "con1",
                "console",
                "com10",
                "xcon",
                "lpt.x"
            })
    void aNameOfTheGrammarIsTakenAsItIs(String name) {
        assertThat(ModelName.of(name)).hasToString(name);
        assertThat(EnvironmentName.of(name)).hasToString(name);
        assertThat(Label.of(name)).hasToString(name);
    }

    @Test
    void aNameMayHave128Characters() {
        String longest = "a".repeat(128);

        assertThatCode(() -> ModelName.of(longest)).doesNotThrowAnyException();
    }

    @Test
    void aModelMayBeNamedByANumberButALabelMayNot() {
        assertThat(ModelName.of("42")).hasToString("42");
        assertThatThrownBy(() -> Label.of("42"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Not a label: \"42\": it has digits only, which would be a version number;"
                        + " add a letter or a dot, as in \"v42\"");
        assertThat(Label.of("4.2")).hasToString("4.2");
    }

    @Test
    void namesOrderByTheirText() {
        assertThat(Stream.of("b", "a-b", "a", "a.b").map(ModelName::of).sorted().map(ModelName::value))
                .containsExactly("a", "a-b", "a.b", "b");
        assertThat(Stream.of("b", "a").map(EnvironmentName::of).sorted().map(EnvironmentName::value))
                .containsExactly("a", "b");
    }

    @Test
    void theCodePointIsShownInLatinDigitsInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThatThrownBy(() -> ModelName.of("x\u0007\u0000"))
                    .hasMessageContaining("\"x\\u0007\\u0000\": U+0007 at position 2");
        } finally {
            Locale.setDefault(before);
        }
    }
}
