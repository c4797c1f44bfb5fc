package io.modelregistry.version;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.Texts;
import org.jspecify.annotations.Nullable;

/**
 * A measurement of a version. Two metrics measure the same thing when name, dataset and slice are equal ({@link #key}).
 *
 * @param name 1 to 100 characters, such as {@code auc}
 * @param value finite
 * @param dataset name of the {@link Dataset} it was measured on; null when not stated
 * @param slice the part of the dataset, such as {@code sex=female}; null for all of it
 * @param interval null when not stated
 */
public record Metric(
        String name,
        double value,
        Direction direction,
        @Nullable String dataset,
        @Nullable String slice,
        @Nullable ConfidenceInterval interval) {

    /** What a metric measures: at most one value for each is kept. */
    public record Key(
            String name, @Nullable String dataset, @Nullable String slice) {
        @Override
        public String toString() {
            return name + (dataset == null ? "" : " on " + dataset) + (slice == null ? "" : " [" + slice + "]");
        }
    }

    public Metric {
        name("metric name", name);
        if (dataset != null) {
            name("dataset of metric " + name, dataset);
        }
        if (slice != null) {
            name("slice of metric " + name, slice);
        }
        if (!Double.isFinite(value)) {
            throw new InvalidRequestException("Metric " + name + " is " + value
                    + "; a metric is a finite number. Leave it out, or record why as a tag");
        }
    }

    /** A metric that is better when it is higher, such as accuracy. */
    public static Metric higherIsBetter(String name, double value) {
        return new Metric(name, value, Direction.HIGHER_IS_BETTER, null, null, null);
    }

    /** A metric that is better when it is lower, such as a loss. */
    public static Metric lowerIsBetter(String name, double value) {
        return new Metric(name, value, Direction.LOWER_IS_BETTER, null, null, null);
    }

    /** This metric, measured on a dataset. */
    public Metric on(String datasetName) {
        return new Metric(name, value, direction, datasetName, slice, interval);
    }

    /** This metric, measured on a part of the dataset. */
    public Metric slice(String sliceName) {
        return new Metric(name, value, direction, dataset, sliceName, interval);
    }

    /** This metric with a confidence interval; the level is 0.95 for 95 %. */
    public Metric within(double lower, double upper, double level) {
        return new Metric(name, value, direction, dataset, slice, new ConfidenceInterval(lower, upper, level));
    }

    public Key key() {
        return new Key(name, dataset, slice);
    }

    private static void name(String what, String text) {
        if (text.isBlank()) {
            throw new InvalidRequestException("The " + what + " is blank");
        }
        Texts.line(what, text, 100);
    }
}
