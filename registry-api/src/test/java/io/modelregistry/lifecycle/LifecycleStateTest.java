package io.modelregistry.lifecycle;

import static io.modelregistry.lifecycle.LifecycleMove.ABANDON_RETIREMENT;
import static io.modelregistry.lifecycle.LifecycleMove.APPROVE;
import static io.modelregistry.lifecycle.LifecycleMove.BEGIN_RETIREMENT;
import static io.modelregistry.lifecycle.LifecycleMove.DEPRECATE;
import static io.modelregistry.lifecycle.LifecycleMove.FINISH_RETIREMENT;
import static io.modelregistry.lifecycle.LifecycleMove.REINSTATE;
import static io.modelregistry.lifecycle.LifecycleMove.REJECT;
import static io.modelregistry.lifecycle.LifecycleMove.SUBMIT;
import static io.modelregistry.lifecycle.LifecycleState.APPROVED;
import static io.modelregistry.lifecycle.LifecycleState.CANDIDATE;
import static io.modelregistry.lifecycle.LifecycleState.DEPRECATED;
import static io.modelregistry.lifecycle.LifecycleState.IN_REVIEW;
import static io.modelregistry.lifecycle.LifecycleState.REJECTED;
import static io.modelregistry.lifecycle.LifecycleState.RETIRED;
import static io.modelregistry.lifecycle.LifecycleState.RETIRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.VersionId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state with every move: those of the table in the documentation, and no other. */
final class LifecycleStateTest {
    private static final VersionId VERSION = VersionId.of("fraud-detector", 1);

    /** Abandoning a retirement leads back to where it began, here APPROVED. */
    private static final Map<LifecycleState, Map<LifecycleMove, LifecycleState>> LEGAL = Map.of(
            CANDIDATE, Map.of(SUBMIT, IN_REVIEW, BEGIN_RETIREMENT, RETIRING),
            IN_REVIEW, Map.of(APPROVE, APPROVED, REJECT, REJECTED),
            APPROVED, Map.of(DEPRECATE, DEPRECATED, BEGIN_RETIREMENT, RETIRING),
            REJECTED, Map.of(SUBMIT, IN_REVIEW, BEGIN_RETIREMENT, RETIRING),
            DEPRECATED, Map.of(REINSTATE, APPROVED, BEGIN_RETIREMENT, RETIRING),
            RETIRING, Map.of(FINISH_RETIREMENT, RETIRED, ABANDON_RETIREMENT, APPROVED),
            RETIRED, Map.of());

    private static final Map<LifecycleState, String> MOVES = Map.of(
            CANDIDATE, "only [SUBMIT, BEGIN_RETIREMENT]",
            IN_REVIEW, "only [APPROVE, REJECT]",
            APPROVED, "only [DEPRECATE, BEGIN_RETIREMENT]",
            REJECTED, "only [SUBMIT, BEGIN_RETIREMENT]",
            DEPRECATED, "only [REINSTATE, BEGIN_RETIREMENT]",
            RETIRING, "only [FINISH_RETIREMENT, ABANDON_RETIREMENT]",
            RETIRED, "make no move");

    static Stream<Arguments> everyStateAndMove() {
        return Arrays.stream(LifecycleState.values())
                .flatMap(state -> Arrays.stream(LifecycleMove.values()).map(move -> arguments(state, move)));
    }

    @ParameterizedTest
    @MethodSource("everyStateAndMove")
    void aMoveLeadsWhereTheTableSaysOrIsRefused(LifecycleState state, LifecycleMove move) {
        LifecycleState target = LEGAL.get(state).get(move);

        if (target != null) {
            assertThat(state.after(VERSION, move, APPROVED)).isEqualTo(target);
            return;
        }
        assertThatThrownBy(() -> state.after(VERSION, move, APPROVED))
                .isInstanceOf(InvalidRequestException.class)
                .isInstanceOfSatisfying(IllegalTransitionException.class, e -> {
                    assertThat(e.state()).isEqualTo(state);
                    assertThat(e.move()).isEqualTo(move);
                })
                .hasMessage("Cannot " + move + " fraud-detector@1: it is " + state + ", from where it may "
                        + MOVES.get(state));
    }

    @ParameterizedTest
    @EnumSource
    void theLegalMovesAreListed(LifecycleState state) {
        assertThat(state.moves())
                .containsExactlyInAnyOrderElementsOf(LEGAL.get(state).keySet());
    }

    @ParameterizedTest
    @EnumSource(names = {"CANDIDATE", "REJECTED", "APPROVED", "DEPRECATED"})
    void anAbandonedRetirementLeadsBackToWhereItBegan(LifecycleState before) {
        LifecycleState retiring = before.after(VERSION, BEGIN_RETIREMENT, before);

        assertThat(retiring.after(VERSION, ABANDON_RETIREMENT, before)).isEqualTo(before);
    }

    @Test
    void whatIsRejectedOrLeavingIsNeverTakenUp() {
        List<LifecycleState> promotable = Arrays.stream(LifecycleState.values())
                .filter(LifecycleState::isPromotable)
                .toList();

        assertThat(promotable).containsExactly(CANDIDATE, IN_REVIEW, APPROVED, DEPRECATED);
    }

    @Test
    void theTableAboveIsComplete() {
        assertThat(LEGAL).containsOnlyKeys(LifecycleState.values());
        assertThat(everyStateAndMove()).hasSize(7 * 8);
    }
}
