package io.modelregistry.environment;

import io.modelregistry.InvalidRequestException;

/** What was observed of one arm of an experiment, as the analyst counted it. Aggregates only: nothing about a single person. */
public sealed interface ArmResult {

    /** Id of the arm. */
    String arm();

    /** How many were observed. */
    long count();

    /** Of an outcome that happens or doesn't. */
    record Proportion(String arm, long count, long successes) implements ArmResult {
        public Proportion {
            if (count < 1 || successes < 0 || successes > count) {
                throw new InvalidRequestException("Not the result of arm " + arm + ": " + successes + " of " + count);
            }
        }

        @Override
        public String toString() {
            return arm + ": " + successes + " of " + count;
        }
    }

    /**
     * Of an outcome that is a number.
     *
     * @param variance of the sample, with n - 1 below the line
     */
    record Mean(String arm, long count, double mean, double variance) implements ArmResult {
        public Mean {
            if (count < 2 || !Double.isFinite(mean) || !Double.isFinite(variance) || variance < 0) {
                throw new InvalidRequestException("Not the result of arm " + arm + ": mean " + mean + ", variance "
                        + variance + " of " + count + "; at least 2 observations and finite numbers are needed");
            }
        }

        @Override
        public String toString() {
            return arm + ": mean " + mean + ", variance " + variance + " of " + count;
        }
    }
}
