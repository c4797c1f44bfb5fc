package io.modelregistry.examples.quickstart;

import io.modelregistry.version.Metric;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Quality on labelled rows of both diagnoses, malignant being the positive class.
 *
 * @param auc area under the ROC curve: the chance that a malignant row scores higher than a benign one
 * @param logLoss mean negative natural logarithm of the probability given to the true diagnosis; lower is better
 */
record Metrics(Outcomes outcomes, double auc, double logLoss) {

    private static final double SMALLEST_PROBABILITY = 1e-15;

    static Metrics of(Classifier classifier, List<Sample> samples) {
        return of(samples, classifier.predict(Sample.features(samples)));
    }

    static Metrics of(List<Sample> samples, List<Prediction> predictions) {
        return new Metrics(Outcomes.of(samples, predictions), auc(samples, predictions), logLoss(samples, predictions));
    }

    /** For the registry, measured on the dataset of this name. */
    List<Metric> on(String dataset) {
        return Stream.of(
                        Metric.higherIsBetter("accuracy", outcomes.accuracy()),
                        Metric.higherIsBetter("auc", auc),
                        Metric.higherIsBetter("sensitivity", outcomes.sensitivity()),
                        Metric.higherIsBetter("specificity", outcomes.specificity()),
                        Metric.lowerIsBetter("log_loss", logLoss))
                .map(metric -> metric.on(dataset))
                .toList();
    }

    String summary() {
        return String.format(
                Locale.ROOT,
                "accuracy %.3f, AUC %.3f, log loss %.3f, missed %d of %d malignant, false alarm for %d of %d benign",
                outcomes.accuracy(),
                auc,
                logLoss,
                outcomes.missed(),
                outcomes.malignant(),
                outcomes.falseAlarms(),
                outcomes.benign());
    }

    private static double logLoss(List<Sample> samples, List<Prediction> predictions) {
        double loss = 0;
        for (int i = 0; i < samples.size(); i++) {
            double malignancy = predictions.get(i).malignancy();
            double probability = samples.get(i).diagnosis() == Diagnosis.MALIGNANT ? malignancy : 1 - malignancy;
            loss -= Math.log(Math.max(probability, SMALLEST_PROBABILITY));
        }
        return loss / samples.size();
    }

    private static double auc(List<Sample> samples, List<Prediction> predictions) {
        double wins = 0;
        long pairs = 0;
        for (int i = 0; i < samples.size(); i++) {
            for (int j = 0; j < samples.size(); j++) {
                if (samples.get(i).diagnosis() == Diagnosis.MALIGNANT
                        && samples.get(j).diagnosis() == Diagnosis.BENIGN) {
                    double order = Math.signum(
                            predictions.get(i).malignancy() - predictions.get(j).malignancy());
                    wins += (order + 1) / 2;
                    pairs++;
                }
            }
        }
        return wins / pairs;
    }
}
