package io.modelregistry.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class FieldsTest {
    private static final Fields FIELDS = fields("""
            {"text":"a","number":7,"decimal":0.5,"huge":1e999999999,"long":9223372036854775808,"nil":null,
             "texts":["b","c"],"numbers":[1,2],"mixed":[1,"x"],"constant":"at-first",
             "object":{"inner":{"text":1},"map":{"z":1,"a":2},"texts":{"k":["v"]}},
             "objects":[{"text":"d"},{"text":null}]}
            """);

    private enum Sample {
        AT_FIRST,
        LAST
    }

    @Test
    void aFieldIsReadAsItsType() {
        assertThat(FIELDS.text("text")).isEqualTo("a");
        assertThat(FIELDS.number("number")).isEqualTo(7);
        assertThat(FIELDS.decimal("decimal")).isEqualTo(0.5);
        assertThat(FIELDS.decimal("number")).isEqualTo(7.0);
        assertThat(FIELDS.texts("texts")).containsExactly("b", "c");
        assertThat(FIELDS.numbers("numbers")).containsExactly(1L, 2L);
        assertThat(FIELDS.constant("constant", Sample.class)).isEqualTo(Sample.AT_FIRST);
        assertThat(FIELDS.object("object").numberMap("map")).containsExactly(Map.entry("z", 1L), Map.entry("a", 2L));
        assertThat(FIELDS.object("object").textsMap("texts")).containsExactly(Map.entry("k", List.of("v")));
        assertThat(FIELDS.elements("mixed")).containsExactly(new Json.Num("1"), new Json.Str("x"));
    }

    @Test
    void nullIsAsGoodAsAbsentWhereAbsenceIsAllowed() {
        for (String absent : List.of("nil", "nowhere")) {
            assertThat(FIELDS.has(absent)).isFalse();
            assertThat(FIELDS.textOrNull(absent)).isNull();
            assertThat(FIELDS.textOr(absent, "x")).isEqualTo("x");
            assertThat(FIELDS.numberOrNull(absent)).isNull();
            assertThat(FIELDS.objectOrNull(absent)).isNull();
            assertThat(FIELDS.texts(absent)).isEmpty();
            assertThat(FIELDS.numbers(absent)).isEmpty();
            assertThat(FIELDS.elements(absent)).isEmpty();
            assertThat(FIELDS.textMap(absent)).isEmpty();
            assertThat(FIELDS.numberMap(absent)).isEmpty();
            assertThat(FIELDS.textsMap(absent)).isEmpty();
            assertThat(FIELDS.objects(absent, f -> f)).isEmpty();
        }
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong(f -> f.text("nowhere"), "nowhere is missing"),
                wrong(f -> f.text("nil"), "nil is not a string"),
                wrong(f -> f.text("number"), "number is not a string"),
                wrong(f -> f.textOrNull("number"), "number is not a string"),
                wrong(f -> f.number("nowhere"), "nowhere is missing"),
                wrong(f -> f.number("text"), "text is not an integer"),
                wrong(f -> f.number("decimal"), "decimal is not an integer"),
                wrong(f -> f.number("huge"), "huge is not an integer"),
                wrong(f -> f.number("long"), "long is not an integer"),
                wrong(f -> f.decimal("huge"), "huge is not a finite number"),
                wrong(f -> f.decimal("text"), "text is not a finite number"),
                wrong(f -> f.object("texts"), "texts is not an object"),
                wrong(f -> f.object("nowhere"), "nowhere is missing"),
                wrong(f -> f.texts("text"), "text is not an array"),
                wrong(f -> f.texts("mixed"), "mixed is not a string"),
                wrong(f -> f.numbers("mixed"), "mixed is not an integer"),
                wrong(f -> f.objects("texts", x -> x), "texts is not an object"),
                wrong(f -> f.textMap("texts"), "texts is not an object"),
                wrong(f -> f.object("object").textMap("map"), "object.map is not a string"),
                wrong(f -> f.object("object").object("inner").text("text"), "object.inner.text is not a string"),
                wrong(f -> f.objects("objects", x -> x.text("text")), "objects.text is not a string"),
                wrong(f -> f.object("object").textsMap("map"), "object.map.z is not an array"),
                wrong(f -> f.constant("text", Sample.class), "text is \"a\", which is none of its values"));
    }

    private static Arguments wrong(Consumer<Fields> read, String message) {
        return arguments(read, message);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("wrong")
    void aFieldThatIsMissingOrOfAnotherTypeIsNamedWithItsPath(Consumer<Fields> read, String message) {
        assertThatThrownBy(() -> read.accept(FIELDS))
                .isInstanceOf(MalformedException.class)
                .hasMessage(message);
    }

    @Test
    void whatABuilderIsGivenStandsInItsOrder() {
        Json.Obj built = Json.object()
                .put("b", "x")
                .put("a", 1)
                .optional("none", (String) null)
                .optional("no number", (Long) null)
                .optional("nothing", (Object) null, o -> Json.of("never"))
                .optionalArray("empty", List.<String>of(), Json::of)
                .optionalObject("no fields", Map.<String, String>of(), Json::of)
                .optionalArray("list", List.of(2L), Json::of)
                .put("null", new Json.Nil())
                .keep(Map.of("a", Json.of(9)))
                .keep(Map.of("z", Json.of(3)))
                .build();

        assertThat(new String(JsonFormat.write(built), StandardCharsets.UTF_8))
                .isEqualTo("{\"b\":\"x\",\"a\":1,\"list\":[2],\"null\":null,\"z\":3}");
    }

    private static Fields fields(String json) {
        return Fields.of(JsonFormat.readObject(json.getBytes(StandardCharsets.UTF_8)));
    }
}
