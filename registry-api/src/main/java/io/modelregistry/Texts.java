package io.modelregistry;

/** Checks on free text that ends up in entries. */
public final class Texts {
    private Texts() {}

    /**
     * Returns the text if it is at most so many characters long and all of them can be stored and printed.
     *
     * @param what for the message: {@code "reason"}
     */
    public static String check(String what, String text, int maxLength) {
        return check(what, text, maxLength, "\n\t");
    }

    /** As {@link #check}, for text of one line. */
    public static String line(String what, String text, int maxLength) {
        return check(what, text, maxLength, "");
    }

    private static String check(String what, String text, int maxLength, String alsoAllowed) {
        if (text.length() > maxLength) {
            throw new InvalidRequestException(
                    "The " + what + " has " + text.length() + " characters; at most " + maxLength + " are kept: \""
                            + Names.printable(text.substring(0, Math.min(60, text.length()))) + "…\"");
        }
        for (int i = 0; i < text.length(); i++) {
            int c = text.codePointAt(i);
            if (alsoAllowed.indexOf(c) < 0 && !Names.isPlain(c)) {
                throw new InvalidRequestException("The " + what + " has " + Names.show(c) + " at position " + (i + 1)
                        + ", which can't be printed safely: \"" + Names.printable(text) + "\"");
            }
            i += Character.charCount(c) - 1;
        }
        return text;
    }

    /** The text with what could disturb a terminal or a log made visible, and cut at 200 characters. */
    public static String printable(String text) {
        return Names.printable(text);
    }

    /** A code point so that a person can tell it from its look-alikes: {@code 'x' (U+0078)}. */
    public static String showCharacter(int codePoint) {
        return Names.show(codePoint);
    }
}
