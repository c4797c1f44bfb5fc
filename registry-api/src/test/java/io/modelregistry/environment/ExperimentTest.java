package io.modelregistry.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Actor;
import io.modelregistry.Digest;
import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Revision;
import io.modelregistry.environment.ArmResult.Mean;
import io.modelregistry.environment.ArmResult.Proportion;
import io.modelregistry.environment.Deployment.Change;
import io.modelregistry.environment.Promotion.Conclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be asked and concluded, and which changes an experiment went from and to. */
final class ExperimentTest {
    private static final EnvironmentName PRODUCTION = EnvironmentName.of("production");
    private static final Experiment DOSE = new Experiment("dose-7", "fewer readmissions", "readmission-30d");
    private static final Experiment SCAN = new Experiment("scan-2", "fewer scans", "scans");

    private static final Rollout BOTH =
            Rollout.of(Arm.of("a", 1, Share.percent(50)), Arm.of("b", 2, Share.percent(50)));

    @ParameterizedTest
    @ValueSource(strings = {"", "Dose", "-dose", ".dose", "dose 7", "dose\n"})
    void anExperimentsIdIsAShortWord(String id) {
        assertThatThrownBy(() -> new Experiment(id, "fewer", "readmission"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("Not an experiment's id: \"")
                .hasMessageNotContaining("\n");
    }

    @Test
    void whatIsExpectedAndByWhatItIsJudgedIsWrittenDownInALine() {
        assertThat(new Experiment("d".repeat(64), "h".repeat(500), "o".repeat(128)).id())
                .hasSize(64);
        assertThatThrownBy(() -> new Experiment("d".repeat(65), "fewer", "readmission"))
                .isInstanceOf(InvalidRequestException.class);
        for (String no : List.of(" ", "\n", "x".repeat(501))) {
            assertThatThrownBy(() -> new Experiment("dose-7", no, "readmission"))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> new Experiment("dose-7", "fewer", no)).isInstanceOf(InvalidRequestException.class);
        }
        assertThatThrownBy(() -> new Experiment("dose-7", "fewer", ""))
                .hasMessage("Experiment dose-7 needs a hypothesis and the name of its outcome");
    }

    @Test
    void theExperimentsIdIsTheSaltUnlessThereIsOne() {
        assertThat(BOTH.experiment(DOSE).salt()).isEqualTo("dose-7");
        assertThat(BOTH.salt("winter").experiment(DOSE).salt()).isEqualTo("winter");
        assertThat(BOTH.experiment(DOSE).tested()).contains(DOSE);
        assertThat(BOTH.tested()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-1, 0", "1, -1", "1, 2"})
    void ofAnOutcomeThatHappensOrNotNoMoreAreCountedThanWereObserved(long count, long successes) {
        assertThatThrownBy(() -> new Proportion("a", count, successes))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Not the result of arm a: " + successes + " of " + count);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 0", "2, NaN, 0", "2, Infinity, 0", "2, 0, NaN", "2, 0, Infinity", "2, 0, -0.1"})
    void aMeanIsOfTwoAtLeastAndItsNumbersAreFinite(long count, double mean, double variance) {
        assertThatThrownBy(() -> new Mean("a", count, mean, variance))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("Not the result of arm a: mean " + mean + ", variance " + variance);
    }

    @Test
    void whatWasObservedIsPrintedAsItIsRead() {
        assertThat(new Proportion("a", 1, 0)).hasToString("a: 0 of 1");
        assertThat(new Proportion("a", 1, 1)).hasToString("a: 1 of 1");
        assertThat(new Mean("b", 2, 0.5, 0)).hasToString("b: mean 0.5, variance 0.0 of 2");
    }

    @ParameterizedTest
    @CsvSource({
        "NaN, -1, 1, 0.95, 0.5",
        "0, NaN, 1, 0.95, 0.5",
        "0, -1, NaN, 0.95, 0.5",
        "0, -Infinity, 1, 0.95, 0.5",
        "0, -1, Infinity, 0.95, 0.5",
        "-1.1, -1, 1, 0.95, 0.5",
        "1.1, -1, 1, 0.95, 0.5",
        "0, -1, 1, 0, 0.5",
        "0, -1, 1, 1, 0.5",
        "0, -1, 1, NaN, 0.5",
        "0, -1, 1, 0.95, -0.01",
        "0, -1, 1, 0.95, 1.01",
        "0, -1, 1, 0.95, NaN"
    })
    void whatNoTestCanSayIsRefused(double effect, double low, double high, double confidence, double pValue) {
        assertThatThrownBy(() -> new Analysis("z-test", "a", "b", effect, low, high, confidence, pValue))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Not the result of a test: effect " + effect + " in [" + low + ", " + high + "] at "
                        + confidence + ", p = " + pValue);
    }

    @Test
    void whatATestJustCanSayIsTaken() {
        assertThat(new Analysis("z-test", "a", "b", 0, 0, 0, 0.95, 0).low()).isZero();
        assertThat(new Analysis("z-test", "a", "b", 1, 0, 1, 0.95, 1).pValue()).isEqualTo(1);
        assertThatThrownBy(() -> new Analysis("z\ntest", "a", "b", 0, 0, 0, 0.95, 0))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aConclusionHasOneResultOfAnArm() {
        Conclusion conclusion = Conclusion.of("dose-7").observed(new Proportion("a", 10, 1));

        assertThat(conclusion.observed(new Proportion("b", 10, 1)).results()).hasSize(2);
        assertThatThrownBy(() -> conclusion.observed(new Mean("a", 10, 1, 1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith(
                        "Experiment dose-7 can't be concluded with two results of one arm: [a: 1 of 10");
    }

    @Test
    void aConclusionSpeaksOfTheExperimentUnderWayAndOfItsArms() {
        Rollout tested = BOTH.experiment(DOSE);
        Conclusion conclusion = Conclusion.of("dose-7");
        Analysis ofAnother = new Analysis("z-test", "c", "b", 0, 0, 0, 0.95, 0.5);
        Analysis withAnother = new Analysis("z-test", "a", "c", 0, 0, 0, 0.95, 0.5);

        for (Conclusion wrong : List.of(
                conclusion.keep("c"),
                conclusion.observed(new Proportion("c", 1, 1)),
                conclusion.analysed(ofAnother),
                conclusion.analysed(withAnother))) {
            assertThatThrownBy(() -> new Conclude(wrong).after(tested, Instant.EPOCH))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("the experiment has no arm c, but [a, b]");
        }
        assertThatThrownBy(() -> new Conclude(Conclusion.of("scan-2")).after(tested, Instant.EPOCH))
                .hasMessage("there is no experiment scan-2 under way (experiment dose-7)");
        assertThatThrownBy(() -> new Conclude(conclusion).after(BOTH, Instant.EPOCH))
                .hasMessage("there is no experiment dose-7 under way (1 (50 %) + 2 (50 %))");
        assertThat(new Conclude(conclusion.keep("b")).after(tested, Instant.EPOCH))
                .isEqualTo(Rollout.of(2));
        assertThat(new Conclude(conclusion).after(tested, Instant.EPOCH)).isEqualTo(BOTH.salt("dose-7"));
        assertThat(conclusion.keep("b").keptArm()).contains("b");
        assertThat(conclusion.keptArm()).isEmpty();
    }

    @Test
    void anExperimentGoesFromTheChangeThatBeginsItToTheOneThatEndsIt() {
        Deployment begun = change(1, BOTH.experiment(DOSE), null);
        Deployment ramped = change(2, new Promotion.Ramp(Share.percent(60)).after(begun.served(), Instant.EPOCH), null);
        Deployment ended = change(3, Rollout.of(2), Conclusion.of("dose-7"));

        List<ExperimentRun> runs =
                ExperimentRun.among(PRODUCTION, List.of(begun, ramped, ended, change(4, Rollout.of(3), null)));

        assertThat(runs).containsExactly(new ExperimentRun(PRODUCTION, DOSE, begun, ended));
        assertThat(runs.get(0).conclusion()).contains(Conclusion.of("dose-7"));
        assertThat(runs.get(0).names(2)).isTrue();
        assertThat(runs.get(0).names(3)).isFalse();
    }

    @Test
    void anExperimentIsUnderWayUntilSomethingElseIsServedOrNothing() {
        Deployment before = change(1, Rollout.of(1), null);
        Deployment dose = change(2, BOTH.experiment(DOSE), null);
        Deployment scan = change(3, BOTH.experiment(SCAN), null);
        Deployment nothing = change(4, null, null);
        Deployment again = change(5, BOTH.experiment(SCAN), null);

        List<ExperimentRun> runs = ExperimentRun.among(PRODUCTION, List.of(before, dose, scan, nothing, again));

        assertThat(runs)
                .containsExactly(
                        new ExperimentRun(PRODUCTION, DOSE, dose, scan),
                        new ExperimentRun(PRODUCTION, SCAN, scan, nothing),
                        new ExperimentRun(PRODUCTION, SCAN, again, null));
        assertThat(runs.get(0).conclusion()).isEmpty();
        assertThat(runs.get(2).end()).isEmpty();
        assertThat(ExperimentRun.among(PRODUCTION, List.of(before))).isEmpty();
    }

    private static Deployment change(long sequence, @Nullable Rollout served, @Nullable Conclusion conclusion) {
        return new Deployment(
                new Revision("environments/production/tumor", sequence),
                served,
                conclusion == null ? Change.PROMOTE : Change.CONCLUDE,
                Actor.of("ada"),
                "",
                Instant.EPOCH,
                Digest.of(new byte[] {1}),
                conclusion);
    }
}
