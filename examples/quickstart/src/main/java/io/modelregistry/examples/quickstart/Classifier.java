package io.modelregistry.examples.quickstart;

import java.util.List;

/** Predicts from unscaled measurements, in the data file's column order; answers in the order of the rows. */
public interface Classifier {

    List<Prediction> predict(double[][] rows);
}
