package io.modelregistry.core.json;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builds a JSON object field by field. What is null or empty is left out by the {@code optional} methods. Not thread-safe. */
public final class ObjectBuilder {
    private final Map<String, Json> fields = new LinkedHashMap<>();

    ObjectBuilder() {}

    public ObjectBuilder put(String name, Json value) {
        fields.put(name, value);
        return this;
    }

    public ObjectBuilder put(String name, String value) {
        return put(name, Json.of(value));
    }

    public ObjectBuilder put(String name, long value) {
        return put(name, Json.of(value));
    }

    public ObjectBuilder put(String name, double value) {
        return put(name, Json.of(value));
    }

    public ObjectBuilder optional(String name, @Nullable String value) {
        return value == null ? this : put(name, value);
    }

    public ObjectBuilder optional(String name, @Nullable Long value) {
        return value == null ? this : put(name, value.longValue());
    }

    public <T> ObjectBuilder optional(String name, @Nullable T value, Function<? super T, ? extends Json> encode) {
        return value == null ? this : put(name, encode.apply(value));
    }

    public <T> ObjectBuilder optionalArray(
            String name, Collection<T> values, Function<? super T, ? extends Json> encode) {
        return values.isEmpty() ? this : put(name, Json.array(values, encode));
    }

    public <V> ObjectBuilder optionalObject(
            String name, Map<String, V> values, Function<? super V, ? extends Json> encode) {
        return values.isEmpty() ? this : put(name, Json.object(values, encode));
    }

    /** Adds the fields of another object whose names aren't taken: what a newer release wrote survives a rewrite. */
    public ObjectBuilder keep(Map<String, Json> others) {
        others.forEach(fields::putIfAbsent);
        return this;
    }

    public Json.Obj build() {
        return new Json.Obj(Collections.unmodifiableMap(new LinkedHashMap<>(fields)));
    }
}
