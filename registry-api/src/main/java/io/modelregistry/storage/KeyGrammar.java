package io.modelregistry.storage;

/** The grammar of {@link StorageBackend}'s keys. */
public final class KeyGrammar {
    public static final int MAX_KEY = 900;
    public static final int MAX_SEGMENT = 200;

    private KeyGrammar() {}

    /** Whether a text is a key of one segment. */
    public static boolean isSegment(String text) {
        return isKey(text) && text.indexOf('/') < 0;
    }

    public static boolean isKey(String text) {
        int segment = 0; // how long it is so far
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean fits = isAlphanumeric(c) || (segment > 0 && (c == '.' || c == '_' || c == '-'));
            if (c == '/' && segment > 0) {
                segment = 0;
            } else if (!fits || ++segment > MAX_SEGMENT) {
                return false;
            }
        }
        return segment > 0 && text.length() <= MAX_KEY;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
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
