package io.modelregistry;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The grammar that names of models, environments and labels share. */
final class Names {
    static final String GRAMMAR = "[a-z0-9]([a-z0-9._-]{0,126}[a-z0-9])?";

    private static final Pattern PATTERN = Pattern.compile(GRAMMAR);
    /** Device names that Windows doesn't accept as a file name, with any extension. */
    private static final Set<String> DEVICES = Set.of(
            "con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
            "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    private Names() {}

    /** Refuses what isn't a name. The kind is for the message: {@code "a model name"}. */
    static void check(String kind, String name) {
        if (name.isEmpty()) {
            throw refused(kind, name, "it is empty");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean inner = c == '.' || c == '_' || c == '-';
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!alphanumeric && !(inner && i > 0 && i < name.length() - 1)) {
                throw refused(
                        kind, name, show(name.codePointAt(i)) + " at position " + (i + 1) + " is not allowed there");
            }
        }
        if (!PATTERN.matcher(name).matches()) {
            throw refused(kind, name, "it has " + name.length() + " characters");
        }
        if (name.contains("..")) {
            throw refused(kind, name, "it contains '..'");
        }
        String stem = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
        if (DEVICES.contains(stem)) {
            throw refused(kind, name, "'" + stem + "' is a device name on Windows");
        }
    }

    private static InvalidRequestException refused(String kind, String name, String why) {
        return new InvalidRequestException("Not " + kind + ": \"" + printable(name) + "\": " + why
                + ". It has 1 to 128 of a-z, 0-9, '.', '_', '-', and starts and ends with a letter or digit");
    }

    /** A code point so that a person can tell it from its look-alikes. */
    static String show(int codePoint) {
        String code = String.format(Locale.ROOT, "U+%04X", codePoint);
        return isPlain(codePoint) ? "'" + Character.toString(codePoint) + "' (" + code + ")" : code;
    }

    /** The text with everything that could disturb a terminal or a log replaced, and cut at 200 characters. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(200).forEach(c -> {
            if (isPlain(c)) {
                shown.appendCodePoint(c);
            } else {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
            }
        });
        return text.codePointCount(0, text.length()) > 200 ? shown + "…" : shown.toString();
    }

    static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
