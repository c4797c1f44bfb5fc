package io.modelregistry.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MetricTest {
    @Test
    void itIsMadeFromNameValueAndDirection() {
        Metric auc = Metric.higherIsBetter("auc", 0.9);
        Metric loss = Metric.lowerIsBetter("loss", 0.1)
                .on("held-out")
                .slice("sex=female")
                .within(0.05, 0.15, 0.95);

        assertThat(auc).isEqualTo(new Metric("auc", 0.9, Direction.HIGHER_IS_BETTER, null, null, null));
        assertThat(loss)
                .isEqualTo(new Metric(
                        "loss",
                        0.1,
                        Direction.LOWER_IS_BETTER,
                        "held-out",
                        "sex=female",
                        new ConfidenceInterval(0.05, 0.15, 0.95)));
    }

    @Test
    void itsKeyIsNameDatasetAndSliceAndNothingElse() {
        Metric metric = Metric.higherIsBetter("auc", 0.9).on("held-out");

        assertThat(metric.key())
                .isEqualTo(Metric.lowerIsBetter("auc", 7)
                        .on("held-out")
                        .within(1, 8, 0.5)
                        .key());
        assertThat(metric.key())
                .isNotEqualTo(metric.slice("old").key())
                .isNotEqualTo(metric.on("train").key());
        assertThat(Metric.higherIsBetter("auc", 1).key()).hasToString("auc");
        assertThat(metric.key()).hasToString("auc on held-out");
        assertThat(metric.slice("sex=female").key()).hasToString("auc on held-out [sex=female]");
        assertThat(Metric.higherIsBetter("auc", 1).slice("old").key()).hasToString("auc [old]");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aValueThatIsNoFiniteNumberIsRefused(double value) {
        assertThatThrownBy(() -> Metric.higherIsBetter("auc", value))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Metric auc is " + value
                        + "; a metric is a finite number. Leave it out, or record why as a tag");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, Double.MIN_VALUE, -Double.MAX_VALUE})
    void anyFiniteValueIsTaken(double value) {
        assertThat(Metric.lowerIsBetter("loss", value).value()).isEqualTo(value);
    }

    @Test
    void namesAreNotBlankNotLongAndOnOneLine() {
        Metric metric = Metric.higherIsBetter("auc", 0.9);

        assertThatThrownBy(() -> Metric.higherIsBetter(" ", 0.9)).hasMessage("The metric name is blank");
        assertThatThrownBy(() -> metric.on("")).hasMessage("The dataset of metric auc is blank");
        assertThatThrownBy(() -> metric.slice("\t")).hasMessage("The slice of metric auc is blank");
        assertThatThrownBy(() -> metric.on("x".repeat(101)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The dataset of metric auc has 101 characters; at most 100 are kept");
        assertThatThrownBy(() -> metric.slice("a\nb")).hasMessageStartingWith("The slice of metric auc has U+000A");
        assertThatThrownBy(() -> Metric.higherIsBetter("a\u202e", 1))
                .hasMessageStartingWith("The metric name has U+202E at position 2");
    }

    @ParameterizedTest
    @CsvSource({"0.2, 0.1", "NaN, 0.1", "0.1, NaN", "-Infinity, 1", "0, Infinity"})
    void anIntervalHasTwoFiniteEndsInOrder(double lower, double upper) {
        assertThatThrownBy(() -> new ConfidenceInterval(lower, upper, 0.95))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "Not a confidence interval: [" + lower + ", " + upper + "]: both ends are finite and in order");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.5, 95, Double.NaN})
    void aConfidenceLevelLiesBetweenNothingAndCertainty(double level) {
        assertThatThrownBy(() -> Metric.higherIsBetter("auc", 0.9).within(0.8, 1, level))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Not a confidence level: " + level + ": it lies between 0 and 1, as 0.95 does for 95 %");
    }

    @Test
    void anIntervalMayBeASinglePoint() {
        assertThat(new ConfidenceInterval(0.5, 0.5, 0.95).lower()).isEqualTo(0.5);
    }
}
