package io.modelregistry.examples.quickstart;

/** The lists kept in the model file itself: what its inputs and outputs mean, in order. */
final class OnnxMetadata {

    static final String COLUMNS = "columns";
    static final String LABELS = "labels";
    static final String SEPARATOR = ",";

    private OnnxMetadata() {}
}
