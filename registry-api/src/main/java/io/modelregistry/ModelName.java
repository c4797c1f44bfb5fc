package io.modelregistry;

/**
 * A model's name: 1 to 128 of {@code a-z 0-9 . _ -}, starting and ending with a letter or digit, without {@code ..}, and not
 * one of Windows' device names. There is one spelling for each model: upper case is refused, never folded.
 */
public record ModelName(String value) implements Comparable<ModelName> {
    public ModelName {
        Names.check("a model name", value);
    }

    public static ModelName of(String value) {
        return new ModelName(value);
    }

    @Override
    public int compareTo(ModelName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
