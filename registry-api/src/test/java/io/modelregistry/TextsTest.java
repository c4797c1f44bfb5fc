package io.modelregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Free text is kept for ever and printed on other people's terminals. */
final class TextsTest {
    static Stream<Arguments> unprintable() {
        return Stream.of(
                arguments("a\u0000b", "U+0000 at position 2"),
                arguments("\u001b[31mred", "U+001B at position 1"),
                arguments("a\rb", "U+000D at position 2"),
                arguments("a\u007f", "U+007F at position 2"),
                arguments("a\u0085b", "U+0085 at position 2"),
                arguments("admin\u202etxt", "U+202E at position 6"),
                arguments("a\u2066b\u2069", "U+2066 at position 2"),
                arguments("a\u200bb", "U+200B at position 2"),
                arguments("\ufeffa", "U+FEFF at position 1"),
                arguments("a\u2028b", "U+2028 at position 2"),
                arguments("a\u2029b", "U+2029 at position 2"),
                arguments("a\ue000", "U+E000 at position 2"),
                arguments("a\u0378", "U+0378 at position 2"),
                arguments("a\ud800b", "U+D800 at position 2"),
                arguments("a\udc00", "U+DC00 at position 2"),
                arguments("\ud83d\ude00\ud83d", "U+D83D at position 3"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("unprintable")
    void aCharacterThatCannotBePrintedSafelyIsRefusedAndShown(String text, String shown) {
        assertThatThrownBy(() -> Texts.check("reason", text, 200))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The reason has " + shown + ", which can't be printed safely: \"" + Texts.printable(text)
                        + "\"");
        assertThatThrownBy(() -> Texts.line("reason", text, 200))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The reason has " + shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two lines\n\tand a tab", "größer als ١٢ 😀", "e\u0301"})
    void whatAPersonWritesIsTakenAsItIs(String text) {
        assertThat(Texts.check("description", text, 200)).isSameAs(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\tb", "\n"})
    void whatMustFitOnOneLineHasNoLineBreakAndNoTab(String text) {
        assertThatThrownBy(() -> Texts.line("metric name", text, 200))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The metric name has U+000")
                .hasMessageNotContaining("\n");
        assertThat(Texts.line("metric name", "größer 😀", 200)).isEqualTo("größer 😀");
    }

    @Test
    void textThatIsTooLongIsRefusedWithItsBeginning() {
        assertThat(Texts.check("reason", "x".repeat(200), 200)).hasSize(200);
        assertThatThrownBy(() -> Texts.check("reason", "x".repeat(201), 200))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The reason has 201 characters; at most 200 are kept: \"" + "x".repeat(60) + "…\"");
    }

    @Test
    void whatDisturbsATerminalIsPrintedAsItsCode() {
        assertThat(Texts.printable("a\u202eb\n\ud800")).isEqualTo("a\\u202eb\\u000a\\ud800");
        assertThat(Texts.printable("é😀")).isEqualTo("é😀");
    }

    @Test
    void aLongTextIsCutAtWholeCharacters() {
        assertThat(Texts.printable("😀".repeat(300))).isEqualTo("😀".repeat(200) + "…");
        assertThat(Texts.printable("😀".repeat(200))).isEqualTo("😀".repeat(200));
    }

    @Test
    void aCharacterIsShownWithItsCodeSoThatLookAlikesDiffer() {
        assertThat(Texts.showCharacter('x')).isEqualTo("'x' (U+0078)");
        assertThat(Texts.showCharacter(0x445)).isEqualTo("'х' (U+0445)");
        assertThat(Texts.showCharacter(0x202e)).isEqualTo("U+202E");
    }

    @ParameterizedTest
    @ValueSource(strings = {"u-4711", "ci:train-job", "a@b", "Łukasz"})
    void anActorIsAnyPrintableId(String id) {
        assertThat(Actor.of(id)).hasToString(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", "\u2003"})
    void anActorThatIsBlankIsRefused(String id) {
        assertThatThrownBy(() -> Actor.of(id))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("An actor has an id that is not blank, such as \"u-4711\" or \"ci:train-job\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada\nben", "ada\tben", "ada\u202e", "ada\u0000"})
    void anActorCannotForgeALineOfTheAuditTrail(String id) {
        assertThatThrownBy(() -> Actor.of(id))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The actor id has U+")
                .hasMessageContaining("at position 4");
    }

    @Test
    void anActorHas128CharactersAtMost() {
        assertThat(Actor.of("a".repeat(128)).id()).hasSize(128);
        assertThatThrownBy(() -> Actor.of("a".repeat(129)))
                .hasMessageStartingWith("The actor id has 129 characters; at most 128 are kept");
    }
}
