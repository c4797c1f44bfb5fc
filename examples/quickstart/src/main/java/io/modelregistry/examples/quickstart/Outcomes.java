package io.modelregistry.examples.quickstart;

import java.util.List;

/** The confusion matrix: how many malignant rows were found, and how many benign rows raised an alarm. */
record Outcomes(int malignant, int found, int benign, int falseAlarms) {

    static Outcomes of(List<Sample> samples, List<Prediction> predictions) {
        int malignant = 0;
        int found = 0;
        int falseAlarms = 0;
        for (int i = 0; i < samples.size(); i++) {
            boolean alarm = predictions.get(i).diagnosis() == Diagnosis.MALIGNANT;
            if (samples.get(i).diagnosis() == Diagnosis.MALIGNANT) {
                malignant++;
                found += alarm ? 1 : 0;
            } else {
                falseAlarms += alarm ? 1 : 0;
            }
        }
        return new Outcomes(malignant, found, samples.size() - malignant, falseAlarms);
    }

    int rows() {
        return malignant + benign;
    }

    int missed() {
        return malignant - found;
    }

    double accuracy() {
        return (double) (rows() - missed() - falseAlarms) / rows();
    }

    /** Share of the malignant rows that were found (recall). */
    double sensitivity() {
        return (double) found / malignant;
    }

    /** Share of the benign rows that raised no alarm. */
    double specificity() {
        return (double) (benign - falseAlarms) / benign;
    }
}
