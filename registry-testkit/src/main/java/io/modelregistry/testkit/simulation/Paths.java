package io.modelregistry.testkit.simulation;

/** Keys as docs/format.md has them. Spelled here a second time on purpose: what the registry writes is judged by the format, not by its own code. */
final class Paths {
    static final String REGISTRY = "registry.json";
    static final String HINTS = "hints/";
    static final String VERSIONS = "versions/";
    static final String BLOBS = "blobs/";
    static final String PROBE = "probe/";
    static final String NOTES = "notes/";
    /** Stands for all streams at once. */
    static final String FEED = "feed";

    static final String POLICY = "policy";

    private static final int SUFFIX = "0000000001.json".length();

    private Paths() {}

    static String model(String model) {
        return "models/" + model;
    }

    static String versions(String model) {
        return "versions/" + model;
    }

    static String label(String model, String label) {
        return "labels/" + model + "/" + label;
    }

    static String evaluations(String model, long version) {
        return ofVersion("evaluations", model, version);
    }

    static String submissions(String model, long version) {
        return ofVersion("submissions", model, version);
    }

    static String reviews(String model, long version) {
        return ofVersion("reviews", model, version);
    }

    /** One of the streams that each version has. */
    static String ofVersion(String stream, String model, long version) {
        return stream + "/" + model + "/" + digits(version);
    }

    static String environment(String environment, String model) {
        return "environments/" + environment + "/" + model;
    }

    static String blob(String model, String sha256) {
        return BLOBS + model + "/sha256/" + sha256;
    }

    static String note(String model, String id) {
        return NOTES + model + "/" + id;
    }

    static String hint(String stream) {
        return HINTS + stream + ".json";
    }

    static String entry(String stream, long sequence) {
        return stream + "/" + digits(sequence) + ".json";
    }

    /** Whether a key is an entry's: neither a hint, a blob, a note, a probe nor the registry's identity. */
    static boolean isEntry(String key) {
        return !key.startsWith(HINTS)
                && !key.startsWith(BLOBS)
                && !key.startsWith(NOTES)
                && !key.startsWith(PROBE)
                && !key.equals(REGISTRY);
    }

    static String streamOf(String entryKey) {
        return entryKey.substring(0, entryKey.length() - SUFFIX - 1);
    }

    static long sequenceOf(String entryKey) {
        return Long.parseLong(entryKey.substring(entryKey.length() - SUFFIX, entryKey.length() - ".json".length()));
    }

    static String segment(String stream, int index) {
        return stream.split("/", -1)[index];
    }

    private static String digits(long number) {
        String digits = Long.toString(number); // a formatter would take a tenth of a schedule's time
        return "0000000000".substring(digits.length()) + digits;
    }
}
