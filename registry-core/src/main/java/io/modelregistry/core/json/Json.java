package io.modelregistry.core.json;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A JSON value. Objects keep the order of their fields; numbers keep their text. */
public sealed interface Json {

    /** An object. */
    record Obj(Map<String, Json> fields) implements Json {
        public static final Obj EMPTY = new Obj(Map.of());
    }

    /** An array. */
    record Arr(List<Json> elements) implements Json {
        public Arr {
            elements = List.copyOf(elements);
        }
    }

    /** A string without lone surrogates. */
    record Str(String value) implements Json {}

    /** A number as it is written. */
    record Num(String text) implements Json {}

    /** {@code true} or {@code false}. */
    record Bool(boolean value) implements Json {}

    /** {@code null}. */
    record Nil() implements Json {}

    /** Starts an object. */
    static ObjectBuilder object() {
        return new ObjectBuilder();
    }

    static Json of(String value) {
        return new Str(value);
    }

    static Json of(long value) {
        return new Num(Long.toString(value));
    }

    /** The shortest text that reads back as this double; the same on every JDK, unlike {@link Double#toString(double)} before 19. */
    static Json of(double value) {
        return new Num(NumberOutput.toString(value, true));
    }

    static <T> Json array(Collection<T> values, Function<? super T, ? extends Json> encode) {
        return new Arr(values.stream().<Json>map(encode).toList());
    }

    /** An object with a field for each entry of the map, in the map's order. */
    static <V> Json object(Map<String, V> values, Function<? super V, ? extends Json> encode) {
        ObjectBuilder builder = object();
        values.forEach((name, value) -> builder.put(name, encode.apply(value)));
        return builder.build();
    }
}
