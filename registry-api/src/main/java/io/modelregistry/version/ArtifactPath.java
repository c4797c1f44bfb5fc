package io.modelregistry.version;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A file's path inside an artifact: relative, {@code /} between segments, one spelling on every operating system.
 *
 * <p>Refused, because some system would write it elsewhere or not at all: empty segments, {@code .} and {@code ..}, absolute
 * paths, drive letters and other uses of {@code < > : " | ? * \}, control, formatting and bidirectional characters, lone
 * surrogates, look-alikes of dots and slashes, percent-encoded dots and slashes, segments that end in a dot or space, Windows'
 * device names, text that isn't in Unicode normal form C, segments over 255 and paths over 1,024 UTF-8 bytes.
 */
public record ArtifactPath(String value) implements Comparable<ArtifactPath> {
    private static final int MAX_BYTES = 1024;
    private static final int MAX_SEGMENT_BYTES = 255;
    private static final String RESERVED = "<>:\"|?*\\";
    /** One dot leader, two dot leader, ellipsis, fullwidth and small full stop, fullwidth slashes, division and fraction slash. */
    private static final String LOOK_ALIKES = "\u2024\u2025\u2026\uFF0E\uFE52\uFF0F\uFF3C\u2215\u2044\u29F8\uFE68";

    private static final Set<String> DEVICES = Set.of(
            "con",
            "prn",
            "aux",
            "nul",
            "conin$",
            "conout$",
            "com0",
            "com1",
            "com2",
            "com3",
            "com4",
            "com5",
            "com6",
            "com7",
            "com8",
            "com9",
            "com\u00b9",
            "com\u00b2",
            "com\u00b3",
            "lpt0",
            "lpt1",
            "lpt2",
            "lpt3",
            "lpt4",
            "lpt5",
            "lpt6",
            "lpt7",
            "lpt8",
            "lpt9",
            "lpt\u00b9",
            "lpt\u00b2",
            "lpt\u00b3");

    public ArtifactPath {
        if (value.isEmpty()) {
            throw refused(value, "it is empty");
        }
        checkCharacters(value);
        if (value.startsWith("/")) {
            throw refused(value, "it is absolute; it starts with '/'");
        }
        if (value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw refused(value, "it is longer than " + MAX_BYTES + " bytes");
        }
        for (String segment : value.split("/", -1)) {
            checkSegment(value, segment);
        }
    }

    public static ArtifactPath of(String value) {
        return new ArtifactPath(value);
    }

    /** Refuses paths that can't stand beside each other on every system: equal but for case, or one a file and a folder of another. */
    public static void checkTogether(Collection<ArtifactPath> paths) {
        Map<String, String> spellings = new HashMap<>();
        for (ArtifactPath path : paths) {
            String before = spellings.put(fold(path.value), path.value);
            if (before != null) {
                throw new InvalidRequestException("The files \"" + Texts.printable(before) + "\" and \""
                        + Texts.printable(path.value)
                        + "\" would be the same file on a system that ignores case; rename one");
            }
        }
        for (ArtifactPath path : paths) {
            for (int slash = path.value.indexOf('/'); slash > 0; slash = path.value.indexOf('/', slash + 1)) {
                String file = spellings.get(fold(path.value.substring(0, slash)));
                if (file != null) {
                    throw new InvalidRequestException(
                            "\"" + Texts.printable(file) + "\" is a file and also the folder of \""
                                    + Texts.printable(path.value) + "\"; rename one");
                }
            }
        }
    }

    @Override
    public int compareTo(ArtifactPath other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static String fold(String text) {
        // from lower case again: only then is a capital sharp s the same as a small one, and both the same as ss
        return text.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private static void checkCharacters(String value) {
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            boolean unprintable = switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> true;
                default -> false;
            };
            if (unprintable || RESERVED.indexOf(c) >= 0 || LOOK_ALIKES.indexOf(c) >= 0) {
                throw refused(value, Texts.showCharacter(c) + " at position " + (i + 1) + " is not allowed");
            }
            i += Character.charCount(c);
        }
        String lower = value.toLowerCase(Locale.ROOT);
        if (lower.contains("%2e") || lower.contains("%2f") || lower.contains("%5c") || lower.contains("%00")) {
            throw refused(value, "it has a percent-encoded dot, slash or NUL");
        }
        if (!Normalizer.isNormalized(value, Normalizer.Form.NFC)) {
            throw refused(
                    value, "it is not in Unicode normal form C; some file systems would store it under another name");
        }
    }

    private static void checkSegment(String path, String segment) {
        if (segment.isEmpty()) {
            throw refused(path, "it has an empty segment ('//' or a '/' at the end)");
        }
        if (segment.equals(".") || segment.equals("..")) {
            throw refused(path, "it has a segment '" + segment + "'");
        }
        if (segment.endsWith(".") || segment.endsWith(" ") || segment.startsWith(" ")) {
            throw refused(path, "segment \"" + segment + "\" starts or ends with a space, or ends with a dot");
        }
        if (segment.getBytes(StandardCharsets.UTF_8).length > MAX_SEGMENT_BYTES) {
            throw refused(path, "a segment is longer than " + MAX_SEGMENT_BYTES + " bytes");
        }
        String stem = segment.contains(".") ? segment.substring(0, segment.indexOf('.')) : segment;
        if (DEVICES.contains(stem.stripTrailing().toLowerCase(Locale.ROOT))) {
            throw refused(path, "\"" + stem + "\" is a device name on Windows");
        }
    }

    private static InvalidRequestException refused(String path, String why) {
        return new InvalidRequestException(
                "Not a path for a file of an artifact: \"" + Texts.printable(path) + "\": " + why);
    }
}
