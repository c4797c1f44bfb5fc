package io.modelregistry.core.log;

import io.modelregistry.Digest;
import io.modelregistry.EnvironmentName;
import io.modelregistry.Label;
import io.modelregistry.ModelName;
import io.modelregistry.NoteId;
import io.modelregistry.VersionId;
import io.modelregistry.storage.KeyGrammar;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Every key of a registry; no key is spelled elsewhere. A key's first segment is the authority it takes to write it, so that plain bucket
 * policies decide who may do what.
 */
public final class KeyLayout {
    /** Names the registry; created once. */
    public static final String REGISTRY = "registry.json";

    public static final String MODELS = "models/";
    public static final String VERSIONS = "versions/";
    public static final String LABELS = "labels/";
    public static final String EVALUATIONS = "evaluations/";
    public static final String ASSESSMENTS = "assessments/";
    public static final String SUBMISSIONS = "submissions/";
    public static final String REVIEWS = "reviews/";
    public static final String ENVIRONMENTS = "environments/";
    public static final String COLLECTOR = "gc/";
    public static final String BLOBS = "blobs/";
    public static final String HINTS = "hints/";
    public static final String NOTES = "notes/";
    public static final String PROBE = "probe/";
    public static final StreamName POLICY = new StreamName("policy");

    /** Authorities whose keys are entries of streams. The ones that this release doesn't write are verified all the same. */
    public static final List<String> STREAM_AUTHORITIES = List.of(
            MODELS, VERSIONS, LABELS, EVALUATIONS, ASSESSMENTS, SUBMISSIONS, REVIEWS, ENVIRONMENTS, "policy/", "gc/");

    /** Authorities whose keys are reserved for features of other releases. */
    public static final List<String> OTHER_AUTHORITIES = List.of("intents/", NOTES);

    /** The largest sequence number that fits its ten digits. */
    public static final long MAX_SEQUENCE = 9_999_999_999L;

    private static final int DIGITS = 10;
    private static final String ENTRY_SUFFIX = ".json";

    private KeyLayout() {}

    public static StreamName model(ModelName model) {
        return new StreamName(MODELS + model);
    }

    public static StreamName versions(ModelName model) {
        return new StreamName(VERSIONS + model);
    }

    public static StreamName label(ModelName model, Label label) {
        return new StreamName(LABELS + model + "/" + label);
    }

    public static StreamName evaluations(VersionId version) {
        return new StreamName(EVALUATIONS + ofVersion(version));
    }

    public static StreamName assessments(VersionId version) {
        return new StreamName(ASSESSMENTS + ofVersion(version));
    }

    public static StreamName submissions(VersionId version) {
        return new StreamName(SUBMISSIONS + ofVersion(version));
    }

    public static StreamName reviews(VersionId version) {
        return new StreamName(REVIEWS + ofVersion(version));
    }

    public static StreamName environment(EnvironmentName environment, ModelName model) {
        return new StreamName(ENVIRONMENTS + environment + "/" + model);
    }

    public static String blob(ModelName model, Digest digest) {
        return blobs(model) + digest.hex();
    }

    /** The prefix of a model's blobs. */
    public static String blobs(ModelName model) {
        return BLOBS + model + "/sha256/";
    }

    public static String note(ModelName model, NoteId id) {
        return NOTES + model + "/" + id;
    }

    public static String hint(StreamName stream) {
        return HINTS + stream + ENTRY_SUFFIX;
    }

    public static String probe(String id) {
        return PROBE + id;
    }

    public static String entry(StreamName stream, long sequence) {
        if (sequence < 1 || sequence > MAX_SEQUENCE) {
            throw new IllegalArgumentException("No entry has the sequence number " + sequence);
        }
        return stream.prefix() + digits(sequence) + ENTRY_SUFFIX;
    }

    /** The sequence number in a key of this stream; empty for a key that is not an entry of it. */
    public static OptionalLong sequence(StreamName stream, String key) {
        int length = stream.prefix().length() + DIGITS + ENTRY_SUFFIX.length();
        if (key.length() != length || !key.startsWith(stream.prefix()) || !key.endsWith(ENTRY_SUFFIX)) {
            return OptionalLong.empty();
        }
        String digits = key.substring(stream.prefix().length(), stream.prefix().length() + DIGITS);
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalLong.empty();
        }
        long sequence = Long.parseLong(digits);
        return sequence == 0 ? OptionalLong.empty() : OptionalLong.of(sequence);
    }

    /** The stream that a key is an entry of; empty for any other key. */
    public static Optional<StreamName> stream(String key) {
        int slash = key.lastIndexOf('/');
        if (slash < 0 || !KeyGrammar.isKey(key) || !isStream(key.substring(0, slash))) {
            return Optional.empty();
        }
        StreamName stream = new StreamName(key.substring(0, slash));
        return sequence(stream, key).isPresent() ? Optional.of(stream) : Optional.empty();
    }

    /** Whether a stream is written by reviewers, releasers or administrators rather than by contributors. */
    static boolean isJudge(String streamPath) {
        return streamPath.startsWith(REVIEWS)
                || streamPath.startsWith(ENVIRONMENTS)
                || streamPath.startsWith(ASSESSMENTS)
                || streamPath.equals(POLICY.path())
                || streamPath.startsWith(COLLECTOR);
    }

    /** Whether a path has the shape of its authority's streams. */
    private static boolean isStream(String path) {
        String[] segments = path.split("/", -1);
        return switch (segments[0] + "/") {
            case "policy/" -> segments.length == 1;
            case MODELS, VERSIONS, COLLECTOR -> segments.length == 2;
            case LABELS, ENVIRONMENTS -> segments.length == 3;
            case EVALUATIONS, ASSESSMENTS, SUBMISSIONS, REVIEWS ->
                segments.length == 3 && segments[2].matches("[0-9]{10}") && Long.parseLong(segments[2]) > 0;
            default -> false;
        };
    }

    /** The last segment of a folder or key: {@code b} of {@code a/b/} and of {@code a/b}. */
    public static String lastSegment(String path) {
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    private static String ofVersion(VersionId version) {
        return version.model() + "/" + digits(version.number());
    }

    private static String digits(long number) {
        String digits =
                Long.toString(number); // ASCII in every locale, and a formatter is slow enough to be seen in profiles
        return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }
}
