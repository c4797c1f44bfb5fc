package io.modelregistry.environment;

import io.modelregistry.InvalidRequestException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What an environment serves: one version, or several arms that share the traffic.
 *
 * @param arms at least one; the weights of all add up to 10,000 basis points
 * @param salt makes the assignment of keys to arms differ from that of other rollouts; empty for a single version
 */
public record Rollout(List<Arm> arms, String salt) {
    /** The weights of a rollout add up to this: 100 % in basis points. */
    public static final int FULL_WEIGHT = 10_000;

    private static final int MOST_ARMS = 20;

    public Rollout {
        arms = List.copyOf(arms);
        if (arms.isEmpty() || arms.size() > MOST_ARMS) {
            throw new InvalidRequestException("A rollout has 1 to " + MOST_ARMS + " arms, not " + arms.size());
        }
        int sum = arms.stream().mapToInt(Arm::weightBasisPoints).sum();
        if (sum != FULL_WEIGHT) {
            throw new InvalidRequestException("The weights of a rollout add up to 10,000 basis points, not " + sum);
        }
        Set<String> ids = new HashSet<>();
        for (Arm arm : arms) {
            if (!ids.add(arm.id())) {
                throw new InvalidRequestException("The rollout names the arm \"" + arm.id() + "\" twice");
            }
        }
    }

    /** One version for everybody. */
    public static Rollout of(long version) {
        return new Rollout(List.of(new Arm("main", version, FULL_WEIGHT, Map.of(), Arm.Mode.SERVING)), "");
    }

    /** The version that everybody gets, if there is only one arm. */
    public OptionalLong single() {
        return arms.size() == 1 ? OptionalLong.of(arms.get(0).version()) : OptionalLong.empty();
    }

    /** {@code 12} for a single version, {@code 12 (95 %) + 13 (5 %)} for several. */
    public String describe() {
        if (arms.size() == 1) {
            return Long.toString(arms.get(0).version());
        }
        StringBuilder text = new StringBuilder();
        for (Arm arm : arms) {
            text.append(text.length() == 0 ? "" : " + ").append(arm.version());
            text.append(arm.mode() == Arm.Mode.SHADOW ? " (shadow)" : " (" + percent(arm.weightBasisPoints()) + " %)");
        }
        return text.toString();
    }

    private static String percent(int basisPoints) {
        return java.math.BigDecimal.valueOf(basisPoints, 2).stripTrailingZeros().toPlainString();
    }
}
