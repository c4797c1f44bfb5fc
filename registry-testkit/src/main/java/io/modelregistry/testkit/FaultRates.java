package io.modelregistry.testkit;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How often each fault occurs among the calls that it can befall, as probabilities that add up to at most 1. Immutable.
 *
 * @param byType a fault without a rate doesn't occur
 */
public record FaultRates(Map<FaultType, Double> byType) {
    private static final int MAX_POSITION = 1 << 16;
    private static final int MAX_CALLS_UNDER_WAY = 20;
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    public FaultRates {
        byType = Map.copyOf(byType);
        double sum = 0;
        for (Map.Entry<FaultType, Double> rate : byType.entrySet()) {
            if (!(rate.getValue() >= 0)) {
                throw new IllegalArgumentException("The rate of " + rate.getKey() + " is " + rate.getValue());
            }
            sum += rate.getValue();
        }
        if (sum > 1) {
            throw new IllegalArgumentException("The rates add up to " + sum + ", which is more than 1");
        }
    }

    /** Nothing goes wrong. */
    public static FaultRates none() {
        return new FaultRates(Map.of());
    }

    /** These, and one more. */
    public FaultRates with(FaultType type, double rate) {
        Map<FaultType, Double> more = new EnumMap<>(FaultType.class);
        more.putAll(byType);
        more.put(type, rate);
        return new FaultRates(more);
    }

    Fault draw(long seed, Call call) {
        SplittableRandom random = new SplittableRandom(seed ^ (call.number() * GOLDEN_GAMMA));
        double left = random.nextDouble();
        for (FaultType type : FaultType.values()) { // not the map: its order changes between two JVMs
            left -= byType.getOrDefault(type, 0.0);
            if (left < 0) {
                return type.canBefall(call.operation()) ? positioned(type, random) : Fault.NONE;
            }
        }
        return Fault.NONE;
    }

    private static Fault positioned(FaultType type, SplittableRandom random) {
        return switch (type) {
            case LATE_LANDING -> Fault.lateLandingBefore(random.nextInt(1, MAX_CALLS_UNDER_WAY + 1));
            case FLIPPED, TRUNCATED, BROKEN -> new Fault(type, random.nextInt(MAX_POSITION));
            default -> Fault.of(type);
        };
    }
}
