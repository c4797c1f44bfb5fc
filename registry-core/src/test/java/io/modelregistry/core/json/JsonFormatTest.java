package io.modelregistry.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault 38: whatever stands in a store is read exactly or refused, in bounded time and memory. */
final class JsonFormatTest {
    private static final String NOT_JSON = "it is not the JSON expected: ";

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("", "there is no JSON value"),
                arguments(" \n\t", "there is no JSON value"),
                arguments("{} {}", "there is more after the JSON value"),
                arguments("{}x", NOT_JSON + "Unrecognized token 'x'"),
                arguments("1 2", "there is more after the JSON value"),
                arguments("{}\u0000", NOT_JSON + "Illegal character ((CTRL-CHAR, code 0))"),
                arguments("\ufeff{}", NOT_JSON + "Unexpected character ('\ufeff'"),
                arguments("{", NOT_JSON + "Unexpected end-of-input"),
                arguments("{\"a\":1", NOT_JSON + "Unexpected end-of-input"),
                arguments("[1,", NOT_JSON + "Unexpected end-of-input"),
                arguments("\"abc", NOT_JSON + "Unexpected end-of-input"),
                arguments("[1,]", NOT_JSON + "Unexpected character (']'"),
                arguments("{\"a\":1,}", NOT_JSON + "Unexpected character ('}'"),
                arguments("{\"a\" 1}", NOT_JSON + "Unexpected character ('1'"),
                arguments("{a:1}", NOT_JSON + "Unexpected character ('a'"),
                arguments("{'a':1}", NOT_JSON + "Unexpected character ('''"),
                arguments("[1 2]", NOT_JSON + "Unexpected character ('2'"),
                arguments("]", NOT_JSON + "Unexpected close marker ']'"),
                arguments("{]", NOT_JSON + "Unexpected close marker ']'"),
                arguments("/* comment */ 1", NOT_JSON + "Unexpected character ('/'"),
                arguments("// comment\n1", NOT_JSON + "Unexpected character ('/'"),
                arguments("tru", NOT_JSON + "Unrecognized token 'tru'"),
                arguments("TRUE", NOT_JSON + "Unrecognized token 'TRUE'"),
                arguments("NaN", NOT_JSON + "Non-standard token 'NaN'"),
                arguments("[Infinity]", NOT_JSON + "Non-standard token 'Infinity'"),
                arguments("[-Infinity]", NOT_JSON + "Non-standard token '-Infinity'"),
                arguments("[+1]", NOT_JSON + "Unexpected character ('+'"),
                arguments("[01]", NOT_JSON + "Invalid numeric value: Leading zeroes not allowed"),
                arguments("[-01]", NOT_JSON + "Invalid numeric value: Leading zeroes not allowed"),
                arguments("[.5]", NOT_JSON + "Unexpected character ('.'"),
                arguments("[1.]", NOT_JSON + "Unexpected character (']'"),
                arguments("[1e]", NOT_JSON + "Unexpected character (']'"),
                arguments("[-]", NOT_JSON + "Unexpected character (']'"),
                arguments("[0x1F]", NOT_JSON + "Unexpected character ('x'"),
                arguments("\"a\nb\"", NOT_JSON + "Illegal unquoted character ((CTRL-CHAR, code 10))"),
                arguments("\"\\x41\"", NOT_JSON + "Unrecognized character escape 'x'"),
                arguments("\"\\u12\"", NOT_JSON + "Unexpected character ('\"'"),
                arguments("{\"a\":1,\"a\":2}", NOT_JSON + "Duplicate field 'a'"),
                arguments("{\"a\":1,\"\\u0061\":2}", NOT_JSON + "Duplicate field 'a'"),
                arguments("{\"x\":{\"a\":1,\"b\":[],\"a\":1}}", NOT_JSON + "Duplicate field 'a'"),
                arguments("\"\\ud800\"", "it has a lone surrogate"),
                arguments("\"\\udc00\"", "it has a lone surrogate"),
                arguments("\"\\ud83dx\"", "it has a lone surrogate"),
                arguments("\"\\ude00\\ud83d\"", "it has a lone surrogate"),
                arguments("\"\\ude00\\ude00\"", "it has a lone surrogate"),
                arguments("\"\\ud83d\\ud83d\\ude00\"", "it has a lone surrogate"),
                arguments("{\"\\ud800\":1}", NOT_JSON + "Broken surrogate pair in field name"),
                arguments("{\"\\udc00\":1}", NOT_JSON + "Unexpected low surrogate in field name"));
    }

    @ParameterizedTest(name = "{index}: {1}")
    @MethodSource("malformed")
    void textThatIsNotExactlyOneValueIsRefused(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22eda08022", // U+D800 alone, as CESU-8 has it
                "22edb08022", // U+DC00 alone
                "22eda0bdedb88022", // a pair of them
                "22c0af22", // an overlong slash
                "22e28022", // a character cut off
                "22f09f98", // the end cut off
                "22f490808022", // beyond U+10FFFF
                "22ff22",
                "228022", // the middle of a character
                "fffe7b007d00" // UTF-16
            })
    void bytesThatAreNoUtf8AreRefused(String hex) {
        assertThatThrownBy(() -> JsonFormat.read(HexFormat.of().parseHex(hex)))
                .isInstanceOf(MalformedException.class)
                .hasMessage("it is not UTF-8");
    }

    @Test
    void everyTruncationOfADocumentIsRefused() {
        byte[] whole = "{\"a\":[1.5,true,null,\"é😀\\n\"],\"b\":{\"c\":{}}}".getBytes(StandardCharsets.UTF_8);

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> JsonFormat.read(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void thirtyTwoLevelsAreReadAndThirtyThreeRefused() {
        assertThat(read("[".repeat(32) + "]".repeat(32))).isInstanceOf(Json.Arr.class);
        assertThatThrownBy(() -> read("[".repeat(33) + "]".repeat(33)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("exceeds the maximum allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
    void aHundredThousandLevelsAreRefusedWithoutAStackOverflow(String opening) {
        assertThatThrownBy(() -> read(opening.repeat(100_000)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("exceeds the maximum allowed");
    }

    @Test
    void aNumberOfAHundredCharactersIsReadAndALongerOneRefused() {
        String longest = "1." + "3".repeat(98);

        assertThat(read(longest)).isEqualTo(new Json.Num(longest));
        for (String tooLong : List.of("1".repeat(101), "1".repeat(1_000_000), "0." + "1".repeat(1_000_000))) {
            assertThatThrownBy(() -> read("[" + tooLong + "]"))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("exceeds the maximum allowed");
        }
    }

    @Test
    void aStringOfThirtyMillionCharactersIsRefused() {
        byte[] huge = new byte[30_000_002];
        Arrays.fill(huge, (byte) 'x');
        huge[0] = '"';
        huge[huge.length - 1] = '"';

        assertThatThrownBy(() -> JsonFormat.read(huge))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("exceeds the maximum allowed");
    }

    @Test
    void aFieldNameOfAMillionCharactersIsRefused() {
        assertThatThrownBy(() -> read("{\"" + "x".repeat(1_000_000) + "\":1}"))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("exceeds the maximum allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "0.0",
                "-0.0",
                "1.0",
                "1.50",
                "0.10",
                "1e2",
                "1E+2",
                "1e-7",
                "1e999999999",
                "-1e-999999999",
                "123456789012345678901234567890",
                "9223372036854775808",
                "3.141592653589793238462643383279"
            })
    void aNumberKeepsItsText(String number) {
        Json value = read("[" + number + "]");

        assertThat(value).isEqualTo(new Json.Arr(List.of(new Json.Num(number))));
        assertThat(write(value)).isEqualTo("[" + number + "]");
    }

    @Test
    void fieldsAndElementsKeepTheirOrder() {
        String text = "{\"z\":1,\"a\":{\"2\":[],\"10\":[3,1,2],\"1\":null},\"m\":false,\"\":\"\"}";

        assertThat(write(read(text))).isEqualTo(text);
        assertThat(JsonFormat.readObject(utf8(text)).fields().keySet()).containsExactly("z", "a", "m", "");
    }

    @Test
    void spacesBetweenTokensAreOfNoMeaning() {
        assertThat(write(read(" {\n\t\"a\" : [ 1 , 2 ]\r\n} "))).isEqualTo("{\"a\":[1,2]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "\\u0041 A",
                "\\u00e9 é",
                "\\ud83d\\ude00 😀",
                "\\/ /",
                "\\b \\b",
                "\\u0000 \\u0000",
                "\\u001F \\u001F",
                "\\u007f \u007f",
                "\\u20ac €",
                "\\\" \\\"",
                "\\\\ \\\\",
                "\\n\\r\\t\\f \\n\\r\\t\\f"
            })
    void aStringIsWrittenInOneWay(String escaped, String written) {
        assertThat(write(read("\"" + escaped + "\""))).isEqualTo("\"" + written + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "null", "\"{}\""})
    void whatIsNoObjectIsRefusedWhereOneIsWanted(String text) {
        assertThatThrownBy(() -> JsonFormat.readObject(utf8(text)))
                .isInstanceOf(MalformedException.class)
                .hasMessage("it is not a JSON object");
    }

    @Test
    void whatIsReadCannotBeChanged() {
        Json.Obj object = JsonFormat.readObject(utf8("{\"a\":[1]}"));

        assertThat(object.fields()).isUnmodifiable();
        assertThat(((Json.Arr) object.fields().get("a")).elements()).isUnmodifiable();
        assertThat(Json.object().put("a", 1).build().fields()).isUnmodifiable();
    }

    @Test
    void whatWasWrittenIsReadAsItWasAndWrittenAgainTheSame() {
        SplittableRandom random = new SplittableRandom(20260101);
        for (int i = 0; i < 2_000; i++) {
            Json value = value(random, 0);

            byte[] written = JsonFormat.write(value);

            assertThat(JsonFormat.read(written)).isEqualTo(value);
            assertThat(JsonFormat.write(JsonFormat.read(written))).isEqualTo(written);
        }
    }

    private static Json value(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 5 ? 5 : 8)) {
            case 0 -> new Json.Nil();
            case 1 -> new Json.Bool(random.nextBoolean());
            case 2 -> Json.of(random.nextLong());
            case 3 -> Json.of(finite(random));
            case 4 -> new Json.Str(text(random));
            case 5, 6 -> {
                Map<String, Json> fields = new LinkedHashMap<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    fields.put(text(random), value(random, depth + 1));
                }
                yield new Json.Obj(fields);
            }
            default -> {
                List<Json> elements = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    elements.add(value(random, depth + 1));
                }
                yield new Json.Arr(elements);
            }
        };
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            int c = random.nextInt(4) == 0 ? random.nextInt(0x110000) : random.nextInt(0x100);
            text.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? '?' : c);
        }
        return text.toString();
    }

    private static double finite(SplittableRandom random) {
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) ? value : 0.5;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "-0.0, -0.0",
        "1, 1.0",
        "100, 100.0",
        "0.1, 0.1",
        "0.3, 0.3",
        "0.002, 0.002",
        "2e23, 2.0E23",
        "1e22, 1.0E22",
        "1234567, 1234567.0",
        "12345678, 1.2345678E7",
        "0.001, 0.001",
        "0.0001, 1.0E-4",
        "2.2250738585072014E-308, 2.2250738585072014E-308",
        "4.9E-324, 4.9E-324",
        "1.7976931348623157E308, 1.7976931348623157E308",
        "5.684341886080802E-14, 5.684341886080802E-14"
    })
    void aDoubleIsWrittenAsTheShortestTextThatReadsBackOnEveryJdk(double value, String text) {
        assertThat(Json.of(value)).isEqualTo(new Json.Num(text));
        assertThat(Double.doubleToLongBits(Double.parseDouble(text))).isEqualTo(Double.doubleToLongBits(value));
    }

    @Test
    void everyDoubleReadsBackExactly() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            double value = finite(random);

            double again = Double.parseDouble(((Json.Num) Json.of(value)).text());

            assertThat(Double.doubleToRawLongBits(again)).isEqualTo(Double.doubleToRawLongBits(value));
        }
    }

    @Test
    void numbersAreTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(write(Json.object().put("a", 1234567L).put("b", 0.5).build()))
                    .isEqualTo("{\"a\":1234567,\"b\":0.5}");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aMillionElementsAreReadInOneGo() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.write('[');
        byte[] element = utf8("0,");
        for (int i = 0; i < 1_000_000; i++) {
            text.writeBytes(element);
        }
        text.writeBytes(utf8("0]"));

        assertThat(((Json.Arr) JsonFormat.read(text.toByteArray())).elements()).hasSize(1_000_001);
    }

    private static Json read(String text) {
        return JsonFormat.read(utf8(text));
    }

    private static String write(Json value) {
        return new String(JsonFormat.write(value), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
