package io.modelregistry.storage;

import java.util.regex.Pattern;

/** The grammar of {@link StorageBackend}'s keys. */
public final class KeyGrammar {
    public static final int MAX_KEY = 900;
    public static final int MAX_SEGMENT = 200;

    private static final String SEGMENT = "[a-z0-9][a-z0-9._-]{0," + (MAX_SEGMENT - 1) + "}";
    private static final Pattern KEY = Pattern.compile(SEGMENT + "(?:/" + SEGMENT + ")*+");

    private KeyGrammar() {}

    /** Whether a text is a key of one segment. */
    public static boolean isSegment(String text) {
        return isKey(text) && text.indexOf('/') < 0;
    }

    public static boolean isKey(String text) {
        return text.length() <= MAX_KEY && KEY.matcher(text).matches();
    }

    public static void requireKey(String key) {
        if (!isKey(key)) {
            throw new IllegalArgumentException("Not a storage key: \"" + key + "\": up to " + MAX_KEY
                    + " characters, segments of up to " + MAX_SEGMENT
                    + " of [a-z0-9._-] that start with a letter or digit, joined by /");
        }
    }

    public static void requirePrefix(String prefix) {
        if (!prefix.isEmpty() && !(prefix.endsWith("/") && isKey(prefix.substring(0, prefix.length() - 1)))) {
            throw new IllegalArgumentException("Not a prefix: \"" + prefix + "\": empty, or a storage key and a /");
        }
    }
}
