package io.modelregistry.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault 32: a path from a registration or a manifest never leaves its folder, on any system, and is one file on all of them. */
final class ArtifactPathTest {
    private static final String EMPTY_SEGMENT = "it has an empty segment ('//' or a '/' at the end)";
    private static final String ENDS = "\" starts or ends with a space, or ends with a dot";
    private static final String ENCODED = "it has a percent-encoded dot, slash or NUL";

    static Stream<Arguments> badPaths() {
        return Stream.of(
                        traversal(),
                        reservedCharacters(),
                        unprintableCharacters(),
                        lookAlikes(),
                        segments(),
                        deviceNames())
                .flatMap(paths -> paths);
    }

    private static Stream<Arguments> traversal() {
        return Stream.of(
                arguments("", "it is empty"),
                arguments(".", "it has a segment '.'"),
                arguments("..", "it has a segment '..'"),
                arguments("../model.bin", "it has a segment '..'"),
                arguments("a/../model.bin", "it has a segment '..'"),
                arguments("a/..", "it has a segment '..'"),
                arguments("a/./model.bin", "it has a segment '.'"),
                arguments("/", "it is absolute; it starts with '/'"),
                arguments("/etc/passwd", "it is absolute; it starts with '/'"),
                arguments("//server/share", "it is absolute; it starts with '/'"),
                arguments("a//b", EMPTY_SEGMENT),
                arguments("a/", EMPTY_SEGMENT),
                arguments("%2e%2e/model.bin", ENCODED),
                arguments("a%2Fb", ENCODED),
                arguments("a%5cb", ENCODED),
                arguments("a%00", ENCODED));
    }

    private static Stream<Arguments> reservedCharacters() {
        return Stream.of(
                arguments("C:/model.bin", "':' (U+003A) at position 2 is not allowed"),
                arguments("C:\\model.bin", "':' (U+003A) at position 2 is not allowed"),
                arguments("model.bin:stream", "':' (U+003A) at position 10 is not allowed"),
                arguments("a\\b", "'\\' (U+005C) at position 2 is not allowed"),
                arguments("\\\\server\\share", "'\\' (U+005C) at position 1 is not allowed"),
                arguments("a<b", "'<' (U+003C) at position 2 is not allowed"),
                arguments("a>b", "'>' (U+003E) at position 2 is not allowed"),
                arguments("a\"b", "'\"' (U+0022) at position 2 is not allowed"),
                arguments("a|b", "'|' (U+007C) at position 2 is not allowed"),
                arguments("a?b", "'?' (U+003F) at position 2 is not allowed"),
                arguments("a*b", "'*' (U+002A) at position 2 is not allowed"));
    }

    private static Stream<Arguments> unprintableCharacters() {
        return Stream.of(
                        "\u0000",
                        "\u0001",
                        "\n",
                        "\r",
                        "\t",
                        "\u001b",
                        "\u007f",
                        "\u0085",
                        "\u00ad",
                        "\u061c",
                        "\u180e",
                        "\u200b",
                        "\u200d",
                        "\u200e",
                        "\u200f",
                        "\u2028",
                        "\u2029",
                        "\u202a",
                        "\u202b",
                        "\u202c",
                        "\u202d",
                        "\u202e",
                        "\u2066",
                        "\u2067",
                        "\u2068",
                        "\u2069",
                        "\ufeff",
                        "\ue000",
                        "\u0378",
                        "\uffff",
                        "\ud800",
                        "\udbff",
                        "\udc00",
                        "\udfff",
                        "\udb40\udc41")
                .map(bad -> arguments(
                        "ab/" + bad + "c",
                        String.format(Locale.ROOT, "U+%04X at position 4 is not allowed", bad.codePointAt(0))));
    }

    private static Stream<Arguments> lookAlikes() {
        return Stream.of(
                        "\u2024", "\u2025", "\u2026", "\uff0e", "\ufe52", "\uff0f", "\uff3c", "\u2215", "\u2044",
                        "\u29f8", "\ufe68")
                .map(bad -> arguments(
                        bad + "a", String.format(Locale.ROOT, "'%s' (U+%04X) at position 1 is not allowed", bad, (int)
                                bad.charAt(0))));
    }

    private static Stream<Arguments> segments() {
        return Stream.of(
                arguments("model.", "segment \"model." + ENDS),
                arguments("a./b", "segment \"a." + ENDS),
                arguments("...", "segment \"..." + ENDS),
                arguments("model ", "segment \"model " + ENDS),
                arguments(" model", "segment \" model" + ENDS),
                arguments("a/ /b", "segment \" " + ENDS),
                arguments("x".repeat(256), "a segment is longer than 255 bytes"),
                arguments("\u00e9".repeat(128), "a segment is longer than 255 bytes"),
                arguments("d/".repeat(512) + "x", "it is longer than 1024 bytes"),
                arguments(
                        "cafe\u0301.bin",
                        "it is not in Unicode normal form C; some file systems would store it under another name"),
                arguments(
                        "\u212a",
                        "it is not in Unicode normal form C; some file systems would store it under another name"));
    }

    private static Stream<Arguments> deviceNames() {
        return Stream.of(
                        "con",
                        "PRN",
                        "Aux",
                        "nul",
                        "com0",
                        "COM1",
                        "com9",
                        "lpt0",
                        "LPT1",
                        "lpt9",
                        "conin$",
                        "CONOUT$",
                        "com\u00b9",
                        "COM\u00b2",
                        "LPT\u00b3")
                .flatMap(device -> Stream.of(device, device + ".onnx", "a/" + device + ".tar.gz/b", device + " .x")
                        .map(path -> arguments(
                                path,
                                "\"" + (path.endsWith(" .x") ? device + " " : device)
                                        + "\" is a device name on Windows")));
    }

    @ParameterizedTest(name = "{index}: {1}")
    @MethodSource("badPaths")
    void aPathThatSomeSystemWouldTakeForAnotherIsRefused(String path, String why) {
        assertThatThrownBy(() -> ArtifactPath.of(path))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Not a path for a file of an artifact: \"" + Texts.printable(path) + "\": " + why);
    }

    @Test
    void theMessageItselfHoldsNothingThatDisturbsATerminal() {
        badPaths()
                .map(arguments -> (String) arguments.get()[0])
                .forEach(path -> assertThatThrownBy(() -> ArtifactPath.of(path))
                        .satisfies(e -> assertThat(e.getMessage().codePoints())
                                .allMatch(c ->
                                        Texts.printable(Character.toString(c)).equals(Character.toString(c)))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.onnx",
                "a/b/c.bin",
                ".gitattributes",
                "a..b",
                "..a/b",
                "weights 1.bin",
                "100%",
                "a%20b",
                "caf\u00e9.bin",
                "数据/模型.onnx",
                "😀.bin",
                "console",
                "com10.bin",
                "nul-1",
                "xcon",
                "~$a#b&c'(d)+,;=@[e]^`{f}!"
            })
    void anyOtherPathIsTakenAsItIs(String path) {
        assertThat(ArtifactPath.of(path))
                .hasToString(path)
                .extracting(ArtifactPath::value)
                .isEqualTo(path);
    }

    @Test
    void theLimitsThemselvesAreAllowed() {
        assertThatCode(() -> ArtifactPath.of("x".repeat(255))).doesNotThrowAnyException();
        assertThatCode(() -> ArtifactPath.of("d/".repeat(511) + "xx")).doesNotThrowAnyException();
        assertThatThrownBy(() -> ArtifactPath.of("d/".repeat(511) + "xxx")).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aPathOfAMillionCharactersIsRefusedWithAShortMessage() {
        assertThatThrownBy(() -> ArtifactPath.of("x/".repeat(500_000)))
                .isInstanceOf(InvalidRequestException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    @Test
    void pathsOrderByTheirText() {
        assertThat(Stream.of("b", "a/b", "a.b", "a")
                        .map(ArtifactPath::of)
                        .sorted()
                        .map(ArtifactPath::value))
                .containsExactly("a", "a.b", "a/b", "b");
    }

    static Stream<Arguments> rivals() {
        return Stream.of(
                arguments("Model.bin", "model.bin"),
                arguments("a/MODEL/x", "A/model/X"),
                arguments("straße", "STRASSE"),
                arguments("stra\u1e9ee", "straße"),
                arguments("\u03a3\u03a3", "\u03c3\u03c2"),
                arguments("\u0130", "i\u0307"),
                arguments("\u01c4", "\u01c5"),
                arguments("\ufb01le", "file"));
    }

    @ParameterizedTest
    @MethodSource("rivals")
    void pathsThatDifferInCaseOnlyCannotStandTogether(String one, String other) {
        List<ArtifactPath> both = List.of(ArtifactPath.of(one), ArtifactPath.of(other));

        assertThatThrownBy(() -> ArtifactPath.checkTogether(both))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The files \"" + one + "\" and \"" + other
                        + "\" would be the same file on a system that ignores case; rename one");
    }

    @Test
    void everyLetterIsTheSameFileAsItsOtherCases() {
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(Character::isLetter)
                // the dotted capital I of Turkish: its small letter is an i, with a dot above kept apart, in no file
                // system
                .filter(c -> c != 0x130)
                .filter(c -> isPath(Character.toString(c)))
                .forEach(c -> Stream.of(Character.toLowerCase(c), Character.toUpperCase(c), Character.toTitleCase(c))
                        .filter(other -> other != c && isPath(Character.toString(other)))
                        .forEach(other -> assertThatThrownBy(() -> ArtifactPath.checkTogether(List.of(
                                        ArtifactPath.of(Character.toString(c)),
                                        ArtifactPath.of(Character.toString(other)))))
                                .as("U+%04X and U+%04X", c, other)
                                .isInstanceOf(InvalidRequestException.class)));
    }

    private static boolean isPath(String text) {
        return Normalizer.isNormalized(text, Normalizer.Form.NFC) && Character.getType(text.codePointAt(0)) != 0;
    }

    static Stream<Arguments> fileAndFolder() {
        return Stream.of(
                arguments("a", "a/b"),
                arguments("a/b", "a/b/c/d"),
                arguments("Model", "model/weights.bin"),
                arguments("a/B", "A/b/c"));
    }

    @ParameterizedTest
    @MethodSource("fileAndFolder")
    void aFileCannotBeTheFolderOfAnother(String file, String inside) {
        List<List<ArtifactPath>> orders = List.of(
                List.of(ArtifactPath.of(file), ArtifactPath.of(inside)),
                List.of(ArtifactPath.of(inside), ArtifactPath.of(file)));

        for (List<ArtifactPath> paths : orders) {
            assertThatThrownBy(() -> ArtifactPath.checkTogether(paths))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("\"" + file + "\" is a file and also the folder of \"" + inside + "\"; rename one");
        }
    }

    @Test
    void pathsThatMerelyBeginAlikeStandTogether() {
        List<ArtifactPath> paths = Stream.of("a", "ab", "a.b/c", "a-b/c", "b/a", "b/a.b", "c/d/e", "c/f")
                .map(ArtifactPath::of)
                .toList();

        assertThatCode(() -> ArtifactPath.checkTogether(paths)).doesNotThrowAnyException();
        assertThatCode(() -> ArtifactPath.checkTogether(List.of())).doesNotThrowAnyException();
    }

    @Test
    void theSamePathTwiceIsRefused() {
        List<ArtifactPath> twice = List.of(ArtifactPath.of("a"), ArtifactPath.of("a"));

        assertThatThrownBy(() -> ArtifactPath.checkTogether(twice))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The files \"a\" and \"a\" would be the same file");
    }
}
