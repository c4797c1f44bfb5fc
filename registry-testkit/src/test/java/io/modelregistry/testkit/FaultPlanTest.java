package io.modelregistry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class FaultPlanTest {
    private static List<Fault> faults(FaultPlan plan, Call... calls) {
        return Arrays.stream(calls).map(plan::faultFor).collect(Collectors.toList());
    }

    @Test
    void onceOnCountsOnlyTheCallsThatMatch() {
        FaultPlan plan = FaultPlan.onceOn(Operation.CREATE, "reviews/.*", 2, Fault.DENIED);

        assertThat(faults(
                        plan,
                        new Call(1, Operation.CREATE, "reviews/1"),
                        new Call(2, Operation.GET, "reviews/1"),
                        new Call(3, Operation.CREATE, "models/reviews/1"),
                        new Call(4, Operation.CREATE, "reviews/2"),
                        new Call(5, Operation.CREATE, "reviews/3")))
                .containsExactly(Fault.NONE, Fault.NONE, Fault.NONE, Fault.DENIED, Fault.NONE);
    }

    @Test
    void everyPlanOfAChainSeesEveryCallAndTheFirstDecides() {
        FaultPlan plan = FaultPlan.onceOn(Operation.GET, ".*", 1, Fault.TORN)
                .then(FaultPlan.onceOn(Operation.GET, ".*", 1, Fault.EMPTY))
                .then(FaultPlan.onceOn(Operation.GET, ".*", 2, Fault.HUGE));

        assertThat(faults(plan, new Call(1, Operation.GET, "a"), new Call(2, Operation.GET, "a")))
                .containsExactly(Fault.TORN, Fault.HUGE);
    }

    @Test
    void aSeededPlanRepeatsItselfAndKeepsItsRates() {
        FaultRates rates = FaultRates.none().with(FaultType.LOST_ANSWER, 0.2).with(FaultType.LATE_LANDING, 0.1);

        Map<FaultType, Long> drawn = draw(FaultPlan.seeded(1, rates), Operation.CREATE);

        assertThat(drawn).isEqualTo(draw(FaultPlan.seeded(1, rates), Operation.CREATE));
        assertThat(drawn).isNotEqualTo(draw(FaultPlan.seeded(2, rates), Operation.CREATE));
        assertThat(drawn.get(FaultType.LOST_ANSWER)).isBetween(1_900L, 2_100L);
        assertThat(drawn.get(FaultType.LATE_LANDING)).isBetween(900L, 1_100L);
        assertThat(drawn).hasSize(3);
    }

    @Test
    void aSeededPlanHasNoFaultThatCannotBefallTheCall() {
        FaultRates rates = FaultRates.none();
        for (FaultType type : FaultType.values()) {
            rates = rates.with(type, 0.02);
        }

        for (Operation operation : Operation.values()) {
            assertThat(draw(FaultPlan.seeded(1, rates), operation).keySet())
                    .allMatch(type -> type.canBefall(operation));
        }
    }

    private static Map<FaultType, Long> draw(FaultPlan plan, Operation operation) {
        return LongStream.rangeClosed(1, 10_000)
                .mapToObj(number ->
                        plan.faultFor(new Call(number, operation, "a")).type())
                .collect(Collectors.groupingBy(
                        type -> type, () -> new EnumMap<>(FaultType.class), Collectors.counting()));
    }

    @Test
    void ratesThatAreNoProbabilitiesAreRefused() {
        assertThatThrownBy(() -> FaultRates.none().with(FaultType.TORN, -0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The rate of TORN is -0.1");
        assertThatThrownBy(() -> FaultRates.none().with(FaultType.TORN, 0.75).with(FaultType.EMPTY, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The rates add up to 1.25, which is more than 1");
    }
}
