package io.modelregistry.experiments;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.environment.Analysis;
import io.modelregistry.environment.ArmResult;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.inference.ChiSquareTest;
import org.apache.commons.statistics.inference.DataDispersion;
import org.apache.commons.statistics.inference.FisherExactTest;
import org.apache.commons.statistics.inference.TTest;

/**
 * Compares what two arms of an experiment did, two-sided:
 *
 * <pre>{@code
 * Proportion a = new Proportion("a", 4_000, 480);
 * Proportion b = new Proportion("b", 4_100, 410);
 * production.conclude(Conclusion.of("dose-7").observed(a).observed(b).analysed(ArmTest.at(0.95).compare(a, b)).keep("b"), "fewer readmissions");
 * }</pre>
 *
 * <p>One test of two arms, planned before the data are seen: it corrects neither for several comparisons nor for looking early.
 *
 * @param confidence level of the interval of the effect, such as 0.95
 */
public record ArmTest(double confidence) {
    /** Below it the chi-square distribution is a poor approximation (Cochran, "Some methods for strengthening the common chi-square tests", 1954). */
    private static final double LEAST_EXPECTED = 5;

    public ArmTest {
        if (!(confidence > 0.5 && confidence < 1)) {
            throw new InvalidRequestException("Not a level of confidence: " + confidence + "; it is such as 0.95");
        }
    }

    public static ArmTest at(double confidence) {
        return new ArmTest(confidence);
    }

    /**
     * Two proportions: the z-test with a pooled variance, which is Pearson's chi-square test of the table, without a correction for continuity; Fisher's exact test
     * where fewer than 5 are expected in a cell. The interval of the difference is Newcombe's hybrid of two Wilson scores (Newcombe, "Interval estimation for the
     * difference between independent proportions", Statistics in Medicine 17, 1998, method 10).
     */
    public Analysis compare(ArmResult.Proportion control, ArmResult.Proportion treatment) {
        distinct(control, treatment);
        int[][] table = {
            {count(control.successes()), count(control.count() - control.successes())},
            {count(treatment.successes()), count(treatment.count() - treatment.successes())}
        };
        boolean exact = leastExpected(control, treatment) < LEAST_EXPECTED;
        double pValue = exact
                ? FisherExactTest.withDefaults().test(table).getPValue()
                : ChiSquareTest.withDefaults()
                        .test(new long[][] {{table[0][0], table[0][1]}, {table[1][0], table[1][1]}})
                        .getPValue();
        double before = share(control);
        double after = share(treatment);
        double[] first = wilson(control);
        double[] second = wilson(treatment);
        double effect = after - before;
        double low = effect - Math.hypot(after - second[0], first[1] - before);
        double high = effect + Math.hypot(second[1] - after, before - first[0]);
        return new Analysis(
                exact ? "fisher exact test" : "two-proportion z-test",
                control.arm(),
                treatment.arm(),
                effect,
                low,
                high,
                confidence,
                Math.min(1, pValue));
    }

    /** Two means: Welch's t-test, which doesn't suppose equal variances. */
    public Analysis compare(ArmResult.Mean control, ArmResult.Mean treatment) {
        distinct(control, treatment);
        if (control.variance() == 0 && treatment.variance() == 0) {
            throw new InvalidRequestException("The arms " + control.arm() + " and " + treatment.arm()
                    + " can't be compared: neither varies, so there is nothing to judge their difference by");
        }
        TTest.Result test = TTest.withDefaults()
                .with(DataDispersion.HETEROSCEDASTIC)
                .test(
                        control.mean(),
                        control.variance(),
                        control.count(),
                        treatment.mean(),
                        treatment.variance(),
                        treatment.count());
        double effect = treatment.mean() - control.mean();
        double error = Math.sqrt(control.variance() / control.count() + treatment.variance() / treatment.count());
        double half =
                error * TDistribution.of(test.getDegreesOfFreedom()).inverseSurvivalProbability((1 - confidence) / 2);
        return new Analysis(
                "welch t-test",
                control.arm(),
                treatment.arm(),
                effect,
                effect - half,
                effect + half,
                confidence,
                Math.min(1, test.getPValue()));
    }

    /** Wilson's score interval of one proportion. */
    private double[] wilson(ArmResult.Proportion arm) {
        double z = NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - confidence) / 2);
        double n = arm.count();
        double middle = (share(arm) + z * z / (2 * n)) / (1 + z * z / n);
        double half = z * Math.sqrt(share(arm) * (1 - share(arm)) / n + z * z / (4 * n * n)) / (1 + z * z / n);
        return new double[] {Math.max(0, middle - half), Math.min(1, middle + half)};
    }

    private static double leastExpected(ArmResult.Proportion one, ArmResult.Proportion other) {
        double all = (double) one.count() + other.count();
        double successes = (double) one.successes() + other.successes();
        double fewest = Math.min(one.count(), other.count());
        return fewest * Math.min(successes, all - successes) / all;
    }

    private static double share(ArmResult.Proportion arm) {
        return (double) arm.successes() / arm.count();
    }

    private static int count(long number) {
        if (number > Integer.MAX_VALUE) {
            throw new InvalidRequestException("More than 2,147,483,647 were counted: " + number);
        }
        return (int) number;
    }

    private static void distinct(ArmResult control, ArmResult treatment) {
        if (control.arm().equals(treatment.arm())) {
            throw new InvalidRequestException("The arm " + control.arm() + " can't be compared with itself");
        }
    }
}
