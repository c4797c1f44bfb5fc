package io.modelregistry.core.review;

import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.log.Tip;
import io.modelregistry.lifecycle.LifecycleState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a version stands, from the newest entries of its submissions and reviews.
 *
 * @param judgedSubmission the submission that the newest review names; 0 for none
 * @param before the state that RETIRING was entered from; the state itself otherwise
 */
public record Standing(
        LifecycleState state, LifecycleState before, long judgedSubmission, Tip submissions, Tip reviews) {
    private static final String STATE = "state";
    private static final String BEFORE = "before";
    private static final String SUBMISSION = "submission";

    /**
     * In review when the newest submission is newer than the one the newest review names; otherwise what that review says, else a candidate.
     * RETIRING and RETIRED hold whatever is submitted: a submission that raced with them must not bring the version back.
     */
    static Standing of(Tip submissions, Tip reviews) {
        LifecycleState judged = LifecycleState.CANDIDATE;
        LifecycleState before = judged;
        long submission = 0;
        if (reviews.sequence() > 0) {
            judged = reviews.decode(state -> Fields.of(state).constant(STATE, LifecycleState.class));
            before = reviews.decode(Standing::before).orElse(judged);
            submission = reviews.decode(state -> Fields.of(state).number(SUBMISSION));
        }
        boolean leaving = judged == LifecycleState.RETIRING || judged == LifecycleState.RETIRED;
        if (!leaving && submissions.sequence() > submission) {
            return new Standing(LifecycleState.IN_REVIEW, LifecycleState.IN_REVIEW, submission, submissions, reviews);
        }
        return new Standing(judged, before, submission, submissions, reviews);
    }

    private static Optional<LifecycleState> before(Json.Obj state) {
        Fields review = Fields.of(state);
        return review.has(BEFORE) ? Optional.of(review.constant(BEFORE, LifecycleState.class)) : Optional.empty();
    }

    /** The state of a review's entry that leads from here to another state. */
    Json.Obj review(LifecycleState next) {
        return Json.object()
                .put(STATE, Constants.text(next))
                // a submission that came while a version was being retired is still to be judged if it isn't
                .put(SUBMISSION, state == LifecycleState.RETIRING ? judgedSubmission : submissions.sequence())
                .optional(BEFORE, next == LifecycleState.RETIRING ? Constants.text(state) : null)
                .keep(kept(reviews.state()))
                .build();
    }

    /** What a newer release added to the state. */
    private static Map<String, Json> kept(Json.Obj state) {
        Map<String, Json> fields = new LinkedHashMap<>(state.fields());
        fields.keySet().removeAll(Set.of(STATE, SUBMISSION, BEFORE));
        return fields;
    }
}
