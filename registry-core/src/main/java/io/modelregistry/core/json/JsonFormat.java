package io.modelregistry.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes JSON text. Thread-safe. */
public final class JsonFormat {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 100;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .build())
            .build();

    private JsonFormat() {}

    /**
     * Reads one JSON value that is all of the text.
     *
     * @throws MalformedException for anything else: broken UTF-8, a byte-order mark, lone surrogates, a field named twice, more
     *     than {@value #MAX_DEPTH} levels, numbers over {@value #MAX_NUMBER_LENGTH} characters, text after the value
     */
    public static Json read(byte[] utf8) {
        try (JsonParser parser = FACTORY.createParser(decode(utf8))) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new MalformedException("there is no JSON value");
            }
            Json value = value(parser, first);
            if (parser.nextToken() != null) {
                throw new MalformedException("there is more after the JSON value");
            }
            return value;
        } catch (CharacterCodingException e) {
            throw new MalformedException("it is not UTF-8", e);
        } catch (IOException e) {
            throw new MalformedException("it is not the JSON expected: " + firstLine(e), e);
        }
    }

    /** Reads one JSON object that is all of the text. */
    public static Json.Obj readObject(byte[] utf8) {
        if (read(utf8) instanceof Json.Obj object) {
            return object;
        }
        throw new MalformedException("it is not a JSON object");
    }

    /** Writes a value on one line, without spaces, in UTF-8. Equal values give equal bytes. */
    public static byte[] write(Json value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            write(value, generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Writes a value for people to read, over several lines. */
    public static String indented(Json value) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            generator.setPrettyPrinter(
                    new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter));
            write(value, generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private static String decode(byte[] utf8) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(utf8))
                .toString();
    }

    private static Json value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> new Json.Str(paired(parser.getText()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(parser.getText());
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> new Json.Nil();
            default -> throw new MalformedException("it has " + token + " where a value belongs");
        };
    }

    private static Json object(JsonParser parser) throws IOException {
        Map<String, Json> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = paired(parser.currentName());
            fields.put(name, value(parser, parser.nextToken()));
        }
        return new Json.Obj(Collections.unmodifiableMap(fields));
    }

    private static Json array(JsonParser parser) throws IOException {
        List<Json> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements.add(value(parser, token));
        }
        return new Json.Arr(elements);
    }

    private static String paired(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new MalformedException("it has a lone surrogate");
                }
                i++;
            }
        }
        return text;
    }

    private static void write(Json value, JsonGenerator generator) throws IOException {
        if (value instanceof Json.Obj object) {
            generator.writeStartObject();
            for (Map.Entry<String, Json> field : object.fields().entrySet()) {
                generator.writeFieldName(field.getKey());
                write(field.getValue(), generator);
            }
            generator.writeEndObject();
        } else if (value instanceof Json.Arr array) {
            generator.writeStartArray();
            for (Json element : array.elements()) {
                write(element, generator);
            }
            generator.writeEndArray();
        } else if (value instanceof Json.Str string) {
            generator.writeString(string.value());
        } else if (value instanceof Json.Num number) {
            generator.writeNumber(number.text());
        } else if (value instanceof Json.Bool bool) {
            generator.writeBoolean(bool.value());
        } else {
            generator.writeNull();
        }
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).split("\n", 2)[0];
    }
}
