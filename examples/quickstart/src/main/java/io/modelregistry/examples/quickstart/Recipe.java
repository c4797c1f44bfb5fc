package io.modelregistry.examples.quickstart;

import io.modelregistry.version.Dataset;
import java.util.List;

/** What one version is trained on and for how long, and which rows its metrics are measured on. */
public record Recipe(String name, int epochs, List<Sample> training, List<Sample> evaluation) {

    /** The name that training and evaluation rows go by; only their digests tell whether they are the same rows. */
    static final String DATASET = "wdbc";

    static final String ALGORITHM = "logistic regression, stochastic gradient descent";
    static final long SEED = 1;
    static final double LEARNING_RATE = 0.002;

    private static final int HURRIED_ROWS = 20;

    public Recipe {
        training = List.copyOf(training);
        evaluation = List.copyOf(evaluation);
    }

    public static Recipe oneEpoch(Split split) {
        return new Recipe("one epoch", 1, split.training(), split.heldOut());
    }

    public static Recipe twentyEpochs(Split split) {
        return new Recipe("twenty epochs", 20, split.training(), split.heldOut());
    }

    /** A common mistake: a quick try on the first few rows, evaluated on those same rows. Its metrics look perfect. */
    public static Recipe evaluatedOnItsTrainingRows(Split split) {
        List<Sample> first = split.training().subList(0, HURRIED_ROWS);
        return new Recipe("500 epochs on the first 20 rows", 500, first, first);
    }

    Dataset trainingData() {
        return dataset(training);
    }

    Dataset evaluationData() {
        return dataset(evaluation);
    }

    private static Dataset dataset(List<Sample> rows) {
        return Dataset.named(DATASET).at(BreastCancerData.DOI).rows(rows.size()).digest(Sample.digest(rows));
    }
}
