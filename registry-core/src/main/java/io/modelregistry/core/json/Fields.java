package io.modelregistry.core.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Typed access to the fields of a JSON object. Whatever is missing or of another type is a {@link MalformedException} that names the path. */
public final class Fields {
    private final Json.Obj object;
    private final String path;

    private Fields(Json.Obj object, String path) {
        this.object = object;
        this.path = path;
    }

    public static Fields of(Json.Obj object) {
        return new Fields(object, "");
    }

    public Json.Obj json() {
        return object;
    }

    public boolean has(String name) {
        Json value = object.fields().get(name);
        return value != null && !(value instanceof Json.Nil);
    }

    public String text(String name) {
        if (require(name) instanceof Json.Str string) {
            return string.value();
        }
        throw wrong(name, "a string");
    }

    public @Nullable String textOrNull(String name) {
        return has(name) ? text(name) : null;
    }

    public String textOr(String name, String absent) {
        return has(name) ? text(name) : absent;
    }

    public long number(String name) {
        return number(name, require(name));
    }

    public @Nullable Long numberOrNull(String name) {
        return has(name) ? Long.valueOf(number(name)) : null;
    }

    public double decimal(String name) {
        if (require(name) instanceof Json.Num number) {
            double value = Double.parseDouble(number.text());
            if (Double.isFinite(value)) {
                return value;
            }
        }
        throw wrong(name, "a finite number");
    }

    public Fields object(String name) {
        return new Fields(asObject(name, require(name)), at(name));
    }

    public @Nullable Fields objectOrNull(String name) {
        return has(name) ? object(name) : null;
    }

    /** An array of objects; empty when the field is absent. */
    public <T> List<T> objects(String name, Function<Fields, T> decode) {
        return elements(name).stream()
                .map(e -> decode.apply(new Fields(asObject(name, e), at(name))))
                .toList();
    }

    /** An array of strings; empty when the field is absent. */
    public List<String> texts(String name) {
        return elements(name).stream().map(e -> asText(name, e)).toList();
    }

    /** An array of integers; empty when the field is absent. */
    public List<Long> numbers(String name) {
        return elements(name).stream().map(e -> number(name, e)).toList();
    }

    /** An array of anything; empty when the field is absent. */
    public List<Json> elements(String name) {
        if (!has(name)) {
            return List.of();
        }
        if (require(name) instanceof Json.Arr array) {
            return array.elements();
        }
        throw wrong(name, "an array");
    }

    /** An object whose fields are all strings, in the order stored; empty when the field is absent. */
    public Map<String, String> textMap(String name) {
        return map(name, this::asText);
    }

    /** An object whose fields are all integers, in the order stored; empty when the field is absent. */
    public Map<String, Long> numberMap(String name) {
        return map(name, this::number);
    }

    /** An object whose fields are all arrays of strings; empty when the field is absent. */
    public Map<String, List<String>> textsMap(String name) {
        if (!has(name)) {
            return Map.of();
        }
        Fields inner = object(name);
        Map<String, List<String>> values = new LinkedHashMap<>();
        inner.object.fields().keySet().forEach(key -> values.put(key, inner.texts(key)));
        return values;
    }

    /** One of an enum's constants, stored in lower case with hyphens. */
    public <E extends Enum<E>> E constant(String name, Class<E> type) {
        String text = text(name);
        for (E constant : type.getEnumConstants()) {
            if (Constants.text(constant).equals(text)) {
                return constant;
            }
        }
        throw new MalformedException(at(name) + " is \"" + text + "\", which is none of its values");
    }

    public MalformedException wrong(String name, String expected) {
        return new MalformedException(at(name) + " is not " + expected);
    }

    private <V> Map<String, V> map(String name, java.util.function.BiFunction<String, Json, V> decode) {
        if (!has(name)) {
            return Map.of();
        }
        Map<String, V> values = new LinkedHashMap<>();
        asObject(name, require(name)).fields().forEach((key, value) -> values.put(key, decode.apply(name, value)));
        return values;
    }

    private Json require(String name) {
        Json value = object.fields().get(name);
        if (value == null) {
            throw new MalformedException(at(name) + " is missing");
        }
        return value;
    }

    private Json.Obj asObject(String name, Json value) {
        if (value instanceof Json.Obj found) {
            return found;
        }
        throw wrong(name, "an object");
    }

    private String asText(String name, Json value) {
        if (value instanceof Json.Str string) {
            return string.value();
        }
        throw wrong(name, "a string");
    }

    private long number(String name, Json value) {

        if (value instanceof Json.Num number) {
            try {
                return Long.parseLong(number.text());
            } catch (NumberFormatException e) {
                throw new MalformedException(at(name) + " is not an integer", e);
            }
        }
        throw wrong(name, "an integer");
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
