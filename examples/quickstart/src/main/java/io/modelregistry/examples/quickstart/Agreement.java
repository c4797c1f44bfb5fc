package io.modelregistry.examples.quickstart;

import java.util.List;
import java.util.Locale;

/** How far two models' predictions for the same rows are apart. */
record Agreement(int rows, int differentDiagnoses, double largestDifference) {

    /** Single precision computes these probabilities to about 1e-7. */
    static final double TOLERANCE = 1e-5;

    static Agreement between(HeldOutPredictions expected, HeldOutPredictions actual) {
        if (!expected.byRow().keySet().equals(actual.byRow().keySet())) {
            throw new IllegalArgumentException("Cannot compare predictions for rows %s with rows %s"
                    .formatted(expected.byRow().keySet(), actual.byRow().keySet()));
        }
        List<Prediction> left = expected.inRowOrder();
        List<Prediction> right = actual.inRowOrder();
        int different = 0;
        double largest = 0;
        for (int i = 0; i < left.size(); i++) {
            different += left.get(i).diagnosis() == right.get(i).diagnosis() ? 0 : 1;
            largest = Math.max(
                    largest, Math.abs(left.get(i).malignancy() - right.get(i).malignancy()));
        }
        return new Agreement(left.size(), different, largest);
    }

    /** Whether every row has the same diagnosis and, within {@link #TOLERANCE}, the same score. */
    boolean holds() {
        return differentDiagnoses == 0 && largestDifference <= TOLERANCE;
    }

    String summary() {
        return String.format(
                Locale.ROOT,
                "%s Tribuo on %d rows: %d different diagnoses, scores within %.1e",
                holds() ? "agrees with" : "DISAGREES with",
                rows,
                differentDiagnoses,
                largestDifference);
    }
}
