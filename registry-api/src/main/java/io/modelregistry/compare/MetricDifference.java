package io.modelregistry.compare;

import io.modelregistry.version.Metric;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One measurement of two versions.
 *
 * @param before null when the first version lacks it
 * @param after null when the second version lacks it
 */
public record MetricDifference(
        Metric.Key key, @Nullable Metric before, @Nullable Metric after, Verdict verdict) {

    /** Which version is the better one by a metric. */
    public enum Verdict {
        BETTER,
        WORSE,
        SAME,
        /** Only one version has it. */
        INCOMPARABLE,
        /** The two versions disagree on which way the metric improves. */
        CONTRADICTORY
    }

    static MetricDifference of(Metric.Key key, @Nullable Metric before, @Nullable Metric after) {
        return new MetricDifference(key, before, after, verdict(before, after));
    }

    /** How much higher the second value is. */
    public OptionalDouble change() {
        return before == null || after == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(after.value() - before.value());
    }

    private static Verdict verdict(@Nullable Metric before, @Nullable Metric after) {
        if (before == null || after == null) {
            return Verdict.INCOMPARABLE;
        }
        if (before.direction() != after.direction()) {
            return Verdict.CONTRADICTORY;
        }
        int higher = Double.compare(after.value() + 0.0, before.value() + 0.0);
        if (higher == 0) {
            return Verdict.SAME;
        }
        return switch (after.direction()) {
            case HIGHER_IS_BETTER -> higher > 0 ? Verdict.BETTER : Verdict.WORSE;
            case LOWER_IS_BETTER -> higher < 0 ? Verdict.BETTER : Verdict.WORSE;
        };
    }
}
