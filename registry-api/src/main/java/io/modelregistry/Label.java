package io.modelregistry;

/**
 * A fixed name for one version of a model, such as {@code 1.4.0}: the grammar of a {@link ModelName}, with at least one character that is not
 * a digit, so that it is never taken for a version number. Once claimed it names its version for ever.
 */
public record Label(String value) {
    public Label {
        Names.check("a label", value);
        if (value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new InvalidRequestException("Not a label: \"" + value
                    + "\": it has digits only, which would be a version number; add a letter or a dot, as in \"v"
                    + value + "\"");
        }
    }

    public static Label of(String value) {
        return new Label(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
