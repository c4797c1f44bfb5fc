package io.modelregistry.testkit.simulation;

import static io.modelregistry.testkit.simulation.Ledger.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges copies of another registry's versions: there is one of each original, it cites it, and what was found out about that is cited word for word, in order and
 * once. Whoever is told that it is done finds everything there that stood at the origin when he asked.
 */
final class CopyLaws {
    private static final String EVALUATIONS = "evaluations";
    private static final String ASSESSMENTS = "assessments";
    private static final List<String> CITED = List.of(ASSESSMENTS, "submissions", "reviews");

    private final Ledger ledger;
    private final List<Ledger> origins;

    /** @param origins what stands in the other registry, at each of its moments */
    CopyLaws(Ledger ledger, List<Ledger> origins) {
        this.ledger = ledger;
        this.origins = origins;
    }

    /** The moment at which a copier sees the other registry. */
    static int moment(Intent intent) {
        return intent.content() & 1;
    }

    static boolean vouches(Intent intent) {
        return (intent.content() & 2) != 0;
    }

    private static boolean isCopy(@Nullable Intent intent) {
        return intent != null && intent.kind() == Kind.COPY;
    }

    private LedgerEntry original(Intent intent) {
        return origins.get(moment(intent)).entry(Paths.versions(Origin.MODEL), intent.version());
    }

    /**
     * Judges a version as it comes into being.
     *
     * @param intent whose it is; null for nobody's
     */
    void checkVersion(LedgerEntry version, @Nullable Intent intent) {
        JsonNode cited = version.state().path("provenance").path("copiedFrom");
        require("copy", version, "cites an original:", isCopy(intent), !cited.isMissingNode());
        if (intent == null || !isCopy(intent)) {
            return;
        }
        LedgerEntry original = original(intent);
        require(
                "copy",
                version,
                "is of version",
                intent.version(),
                cited.path("version").asLong());
        require(
                "copy",
                version,
                "is of a version of",
                original.json().path("registry").asText(),
                cited.path("registry").asText());
        require(
                "copy",
                version,
                "cites the entry",
                original.sha256(),
                cited.path("sha256").asText());
        require(
                "copy",
                version,
                "has the files",
                original.state().path("artifact").path("manifest"),
                version.state().path("artifact").path("manifest"));
        List<LedgerEntry> copies = ledger.entries(version.stream()).stream()
                .filter(other -> isOf(other, original))
                .toList();
        require("copy", version, "is the only one of its original", List.of(version), copies);
    }

    static boolean isCopy(LedgerEntry version) {
        return version.state().path("provenance").has("copiedFrom");
    }

    private static boolean isOf(LedgerEntry version, LedgerEntry original) {
        return version.state()
                .path("provenance")
                .path("copiedFrom")
                .path("sha256")
                .asText()
                .equals(original.sha256());
    }

    /** Whether an entry says of a copy what was found out about its original. */
    boolean isLater(LedgerEntry entry, Intent intent) {
        String first = Paths.segment(entry.stream(), 0);
        return isCopy(intent)
                && (first.equals(EVALUATIONS) || first.equals(ASSESSMENTS))
                && Paths.segment(entry.stream(), 1).equals(intent.model())
                && isOf(version(entry), original(intent));
    }

    private LedgerEntry version(LedgerEntry later) {
        String model = Paths.segment(later.stream(), 1);
        return ledger.entry(Paths.versions(model), Long.parseLong(Paths.segment(later.stream(), 2)));
    }

    /** Judges an entry of a version's evaluations or assessments as it comes into being. */
    void checkLater(LedgerEntry entry, @Nullable Intent intent) {
        if (entry.change().equals("cite")) {
            require("copy", entry, "is a copier's:", true, isCopy(intent));
            checkCited(entry, Objects.requireNonNull(intent));
        }
        if (intent == null || !isCopy(intent)) {
            return;
        }
        require("copy", entry, "is about a copy:", true, isLater(entry, intent));
        String first = Paths.segment(entry.stream(), 0);
        require(
                "copy",
                entry,
                "assesses by a copier who vouches:",
                true,
                !first.equals(ASSESSMENTS) || vouches(intent));
        String request = entry.json().path("request").asText();
        long times = ledger.entries(entry.stream()).stream()
                .filter(other -> other.json().path("request").asText().equals(request))
                .count();
        require("I4", entry, "is carried out so many times:", 1L, times);
        List<JsonNode> known = measured(origins.get(moment(intent)), first, Origin.MODEL, intent.version());
        entry.json()
                .path("change")
                .path("metrics")
                .forEach(metric ->
                        require("copy", entry, "says what was measured there:", true, known.contains(metric)));
    }

    private void checkCited(LedgerEntry entry, Intent intent) {
        Map<String, Long> standing = cited(entry.stream(), entry.sequence() - 1);
        for (JsonNode cited : entry.json().path("change").path("entries")) {
            String stream = cited.path("stream").asText();
            long sequence = cited.path("sequence").asLong();
            require("copy", entry, "cites next of " + stream, standing.getOrDefault(stream, 0L) + 1, sequence);
            standing.put(stream, sequence);
            String content = new String(
                    origins.get(moment(intent)).entry(stream, sequence).content(), StandardCharsets.UTF_8);
            String line = content.substring(0, content.indexOf('\n'));
            require(
                    "copy",
                    entry,
                    "cites word for word",
                    line,
                    cited.path("line").asText());
        }
    }

    /** Up to where the other registry's streams are cited by the first entries of a stream. */
    private Map<String, Long> cited(String stream, long entries) {
        Map<String, Long> standing = new HashMap<>();
        ledger.entries(stream).stream()
                .limit(entries)
                .forEach(e -> e.json()
                        .path("change")
                        .path("entries")
                        .forEach(cited -> standing.put(
                                cited.path("stream").asText(),
                                cited.path("sequence").asLong())));
        return standing;
    }

    private static List<JsonNode> measured(Ledger ledger, String first, String model, long version) {
        String stream = Paths.ofVersion(first, model, version);
        List<JsonNode> metrics = new ArrayList<>();
        if (ledger.count(stream) > 0) {
            ledger.entry(stream, ledger.count(stream)).state().path("metrics").forEach(metrics::add);
        }
        return metrics;
    }

    /** What was found out by the moment that the copier saw stands here, whoever recorded it. */
    void checkDone(Attempt attempt) {
        Intent intent = attempt.intent;
        LedgerEntry copy = ledger.entry(intent.stream(), attempt.position);
        require("copy", attempt, "is told of a copy:", true, isOf(copy, original(intent)));
        Ledger origin = origins.get(moment(intent));
        String evaluations = Paths.evaluations(intent.model(), copy.sequence());
        Map<String, Long> cited = cited(evaluations, ledger.count(evaluations));
        for (String first : CITED) {
            String stream = Paths.ofVersion(first, Origin.MODEL, intent.version());
            boolean all = cited.getOrDefault(stream, 0L) >= origin.count(stream);
            require("copy", attempt, "has cited all of " + stream + ":", true, all);
        }
        requireMeasured(attempt, copy, EVALUATIONS);
        if (vouches(intent)) {
            requireMeasured(attempt, copy, ASSESSMENTS);
        }
    }

    /** It wrote in several streams: nothing of it is left in any. */
    void checkRefused(Intent intent) {
        List<LedgerEntry> left = ledger.streams().stream()
                .flatMap(stream -> ledger.entries(stream).stream())
                .filter(entry -> entry.reason().equals(intent.reason()))
                .toList();
        require("I6", intent, "was refused and left", List.of(), left);
    }

    private void requireMeasured(Attempt attempt, LedgerEntry copy, String first) {
        Intent intent = attempt.intent;
        List<JsonNode> here = measured(ledger, first, intent.model(), copy.sequence());
        for (JsonNode there : measured(origins.get(moment(intent)), first, Origin.MODEL, intent.version())) {
            require("copy", attempt, "has what was measured, " + there + ":", true, here.contains(there));
        }
    }
}
