package io.modelregistry.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.environment.Analysis;
import io.modelregistry.environment.ArmResult.Mean;
import io.modelregistry.environment.ArmResult.Proportion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against figures that others published. */
final class PublishedFiguresTest {
    private static final ArmTest TEST = ArmTest.at(0.95);

    /** Newcombe 1998, table II, method 10. */
    @ParameterizedTest
    @CsvSource({
        "56, 70, 48, 80, 0.0524, 0.3339",
        "9, 10, 3, 10, 0.1705, 0.8090",
        "6, 7, 2, 7, 0.0582, 0.8062",
        "5, 56, 0, 29, -0.0381, 0.1926",
        "0, 10, 0, 20, -0.1611, 0.2775",
        "10, 10, 0, 20, 0.6791, 1.0000"
    })
    void theIntervalOfADifferenceOfProportionsIsNewcombes(
            long treated, long ofTreated, long controls, long ofControls, double low, double high) {
        Analysis analysis =
                TEST.compare(new Proportion("a", ofControls, controls), new Proportion("b", ofTreated, treated));

        assertThat(analysis.low()).isCloseTo(low, within(0.00006));
        assertThat(analysis.high()).isCloseTo(high, within(0.00006));
        assertThat(analysis.effect())
                .isCloseTo((double) treated / ofTreated - (double) controls / ofControls, within(1e-12));
    }

    /** By hand: the pooled z is 2.8776. */
    @Test
    void manyAreComparedByTheNormalDistribution() {
        Analysis analysis = TEST.compare(new Proportion("a", 4_000, 480), new Proportion("b", 4_100, 410));

        assertThat(analysis.test()).isEqualTo("two-proportion z-test");
        assertThat(analysis.pValue()).isCloseTo(0.004007, within(0.000001));
        assertThat(analysis.effect()).isCloseTo(-0.02, within(1e-12));
        assertThat(analysis.control()).isEqualTo("a");
        assertThat(analysis.treatment()).isEqualTo("b");
    }

    /** Fisher's lady tasting tea: 34 of 70 orders are as far from chance as three cups of four. */
    @Test
    void fewAreComparedExactly() {
        Analysis analysis = TEST.compare(new Proportion("a", 4, 1), new Proportion("b", 4, 3));

        assertThat(analysis.test()).isEqualTo("fisher exact test");
        assertThat(analysis.pValue()).isCloseTo(34.0 / 70, within(1e-9));
    }

    /** Student's sleep data, as R prints them for {@code t.test(extra ~ group, data = sleep)}. */
    @Test
    void meansAreComparedByWelchsTest() {
        Analysis analysis = TEST.compare(new Mean("one", 10, 0.75, 3.200556), new Mean("two", 10, 2.33, 4.009));

        assertThat(analysis.test()).isEqualTo("welch t-test");
        assertThat(analysis.pValue()).isCloseTo(0.07939, within(0.00001));
        assertThat(analysis.low()).isCloseTo(-0.2054832, within(0.000001));
        assertThat(analysis.high()).isCloseTo(3.3654832, within(0.000001));
    }

    @Test
    void aHigherLevelGivesAWiderInterval() {
        Proportion a = new Proportion("a", 400, 48);
        Proportion b = new Proportion("b", 410, 41);

        Analysis wide = ArmTest.at(0.99).compare(a, b);

        assertThat(wide.low()).isLessThan(TEST.compare(a, b).low());
        assertThat(wide.high()).isGreaterThan(TEST.compare(a, b).high());
        assertThat(wide.confidence()).isEqualTo(0.99);
    }

    @Test
    void whatCannotBeComparedIsRefused() {
        Proportion a = new Proportion("a", 10, 1);
        Mean constant = new Mean("a", 10, 1, 0);

        assertThatThrownBy(() -> ArmTest.at(95))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Not a level of confidence: 95.0; it is such as 0.95");
        assertThatThrownBy(() -> TEST.compare(a, a)).hasMessage("The arm a can't be compared with itself");
        assertThatThrownBy(() -> TEST.compare(constant, new Mean("b", 10, 2, 0)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("neither varies");
        assertThatThrownBy(() -> TEST.compare(new Proportion("c", 3_000_000_000L, 2_999_999_999L), a))
                .isInstanceOf(InvalidRequestException.class);
    }
}
