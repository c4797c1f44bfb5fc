package io.modelregistry.store.fs;

/** Which strings are keys: the grammar of {@link io.modelregistry.storage.StorageBackend}, and nothing that a path could escape by. */
final class KeyGrammar {
    private static final int MAX_KEY = 900;
    private static final int MAX_SEGMENT = 200;

    private KeyGrammar() {}

    static void requireKey(String key) {
        if (!isKey(key)) {
            throw new IllegalArgumentException(
                    "Not a key: \"" + key + "\": it has segments of a-z, 0-9, '.', '_' and '-', each"
                            + " beginning with a letter or digit and at most " + MAX_SEGMENT
                            + " characters long, joined by '/', and at most "
                            + MAX_KEY + " characters in all");
        }
    }

    static void requirePrefix(String prefix) {
        boolean folder = prefix.endsWith("/") && isKey(prefix.substring(0, prefix.length() - 1));
        if (!folder && !prefix.isEmpty()) {
            throw new IllegalArgumentException(
                    "Not a prefix: \"" + prefix + "\": it is empty, or a key followed by '/'");
        }
    }

    private static boolean isKey(String text) {
        return text.length() <= MAX_KEY && areSegments(text);
    }

    private static boolean areSegments(String text) {
        int start = 0;
        for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', start)) {
            if (!isSegment(text.substring(start, slash))) {
                return false;
            }
            start = slash + 1;
        }
        return isSegment(text.substring(start));
    }

    static boolean isSegment(String text) {
        if (text.isEmpty() || text.length() > MAX_SEGMENT || !isLetterOrDigit(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
}
