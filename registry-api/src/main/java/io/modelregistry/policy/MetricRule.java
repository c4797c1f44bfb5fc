package io.modelregistry.policy;

import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.version.Direction;
import io.modelregistry.version.Metric;
import org.jspecify.annotations.Nullable;

/**
 * What a metric of a version must be.
 *
 * @param metric its name
 * @param dataset the dataset it was measured on; null for none stated, and for every one with {@link NoWorseThan}
 * @param slice the part of the dataset; null for all of it, and for every one with {@link NoWorseThan}
 * @param source whose measurements count
 */
public record MetricRule(
        String metric, @Nullable String dataset, @Nullable String slice, Bound bound, Source source) {

    /** What a value is held against. */
    public sealed interface Bound {}

    /** At least this. */
    public record AtLeast(double value) implements Bound {}

    /** At most this. */
    public record AtMost(double value) implements Bound {}

    /**
     * No worse than what an environment serves of the same model, for every dataset and slice on which that was measured; met while it serves nothing.
     *
     * @param tolerance by how much it may be worse, in the metric's own unit; not negative
     */
    public record NoWorseThan(EnvironmentName environment, double tolerance) implements Bound {
        public NoWorseThan {
            if (!Double.isFinite(tolerance) || tolerance < 0) {
                throw new InvalidRequestException("A tolerance is a finite number from 0, not " + tolerance);
            }
        }
    }

    /** Whose measurements count. */
    public enum Source {
        /** All: those of the registration, later evaluations, and assessments, which count first. */
        ANYBODY,
        /** Assessments alone: {@link io.modelregistry.Version#assess}. */
        EVALUATORS
    }

    public MetricRule {
        Metric checked = new Metric(metric, 0, Direction.HIGHER_IS_BETTER, dataset, slice, null);
        if (bound instanceof AtLeast least) {
            finite(checked.key(), least.value());
        } else if (bound instanceof AtMost most) {
            finite(checked.key(), most.value());
        }
    }

    public static MetricRule atLeast(String metric, double value) {
        return new MetricRule(metric, null, null, new AtLeast(value), Source.ANYBODY);
    }

    public static MetricRule atMost(String metric, double value) {
        return new MetricRule(metric, null, null, new AtMost(value), Source.ANYBODY);
    }

    public static MetricRule noWorseThan(String metric, String environment) {
        return new MetricRule(metric, null, null, new NoWorseThan(EnvironmentName.of(environment), 0), Source.ANYBODY);
    }

    /** Measured on this dataset. */
    public MetricRule on(String name) {
        return new MetricRule(metric, name, slice, bound, source);
    }

    /** Measured on this part of the dataset. */
    public MetricRule slice(String name) {
        return new MetricRule(metric, dataset, name, bound, source);
    }

    /** It may be worse by this much, in the metric's own unit. Only for {@link #noWorseThan}. */
    public MetricRule tolerating(double difference) {
        if (bound instanceof NoWorseThan relative) {
            return new MetricRule(metric, dataset, slice, new NoWorseThan(relative.environment(), difference), source);
        }
        throw new InvalidRequestException("Only a rule that compares with an environment tolerates a difference");
    }

    /** Only what evaluators measured counts. */
    public MetricRule assessed() {
        return new MetricRule(metric, dataset, slice, bound, Source.EVALUATORS);
    }

    private static void finite(Metric.Key metric, double value) {
        if (!Double.isFinite(value)) {
            throw new InvalidRequestException("The bound of metric " + metric + " is a finite number, not " + value);
        }
    }
}
