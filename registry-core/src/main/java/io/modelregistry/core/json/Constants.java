package io.modelregistry.core.json;

import java.util.Locale;

/** How an enum's constants are stored: in lower case with hyphens. */
public final class Constants {
    private Constants() {}

    public static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
