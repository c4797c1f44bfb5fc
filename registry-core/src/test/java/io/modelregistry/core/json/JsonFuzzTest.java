package io.modelregistry.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.modelregistry.core.audit.GoldenFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text is refused, or is a value that is written and read back as it is. See {@code bin/fuzz}. */
final class JsonFuzzTest {
    private static final List<BiConsumer<Fields, String>> READERS = List.of(
            Fields::text,
            Fields::textOrNull,
            Fields::number,
            Fields::numberOrNull,
            Fields::decimal,
            Fields::object,
            Fields::objectOrNull,
            Fields::texts,
            Fields::numbers,
            Fields::elements,
            Fields::textMap,
            Fields::numberMap,
            Fields::textsMap,
            (fields, name) -> fields.objects(name, Fields::json),
            (fields, name) -> fields.constant(name, Thread.State.class));

    static Stream<byte[]> texts() throws IOException {
        Stream<byte[]> lines = GoldenFiles.tree("history/2").values().stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8)
                        .lines()
                        .findFirst()
                        .orElse(""))
                .map(line -> line.getBytes(StandardCharsets.UTF_8));
        Stream<String> odd = Stream.of(
                "[".repeat(40),
                "{\"a\":1e999999999,\"b\":-0.0,\"c\":[null,true,false]}",
                "{\"a\":1,\"a\":2}",
                "\"\\ud800\"",
                "\"\\ud83d\\ude00\\u0000\"",
                "\ufeff{}",
                "{} {}",
                "NaN");
        return Stream.concat(lines, odd.map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("texts")
    @FuzzTest
    void anyText(byte[] text) {
        Json value;
        try {
            value = JsonFormat.read(text);
        } catch (MalformedException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        byte[] written = JsonFormat.write(value);
        assertThat(JsonFormat.read(written)).isEqualTo(value);
        assertThat(JsonFormat.write(JsonFormat.read(written))).isEqualTo(written);
        assertThat(written).doesNotContain('\n', '\r');
        if (value instanceof Json.Obj object) {
            object.fields().keySet().forEach(name -> readers(Fields.of(object), name));
            readers(Fields.of(object), "not there");
        }
    }

    private static void readers(Fields fields, String name) {
        for (BiConsumer<Fields, String> reader : READERS) {
            try {
                reader.accept(fields, name);
            } catch (MalformedException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }
}
