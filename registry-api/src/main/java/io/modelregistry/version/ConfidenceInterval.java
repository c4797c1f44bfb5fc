package io.modelregistry.version;

import io.modelregistry.InvalidRequestException;

/**
 * A confidence interval of a metric.
 *
 * @param level from 0 to 1, exclusive: 0.95 for 95 %
 */
public record ConfidenceInterval(double lower, double upper, double level) {
    public ConfidenceInterval {
        if (!Double.isFinite(lower) || !Double.isFinite(upper) || lower > upper) {
            throw new InvalidRequestException(
                    "Not a confidence interval: [" + lower + ", " + upper + "]: both ends are finite and in order");
        }
        if (!(level > 0 && level < 1)) {
            throw new InvalidRequestException(
                    "Not a confidence level: " + level + ": it lies between 0 and 1, as 0.95 does for 95 %");
        }
    }
}
