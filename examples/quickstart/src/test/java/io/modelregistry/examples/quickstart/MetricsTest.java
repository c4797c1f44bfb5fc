package io.modelregistry.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.modelregistry.version.Metric;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {

    @Test
    void metricsOfFourRows() {
        List<Sample> samples = List.of(
                sample(Diagnosis.MALIGNANT),
                sample(Diagnosis.MALIGNANT),
                sample(Diagnosis.BENIGN),
                sample(Diagnosis.BENIGN));
        List<Prediction> predictions = List.of(
                new Prediction(Diagnosis.MALIGNANT, 0.8),
                new Prediction(Diagnosis.BENIGN, 0.4),
                new Prediction(Diagnosis.BENIGN, 0.4),
                new Prediction(Diagnosis.BENIGN, 0.2));

        Metrics metrics = Metrics.of(samples, predictions);

        double logLoss = -(Math.log(0.8) + Math.log(0.4) + Math.log(0.6) + Math.log(0.8)) / 4;
        assertEquals(
                List.of(
                        Metric.higherIsBetter("accuracy", 0.75).on("wdbc"),
                        Metric.higherIsBetter("auc", 0.875).on("wdbc"),
                        Metric.higherIsBetter("sensitivity", 0.5).on("wdbc"),
                        Metric.higherIsBetter("specificity", 1.0).on("wdbc"),
                        Metric.lowerIsBetter("log_loss", logLoss).on("wdbc")),
                metrics.on("wdbc"));
        assertEquals(
                "accuracy 0.750, AUC 0.875, log loss 0.468, missed 1 of 2 malignant, false alarm for 0 of 2 benign",
                metrics.summary());
    }

    private static Sample sample(Diagnosis diagnosis) {
        return new Sample(0, "", new double[0], diagnosis);
    }
}
