package io.modelregistry.core.review;

import io.modelregistry.VersionId;
import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Tip;
import io.modelregistry.core.policy.Reading;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.lifecycle.Review;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a version stands, from the newest entries of its submissions and reviews.
 *
 * @param judgedSubmission the submission that the newest review names; 0 for none
 * @param before the state that RETIRING was entered from; the state itself otherwise
 * @param approvals of the submission that stands, oldest first
 */
public record Standing(
        LifecycleState state,
        LifecycleState before,
        long judgedSubmission,
        List<Review.Signature> approvals,
        Tip submissions,
        Tip reviews) {
    private static final String STATE = "state";
    private static final String BEFORE = "before";
    private static final String SUBMISSION = "submission";
    private static final String APPROVALS = "approvals";

    /**
     * In review when the newest submission is newer than the one the newest review names; otherwise what that review says, else a candidate.
     * RETIRING and RETIRED hold whatever is submitted: a submission that raced with them must not bring the version back.
     */
    public static Standing of(Tip submissions, Tip reviews) {
        LifecycleState judged = LifecycleState.CANDIDATE;
        LifecycleState before = judged;
        long submission = 0;
        List<Review.Signature> approvals = List.of();
        if (reviews.sequence() > 0) {
            judged = reviews.decode(state -> Fields.of(state).constant(STATE, LifecycleState.class));
            before = reviews.decode(Standing::before).orElse(judged);
            submission = reviews.decode(state -> Fields.of(state).number(SUBMISSION));
            approvals = reviews.decode(Standing::approvals);
        }
        boolean leaving = judged == LifecycleState.RETIRING || judged == LifecycleState.RETIRED;
        if (!leaving && submissions.sequence() > submission) {
            return new Standing(
                    LifecycleState.IN_REVIEW, LifecycleState.IN_REVIEW, submission, List.of(), submissions, reviews);
        }
        return new Standing(judged, before, submission, approvals, submissions, reviews);
    }

    /** Of a version, as somebody reads its streams. */
    public static Standing of(Reading reading, VersionId version) {
        return of(reading.tip(KeyLayout.submissions(version)), reading.tip(KeyLayout.reviews(version)));
    }

    /** The approvals that a review's entry carries. */
    public static List<Review.Signature> approvals(Json.Obj state) {
        return Fields.of(state).objects(APPROVALS, SignatureCodec::decode);
    }

    /** The approval that an entry gives, at the time that its state says. */
    public static Review.Signature approval(Entry entry, List<Review.Signature> carried) {
        if (carried.isEmpty()) {
            throw new MalformedException("it approves and carries no approval");
        }
        Instant at = carried.get(carried.size() - 1).at();
        return SignatureCodec.given(Fields.of(entry.change()), entry.actor(), at);
    }

    Review review() {
        return new Review(state, submissions.sequence(), approvals);
    }

    private static Optional<LifecycleState> before(Json.Obj state) {
        Fields review = Fields.of(state);
        return review.has(BEFORE) ? Optional.of(review.constant(BEFORE, LifecycleState.class)) : Optional.empty();
    }

    /** The state of a review's entry that leads from here to another state. */
    Json.Obj next(LifecycleState next) {
        return next(next, next == LifecycleState.REJECTED ? List.of() : approvals);
    }

    /** As {@link #next}, with these approvals. */
    Json.Obj next(LifecycleState next, List<Review.Signature> given) {
        return Json.object()
                .put(STATE, Constants.text(next))
                // a submission that came while a version was being retired is still to be judged if it isn't
                .put(SUBMISSION, state == LifecycleState.RETIRING ? judgedSubmission : submissions.sequence())
                .optional(BEFORE, next == LifecycleState.RETIRING ? Constants.text(state) : null)
                .optionalArray(APPROVALS, given, SignatureCodec::encode)
                .keep(kept(reviews.state()))
                .build();
    }

    /** What a newer release added to the state. */
    private static Map<String, Json> kept(Json.Obj state) {
        Map<String, Json> fields = new LinkedHashMap<>(state.fields());
        fields.keySet().removeAll(Set.of(STATE, SUBMISSION, BEFORE, APPROVALS));
        return fields;
    }
}
