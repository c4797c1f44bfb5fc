package io.modelregistry.core.audit;

import io.modelregistry.Digest;
import io.modelregistry.ModelName;
import io.modelregistry.NoteId;
import io.modelregistry.VersionId;
import io.modelregistry.core.environment.PromotionCodec;
import io.modelregistry.core.environment.Served;
import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.review.Standing;
import io.modelregistry.core.version.Evaluations;
import io.modelregistry.core.version.Evidence;
import io.modelregistry.core.version.Models;
import io.modelregistry.core.version.NoteItem;
import io.modelregistry.core.version.Notes;
import io.modelregistry.core.version.VersionStore;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Rollout;
import io.modelregistry.lifecycle.LifecycleMove;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.lifecycle.Review;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks that the state an entry carries is the one that its change makes of the state before. Types of change that this release doesn't know pass. */
final class Replay {
    private Replay() {}

    /** @throws MalformedException when it isn't */
    static void check(Entry entry, @Nullable Entry previous) {
        Fields change = Fields.of(entry.change());
        String type = change.textOr("type", "");
        Json.Obj before = previous == null ? Json.Obj.EMPTY : previous.state();
        String path = entry.stream().path();
        if (path.startsWith(KeyLayout.MODELS)) {
            model(entry, change, type, before);
        } else if (path.startsWith(KeyLayout.VERSIONS) && type.equals("register")) {
            version(entry, change);
        } else if (path.startsWith(KeyLayout.LABELS) && type.equals("claim")) {
            expect("version", change.number("version"), Fields.of(entry.state()).number("version"));
        } else if (path.startsWith(KeyLayout.EVALUATIONS) || path.startsWith(KeyLayout.ASSESSMENTS)) {
            evaluation(entry, change, type, before);
        } else if (path.startsWith(KeyLayout.SUBMISSIONS) && type.equals(Constants.text(LifecycleMove.SUBMIT))) {
            expect("submission", entry.sequence(), Fields.of(entry.state()).number("submission"));
        } else if (path.startsWith(KeyLayout.REVIEWS)) {
            review(entry, type, before);
        } else if (path.startsWith(KeyLayout.ENVIRONMENTS)) {
            environment(entry, before);
        }
    }

    private static void model(Entry entry, Fields change, String type, Json.Obj before) {
        List<String> owners = Models.owners(before);
        boolean archived = Models.isArchived(before);
        switch (type) {
            case "claim" -> {}
            case Models.TRANSFER -> owners = change.texts("owners");
            case Models.ARCHIVE -> archived = true;
            case Models.RESTORE -> archived = false;
            default -> {
                return;
            }
        }
        String name = KeyLayout.lastSegment(entry.stream().path());
        expect("model", name, Fields.of(entry.state()).text("model"));
        expect("owners", owners, Models.owners(entry.state()));
        expect("archived", archived, Models.isArchived(entry.state()));
    }

    private static void version(Entry entry, Fields change) {
        ModelName model = ModelName.of(KeyLayout.lastSegment(entry.stream().path()));
        VersionStore.describe(model, entry);
        Map<String, Json> payload = new LinkedHashMap<>(entry.state().fields());
        payload.remove("version");
        Digest digest = Digest.of(JsonFormat.write(new Json.Obj(payload)));
        expect("payload", change.text("payload"), digest.hex());
    }

    private static void evaluation(Entry entry, Fields change, String type, Json.Obj before) {
        List<NoteItem> notes = NoteItem.of(before);
        switch (type) {
            case "evaluate", "assess" -> {}
            case "cite" -> expect("state", Evidence.after(before, entry.change()), entry.state());
            case Notes.ADD ->
                notes = NoteItem.adding(
                        notes,
                        NoteId.of(change.text(Notes.NOTE)),
                        new Digest(change.text(Notes.DIGEST)),
                        entry.sequence());
            case Notes.ERASE -> notes = NoteItem.erasing(notes, NoteId.of(change.text(Notes.NOTE)), entry.sequence());
            default -> {
                return;
            }
        }
        measured(entry, before);
        expect("notes", notes, NoteItem.of(entry.state()));
    }

    private static void measured(Entry entry, Json.Obj before) {
        expect(
                "metrics",
                Evaluations.latest(List.of(Evaluations.measured(before), Evaluations.measured(entry.change()))),
                Evaluations.latest(List.of(Evaluations.measured(entry.state()))));
        expect(
                "attestations",
                Evaluations.latestAttested(Evaluations.attested(before), Evaluations.attested(entry.change())),
                Evaluations.attested(entry.state()));
    }

    private static void review(Entry entry, String type, Json.Obj before) {
        for (LifecycleMove move : LifecycleMove.values()) {
            if (Constants.text(move).equals(type)) {
                review(entry, move, Fields.of(before), Fields.of(entry.state()));
            }
        }
    }

    /** Whether the version had been submitted stands in another stream; a review that needs it names the submission, and cites it. */
    private static void review(Entry entry, LifecycleMove move, Fields was, Fields is) {
        String[] segments = entry.stream().path().split("/", -1);
        VersionId version = VersionId.of(segments[1], Long.parseLong(segments[2]));
        LifecycleState judged =
                was.has("state") ? was.constant("state", LifecycleState.class) : LifecycleState.CANDIDATE;
        long submission = was.has("submission") ? was.number("submission") : 0;
        boolean leaving = judged == LifecycleState.RETIRING || judged == LifecycleState.RETIRED;
        long cited = entry.seen().getOrDefault(KeyLayout.submissions(version).path(), 0L);
        LifecycleState from = is.number("submission") > submission && !leaving ? LifecycleState.IN_REVIEW : judged;
        LifecycleState retiringFrom =
                was.has("before") ? was.constant("before", LifecycleState.class) : LifecycleState.CANDIDATE;
        LifecycleState next = from.after(version, move, retiringFrom);
        boolean another =
                move == LifecycleMove.APPROVE && entry.change().fields().containsKey("meaning");
        if (another && is.constant("state", LifecycleState.class) == LifecycleState.IN_REVIEW) {
            next = LifecycleState.IN_REVIEW; // the policy asks for more approvals
        }
        expect("state", next, is.constant("state", LifecycleState.class));
        expect("submission", judged == LifecycleState.RETIRING ? submission : cited, is.number("submission"));
        LifecycleState carried = is.has("before") ? is.constant("before", LifecycleState.class) : null;
        expect("before", next == LifecycleState.RETIRING ? from : null, carried);
        List<Review.Signature> approvals = new ArrayList<>();
        if (move != LifecycleMove.REJECT && (from == judged || leaving)) {
            approvals.addAll(Standing.approvals(was.json()));
        }
        List<Review.Signature> now = Standing.approvals(is.json());
        if (another) {
            approvals.add(Standing.approval(entry, now));
        }
        expect("approvals", approvals, now);
    }

    private static void environment(Entry entry, Json.Obj before) {
        Served was = Served.of(before);
        Served is = Served.of(entry.state());
        switch (PromotionCodec.kind(entry.change())) {
            case PROMOTE, CANARY, COMPLETE, CONCLUDE, RAMP -> promotion(entry, was.current(), is.current());
            case HALT ->
                expect("current", was.current() == null ? null : was.current().halt(), is.current());
            case ROLL_BACK -> {
                if (is.current() == null || !was.recent().contains(is.current())) {
                    throw new MalformedException("it rolls back to what was not served before");
                }
            }
            case WITHDRAW -> {
                if (is.current() != null && !was.recent().contains(is.current()) && !was.isStepOf(is.current())) {
                    throw new MalformedException("it withdraws to what was not served before");
                }
            }
            case OTHER -> {
                return;
            }
        }
        expect("recent", was.after(is.current()), is.recent());
    }

    private static void promotion(Entry entry, @Nullable Rollout was, @Nullable Rollout is) {
        Promotion.Step step = PromotionCodec.step(entry.change()).orElseThrow();
        boolean toNext = step instanceof Promotion.Ramp ramp && ramp.share() == null;
        if (toNext && was != null && is != null) {
            // by the clock of whoever took it: any of the steps that were planned
            Rollout planned = is.canary()
                    .filter(canary ->
                            was.steps().stream().anyMatch(next -> next.share().equals(canary.weight())))
                    .map(canary -> new Promotion.Ramp(canary.weight()).after(was, entry.time()))
                    .orElse(null);
            expect("current", planned, is);
        } else {
            expect("current", step.after(was, entry.time()), is);
        }
    }

    private static void expect(String what, @Nullable Object expected, @Nullable Object found) {
        if (expected == null ? found != null : !expected.equals(found)) {
            throw new MalformedException(what + " is " + found + ", but the change makes it " + expected);
        }
    }
}
