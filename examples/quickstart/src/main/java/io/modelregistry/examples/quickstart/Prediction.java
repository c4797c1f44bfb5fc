package io.modelregistry.examples.quickstart;

/** A predicted diagnosis and the probability, 0 to 1, that the tumour is malignant. */
public record Prediction(Diagnosis diagnosis, double malignancy) {}
