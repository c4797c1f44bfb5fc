package io.modelregistry.lifecycle;

import io.modelregistry.VersionId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the state machine has a version.
 *
 * <table>
 * <caption>The legal moves</caption>
 * <tr><th>from</th><th>move</th><th>to</th></tr>
 * <tr><td>CANDIDATE, REJECTED</td><td>SUBMIT</td><td>IN_REVIEW</td></tr>
 * <tr><td>IN_REVIEW</td><td>APPROVE</td><td>APPROVED, or IN_REVIEW while the policy asks for more approvals</td></tr>
 * <tr><td>IN_REVIEW</td><td>REJECT</td><td>REJECTED</td></tr>
 * <tr><td>APPROVED</td><td>DEPRECATE</td><td>DEPRECATED</td></tr>
 * <tr><td>DEPRECATED</td><td>REINSTATE</td><td>APPROVED</td></tr>
 * <tr><td>CANDIDATE, REJECTED, APPROVED, DEPRECATED</td><td>BEGIN_RETIREMENT</td><td>RETIRING</td></tr>
 * <tr><td>RETIRING</td><td>FINISH_RETIREMENT</td><td>RETIRED</td></tr>
 * <tr><td>RETIRING</td><td>ABANDON_RETIREMENT</td><td>the state before</td></tr>
 * </table>
 */
public enum LifecycleState {
    /** Registered, not judged. */
    CANDIDATE,
    IN_REVIEW,
    APPROVED,
    REJECTED,
    /** Approved once, advised against now. */
    DEPRECATED,
    /** Being retired; no environment can take it up. */
    RETIRING,
    /** Out of use for good. */
    RETIRED;

    /**
     * The state that a move leads to.
     *
     * @param before the state from which RETIRING was entered; read only for {@code ABANDON_RETIREMENT}
     * @throws IllegalTransitionException when the move isn't legal from here
     */
    public LifecycleState after(VersionId version, LifecycleMove move, LifecycleState before) {
        return target(move, before).orElseThrow(() -> new IllegalTransitionException(version, this, move));
    }

    /** The legal moves from here. */
    public List<LifecycleMove> moves() {
        return Arrays.stream(LifecycleMove.values())
                .filter(move -> target(move, CANDIDATE).isPresent())
                .toList();
    }

    /** Whether an environment may take up a version in this state when no policy says otherwise. */
    public boolean isPromotable() {
        return switch (this) {
            case CANDIDATE, IN_REVIEW, APPROVED, DEPRECATED -> true;
            case REJECTED, RETIRING, RETIRED -> false;
        };
    }

    private Optional<LifecycleState> target(LifecycleMove move, LifecycleState before) {
        return Optional.ofNullable(
                switch (move) {
                    case SUBMIT -> this == CANDIDATE || this == REJECTED ? IN_REVIEW : null;
                    case APPROVE -> this == IN_REVIEW ? APPROVED : null;
                    case REJECT -> this == IN_REVIEW ? REJECTED : null;
                    case DEPRECATE -> this == APPROVED ? DEPRECATED : null;
                    case REINSTATE -> this == DEPRECATED ? APPROVED : null;
                    case BEGIN_RETIREMENT ->
                        switch (this) {
                            case CANDIDATE, REJECTED, APPROVED, DEPRECATED -> RETIRING;
                            case IN_REVIEW, RETIRING, RETIRED -> null;
                        };
                    case FINISH_RETIREMENT -> this == RETIRING ? RETIRED : null;
                    case ABANDON_RETIREMENT -> this == RETIRING ? before : null;
                });
    }
}
