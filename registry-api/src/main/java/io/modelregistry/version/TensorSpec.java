package io.modelregistry.version;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One named input or output of a model.
 *
 * @param name 1 to 200 characters
 * @param shape the size of each dimension, {@value #ANY} for one that may vary; empty for a scalar. A column of a table is {@code [-1]}
 */
public record TensorSpec(String name, DataType type, List<Long> shape) {
    /** A dimension of any size. */
    public static final long ANY = -1;

    public TensorSpec {
        if (name.isBlank()) {
            throw new InvalidRequestException("The name of an input or output is blank");
        }
        Texts.line("name of an input or output", name, 200);
        shape = List.copyOf(shape);
        for (long size : shape) {
            if (size < ANY) {
                throw new InvalidRequestException(
                        "Dimension " + size + " of " + name + " is not a size; use " + ANY + " for one that may vary");
            }
        }
    }

    public static TensorSpec tensor(String name, DataType type, long... shape) {
        return new TensorSpec(name, type, java.util.Arrays.stream(shape).boxed().toList());
    }

    /** A column of a table: any number of rows. */
    public static TensorSpec column(String name, DataType type) {
        return tensor(name, type, ANY);
    }

    /** {@code float32[?, 30]} */
    public String typeAndShape() {
        String sizes =
                shape.stream().map(n -> n == ANY ? "?" : Long.toString(n)).collect(Collectors.joining(", "));
        return type.name().toLowerCase(java.util.Locale.ROOT) + "[" + sizes + "]";
    }
}
