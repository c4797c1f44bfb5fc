package io.modelregistry;

/**
 * The name of an environment, such as {@code production} or {@code champion}: 1 to 128 of {@code a-z 0-9 . _ -}, starting and ending with a letter or digit, without {@code ..}, and not
 * one of Windows' device names. There is one spelling for each environment: upper case is refused, never folded.
 */
public record EnvironmentName(String value) implements Comparable<EnvironmentName> {
    public EnvironmentName {
        Names.check("an environment name", value);
    }

    public static EnvironmentName of(String value) {
        return new EnvironmentName(value);
    }

    @Override
    public int compareTo(EnvironmentName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
