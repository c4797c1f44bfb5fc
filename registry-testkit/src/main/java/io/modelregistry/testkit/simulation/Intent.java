package io.modelregistry.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something one process wants done, once, in however many attempts. Its {@link #reason} is written into the entry and tells whose it is.
 *
 * @param version the version it is about, that of the other registry for a copy, or the number that a reader asks for; 0 for none
 * @param environment empty for none
 * @param stated the revision that a promotion states; -1 for none
 * @param request the idempotency key; null for none
 * @param label the label to register under, the arm that a conclusion keeps, or the note to erase; null for none
 * @param content what the version to register consists of, the number of the policy to set, the share of a canary in basis points, 0 for its next step, the second
 *     of its first scheduled step, the version of an experiment's stable arm, the number of the experiment to conclude, the number of the owners to name, how and of what moment to copy, or the
 *     length of a page of the feed, 0 for asking for the present
 */
record Intent(
        int id,
        Kind kind,
        String model,
        long version,
        String environment,
        long stated,
        @Nullable String request,
        @Nullable String label,
        int content,
        List<Attempt> attempts) {

    Intent(
            int id,
            Kind kind,
            String model,
            long version,
            String environment,
            long stated,
            @Nullable String request,
            @Nullable String label,
            int content) {
        this(id, kind, model, version, environment, stated, request, label, content, new ArrayList<>());
    }

    String reason() {
        return "i" + id;
    }

    /** The stream that it writes to or reads; that of the reviews for a state, which is read from two. */
    String stream() {
        return switch (kind) {
            case LATEST, REGISTER, COPY -> Paths.versions(model);
            case EVALUATE, NOTES, ADD_NOTE, ERASE_NOTE -> Paths.evaluations(model, version);
            case FEED -> Paths.FEED;
            case INFO, ARCHIVE, RESTORE, TRANSFER -> Paths.model(model);
            case SUBMIT -> Paths.submissions(model, version);
            case STATE, APPROVE, REJECT, DEPRECATE, REINSTATE, RETIRE -> Paths.reviews(model, version);
            case SET_POLICY -> Paths.POLICY;
            case POLL -> "";
            case CURRENT, RESOLVE_STRONG, RESOLVE_BOUNDED, LEASE, HISTORY, AS_OF, ROLL_BACK, WITHDRAW, HALT ->
                Paths.environment(environment, model);
            case PROMOTE, CANARY, SCHEDULE, EXPERIMENT, RAMP, COMPLETE, CONCLUDE ->
                Paths.environment(environment, model);
        };
    }

    /** Whether some attempt may have been carried out without its caller knowing. */
    boolean isOpen() {
        return attempts.stream().anyMatch(Attempt::isOpen) && attempts.stream().noneMatch(Attempt::isDone);
    }

    @Override
    public String toString() {
        return reason() + " " + kind + " " + stream() + (version > 0 ? " version " + version : "")
                + (request == null ? "" : " request " + request) + (label == null ? "" : " label " + label);
    }
}
