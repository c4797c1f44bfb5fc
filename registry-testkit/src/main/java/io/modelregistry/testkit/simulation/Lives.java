package io.modelregistry.testkit.simulation;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where versions stand, computed from the {@link Ledger} by the tables of the design, apart from the registry's own state machine, which it judges.
 */
final class Lives {
    static final String CANDIDATE = "CANDIDATE";
    static final String IN_REVIEW = "IN_REVIEW";
    static final String APPROVED = "APPROVED";
    static final String REJECTED = "REJECTED";
    static final String DEPRECATED = "DEPRECATED";
    static final String RETIRING = "RETIRING";
    static final String RETIRED = "RETIRED";

    /** From where each kind of review may come, and where it leads; {@code abandon-retirement} leads back. */
    private static final Map<String, Move> MOVES = Map.of(
            "approve", new Move(Set.of(IN_REVIEW), APPROVED),
            "reject", new Move(Set.of(IN_REVIEW), REJECTED),
            "deprecate", new Move(Set.of(APPROVED), DEPRECATED),
            "reinstate", new Move(Set.of(DEPRECATED), APPROVED),
            "begin-retirement", new Move(Set.of(CANDIDATE, REJECTED, APPROVED, DEPRECATED), RETIRING),
            "finish-retirement", new Move(Set.of(RETIRING), RETIRED),
            "abandon-retirement", new Move(Set.of(RETIRING), ""));

    private record Move(Set<String> from, String to) {}

    private final Ledger ledger;

    Lives(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The state of a version after so many entries of its two streams. */
    String state(String model, long version, long submissions, long reviews) {
        if (reviews == 0) {
            return submissions == 0 ? CANDIDATE : IN_REVIEW;
        }
        LedgerEntry review = ledger.entry(Paths.reviews(model, version), reviews);
        String judged = review.judged();
        boolean leaving = judged.equals(RETIRING) || judged.equals(RETIRED);
        return !leaving && submissions > review.state().path("submission").asLong() ? IN_REVIEW : judged;
    }

    /** The state of a version now. */
    String state(String model, long version) {
        return state(
                model,
                version,
                ledger.count(Paths.submissions(model, version)),
                ledger.count(Paths.reviews(model, version)));
    }

    /** All states that whoever read both streams between two moments, in any order, may have found. */
    Set<String> states(String model, long version, long from, long to) {
        Set<String> states = new TreeSet<>();
        String submissions = Paths.submissions(model, version);
        String reviews = Paths.reviews(model, version);
        for (long s = ledger.countAt(submissions, from); s <= ledger.countAt(submissions, to); s++) {
            for (long r = ledger.countAt(reviews, from); r <= ledger.countAt(reviews, to); r++) {
                states.add(state(model, version, s, r));
            }
        }
        return states;
    }

    static boolean isPromotable(String state) {
        return !state.equals(REJECTED) && !state.equals(RETIRING) && !state.equals(RETIRED);
    }

    /** Where a review leads from a state; null when it isn't legal from there. */
    static @Nullable String after(String change, String state, String before) {
        Move move = MOVES.get(change);
        if (move == null || !move.from().contains(state)) {
            return null;
        }
        return move.to().isEmpty() ? before : move.to();
    }

    static boolean maySubmit(String state) {
        return state.equals(CANDIDATE) || state.equals(REJECTED);
    }
}
