package io.modelregistry.core.audit;

import io.modelregistry.Digest;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.core.environment.Served;
import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.review.Standing;
import io.modelregistry.core.version.Evaluations;
import io.modelregistry.core.version.Evidence;
import io.modelregistry.core.version.Models;
import io.modelregistry.core.version.Notes;
import io.modelregistry.environment.Rollout;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.version.Metric;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an entry did, in a few words.
 *
 * @param subject what it was done to
 * @param before the state before; empty where there was none
 * @param after the state after
 */
record Story(String subject, String before, String after) {

    /** Tells an entry from its state and that of the entry before. */
    static Story of(Entry entry, @Nullable Entry previous) {
        Json.Obj state = entry.state();
        Json.Obj before = previous == null ? Json.Obj.EMPTY : previous.state();
        String[] segments = entry.stream().path().split("/", -1);
        try {
            return switch (segments[0] + "/") {
                case KeyLayout.MODELS -> new Story(segments[1], model(before), model(state));
                case KeyLayout.VERSIONS ->
                    new Story(segments[1] + "@" + entry.sequence(), "", version(Fields.of(state)));
                case KeyLayout.LABELS ->
                    new Story(
                            "label " + segments[2],
                            "",
                            segments[1] + "@" + Fields.of(state).number("version"));
                case KeyLayout.EVALUATIONS, KeyLayout.ASSESSMENTS -> evaluation(id(segments), entry.change());
                case KeyLayout.SUBMISSIONS -> new Story(id(segments), "", "submission " + entry.sequence());
                case KeyLayout.REVIEWS -> new Story(id(segments), judged(before), judged(state));
                case KeyLayout.ENVIRONMENTS ->
                    new Story(segments[1], previous == null ? "" : served(before), served(state));
                case "policy/" -> new Story("policy", "", "");
                default -> new Story(entry.stream().path(), "", "");
            };
        } catch (MalformedException | InvalidRequestException e) {
            // written by a release that tells more; the entry itself is whole
            return new Story(entry.stream().path(), "", "");
        }
    }

    private static String model(Json.Obj state) {
        List<String> owners = Models.owners(state);
        String owned = owners.isEmpty() ? "" : "owned by " + String.join(", ", owners);
        String archived = Models.isArchived(state) ? "archived" : "";
        return owned.isEmpty() || archived.isEmpty() ? owned + archived : owned + "; " + archived;
    }

    private static String id(String[] segments) {
        return segments[1] + "@" + Long.parseLong(segments[2]);
    }

    private static String version(Fields state) {
        Fields artifact = state.object("artifact");
        String label = state.textOrNull("label");
        return artifact.number("fileCount") + " files, " + artifact.text("format") + ", manifest sha256:"
                + new Digest(artifact.text("manifest")).hex().substring(0, 12)
                + (label == null ? "" : ", asks for label " + label);
    }

    private static Story evaluation(String version, Json.Obj change) {
        int cited = Evidence.cited(change).size();
        if (cited > 0) {
            return new Story(
                    version,
                    "",
                    "cites " + cited + " entries of "
                            + Fields.of(change).text("registry").substring(0, 12) + "…");
        }
        String note = Fields.of(change).textOrNull(Notes.NOTE);
        if (note == null) {
            return new Story(version, "", findings(change));
        }
        boolean erased = Fields.of(change).text("type").equals(Notes.ERASE);
        return erased ? new Story(version, "note " + note, "erased") : new Story(version, "", "note " + note);
    }

    private static String findings(Json.Obj change) {
        return Stream.concat(
                        Evaluations.measured(change).stream().map((Metric m) -> m.key() + " = " + m.value()),
                        Evaluations.attested(change).stream().map(a -> "attests " + a.name()))
                .collect(Collectors.joining(", "));
    }

    private static String judged(Json.Obj state) {
        String judged = Fields.of(state).textOr("state", "");
        int approvals = Standing.approvals(state).size();
        return judged.equals(Constants.text(LifecycleState.IN_REVIEW)) && approvals > 0
                ? judged + ", approvals: " + approvals
                : judged;
    }

    private static String served(Json.Obj state) {
        Rollout current = Served.of(state).current();
        return current == null ? "nothing" : "version " + current.describe();
    }
}
