package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.modelregistry.Environment;
import io.modelregistry.ModelRegistry;
import io.modelregistry.VersionId;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Rollout;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.EnvironmentRules.CardPart;
import io.modelregistry.policy.MetricRule;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.Rule;
import io.modelregistry.policy.RulesUnmetException;
import io.modelregistry.policy.UnmetRule;
import io.modelregistry.policy.Waiver;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelCard;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of an environment by itself: what it asks, of whom, and what it says of what it doesn't let through. */
class EnvironmentRulesTest {
    private static final Metric AUC = Metric.higherIsBetter("auc", 0.9);

    @TempDir
    Path cache;

    private Rig rig;
    private ModelRegistry ada;
    private Environment production;
    private Environment staging;

    @BeforeEach
    void registerAVersion() {
        rig = new Rig(cache);
        ada = rig.client("ada");
        ada.model("tumor").register(model("one"));
        production = ada.model("tumor").environment("production");
        staging = ada.model("tumor").environment("staging");
    }

    @AfterEach
    void whatWasLetThroughIsVerified() {
        assertThat(ada.verify().findings()).isEmpty();
        rig.close();
    }

    // ---- metrics

    @ParameterizedTest
    @CsvSource({"0.1, 0.1, true", "0.1, 0.11, false", "0.1, 0.09, true"})
    void aMetricIsAtMostItsBound(double bound, double measured, boolean fits) {
        register(model("two").metric(Metric.lowerIsBetter("brier", measured)));
        rules(EnvironmentRules.none().metric(MetricRule.atMost("brier", bound)));

        if (fits) {
            production.promote(2, "go");
        } else {
            assertThat(unmet(2)).singleElement().satisfies(rule -> {
                assertThat(rule.rule()).isEqualTo(Rule.METRIC);
                assertThat(rule.sentence()).isEqualTo("brier of tumor@2 is 0.11, above 0.1");
            });
        }
    }

    @Test
    void whoMayMeasureAMissingMetricIsSaid() {
        rules(EnvironmentRules.none()
                .metric(MetricRule.atLeast("auc", 0.9))
                .metric(MetricRule.atLeast("f1", 0.9).assessed()));

        assertThat(unmet(1))
                .extracting(UnmetRule::sentence, UnmetRule::remedy)
                .containsExactly(
                        tuple("there is no auc of tumor@1", "Measure it, and record that with evaluate() or assess()."),
                        tuple(
                                "there is no f1 of tumor@1 that an evaluator measured",
                                "Have an evaluator measure it, and record that with assess()."));
    }

    @Test
    void whatWasMeasuredElsewhereIsNoEvaluationOnTheDataset() {
        register(model("two").metric(AUC).metric(AUC.on("training")));
        rules(EnvironmentRules.none().evaluatedOn("held-out"));

        assertThat(unmet(2)).extracting(UnmetRule::sentence).containsExactly("tumor@2 was not evaluated on held-out");

        ada.version("tumor@2").evaluate(Evaluation.of("at last", AUC.on("held-out")));
        production.promote(2, "go");
    }

    @Test
    void onlyTheDatasetAndTheSliceThatARuleNamesAreCompared() {
        register(measured("strong", 0.9, 0.9, 0.9, 0.9));
        production.promote(2, "start");
        rules(EnvironmentRules.none()
                .metric(MetricRule.noWorseThan("auc", "production")
                        .on("held-out")
                        .slice("women")));
        register(measured("weaker elsewhere", 0.5, 0.5, 0.5, 0.9));
        register(measured("weaker there", 0.9, 0.9, 0.9, 0.89));

        production.promote(3, "no worse where it counts");

        production.promote(2, "back");
        assertThat(unmet(4))
                .extracting(UnmetRule::sentence)
                .containsExactly("auc on held-out [women] of tumor@4 is 0.89, worse than the 0.9 of tumor@2, which"
                        + " production serves");
    }

    @Test
    void ofARuleWithoutADatasetTheSliceCounts() {
        register(measured("strong", 0.9, 0.9, 0.9, 0.9));
        production.promote(2, "start");
        rules(EnvironmentRules.none()
                .metric(MetricRule.noWorseThan("auc", "production").slice("women")));
        register(measured("weaker for women in training", 0.9, 0.8, 0.9, 0.9));
        register(measured("weaker for all", 0.8, 0.9, 0.8, 0.9));

        assertThat(unmet(3))
                .singleElement()
                .satisfies(rule -> assertThat(rule.sentence()).startsWith("auc on training [women] of tumor@3 is 0.8"));
        production.promote(4, "go");
    }

    @Test
    void aVersionServedInTheShadowIsNothingToBeComparedWith() {
        register(model("two").metric(Metric.higherIsBetter("auc", 0.8)));
        register(model("three").metric(AUC));
        production.promote(Promotion.of(Rollout.of(1).shadow("silent", 3), "compare quietly"));
        rules(EnvironmentRules.none().metric(MetricRule.noWorseThan("auc", "production")));

        production.promote(2, "better than what answers");
    }

    @Test
    void whatIsServedAlreadyIsNoWorseThanItself() {
        register(model("two").metric(AUC));
        production.promote(2, "start");
        rules(EnvironmentRules.none().metric(MetricRule.noWorseThan("auc", "production")));

        production.promote(2, "once more");
    }

    // ---- time served

    @Test
    void timeInTheShadowAndTimeWithNothingServedDoNotCount() {
        register(model("two"));
        rules(EnvironmentRules.none().servedIn("staging", Duration.ofHours(10)));
        staging.promote(Promotion.of(Rollout.of(1).shadow("silent", 2), "compare quietly"));
        rig.host.advance(Duration.ofHours(20));

        assertThat(unmet(2)).extracting(UnmetRule::sentence).containsExactly("tumor@2 was never served in staging");

        staging.promote(2, "answer");
        rig.host.advance(Duration.ofHours(9));
        staging.withdraw("a pause");
        rig.host.advance(Duration.ofHours(20));
        assertThat(unmet(2))
                .extracting(UnmetRule::sentence)
                .containsExactly("tumor@2 was served in staging for PT9H, which is less than PT10H");
        production.promote(1, "it was served for twenty hours");
    }

    @Test
    void aClockThatIsAheadMakesNoTimeNegative() {
        rules(EnvironmentRules.none().servedIn("staging", Duration.ofSeconds(1)));
        rig.faulty("dan", rig.options(), rig.host.another(Duration.ofSeconds(50)))
                .registry()
                .model("tumor")
                .environment("staging")
                .promote(1, "by a clock that is ahead");

        assertThat(unmet(1))
                .extracting(UnmetRule::sentence)
                .containsExactly("tumor@1 was served in staging for PT0S, which is less than PT1S");
    }

    @Test
    void theTimesOfALongHistoryAreAddedUp() {
        register(model("two"));
        for (int i = 0; i < 40; i++) {
            staging.promote(1, "an hour");
            rig.host.advance(Duration.ofHours(1));
            staging.promote(2, "half an hour");
            rig.host.advance(Duration.ofMinutes(30));
        }
        rules(EnvironmentRules.none().servedIn("staging", Duration.ofHours(41)));

        assertThat(unmet(1))
                .extracting(UnmetRule::sentence)
                .containsExactly("tumor@1 was served in staging for PT40H, which is less than PT41H");
    }

    // ---- state, format, card, attestations

    @Test
    void aVersionThatNoEnvironmentMayServeIsToldThatAlone() {
        rules(EnvironmentRules.none().states(LifecycleState.APPROVED));
        ada.version("tumor@1").retire("superseded");

        assertThat(unmet(1)).extracting(UnmetRule::sentence).containsExactly("tumor@1 is RETIRED");
    }

    @Test
    void whatIsInAnAllowedFormatIsServedAndOtherFormatsAreNot() {
        register(Registration.empty().file("model.gguf", "GGUF\3\0\0\0".getBytes(StandardCharsets.ISO_8859_1)));
        rules(EnvironmentRules.none().formats("gguf", "onnx"));

        production.promote(2, "go");

        assertThat(unmet(1)).extracting(UnmetRule::rule).containsExactly(Rule.FORMAT);
    }

    @Test
    void theMissingPartOfACardIsNamed() {
        register(model("two").card(new ModelCard("triage", " ")));
        register(model("three").card(new ModelCard(null, "adults only")));
        rules(EnvironmentRules.none().card(CardPart.INTENDED_USE, CardPart.LIMITS));

        assertThat(unmet(2))
                .extracting(UnmetRule::sentence)
                .containsExactly("the model card of tumor@2 says nothing about its limits");
        assertThat(unmet(3))
                .extracting(UnmetRule::sentence)
                .containsExactly("the model card of tumor@3 says nothing about its intended use");
    }

    @Test
    void eachAttestationIsAskedForAndNoneTakesThePlaceOfAnother() {
        rules(EnvironmentRules.none().attestation("clinical").attestation("legal"));
        ada.version("tumor@1").assess(Evaluation.of("board", AUC).attest(Attestation.of("clinical")));
        ada.version("tumor@1").assess(Evaluation.of("board", AUC).attest(Attestation.of("security")));

        assertThat(unmet(1))
                .extracting(UnmetRule::sentence)
                .containsExactly("nobody has attested \"legal\" of tumor@1");

        ada.version("tumor@1").assess(Evaluation.of("board", AUC).attest(Attestation.of("legal")));
        production.promote(1, "go");
    }

    // ---- waivers

    @Test
    void aWaiverIsForOneVersionOneEnvironmentAndOneRule() {
        register(model("two"));
        EnvironmentRules rules = EnvironmentRules.none().metric(MetricRule.atLeast("auc", 0.9));
        ada.policy()
                .set(
                        Policy.none()
                                .environment("production", rules)
                                .environment("staging", rules)
                                .waive(Waiver.of(VersionId.of("tumor", 2), "production", Rule.METRIC, "urgent"))
                                .waive(Waiver.of(VersionId.of("tumor", 1), "production", Rule.CARD, "no card")),
                        "for this test");
        rig.host.advance(Duration.ofMinutes(1));

        production.promote(2, "waived");

        assertThat(unmet(1)).extracting(UnmetRule::rule).containsExactly(Rule.METRIC);
        assertThat(catchThrowableOfType(RulesUnmetException.class, () -> staging.promote(2, "not waived here"))
                        .unmet())
                .extracting(UnmetRule::rule)
                .containsExactly(Rule.METRIC);
    }

    // ----

    private void register(Registration registration) {
        ada.model("tumor").register(registration);
    }

    private void rules(EnvironmentRules rules) {
        ada.policy().set(Policy.none().environment("production", rules), "for this test");
        rig.host.advance(Duration.ofMinutes(1));
    }

    private List<UnmetRule> unmet(long version) {
        return catchThrowableOfType(RulesUnmetException.class, () -> production.promote(version, "go"))
                .unmet();
    }

    private static Registration measured(
            String weights, double training, double trainingWomen, double heldOut, double heldOutWomen) {
        return model(weights)
                .metric(Metric.higherIsBetter("auc", training).on("training"))
                .metric(Metric.higherIsBetter("auc", trainingWomen)
                        .on("training")
                        .slice("women"))
                .metric(Metric.higherIsBetter("auc", heldOut).on("held-out"))
                .metric(Metric.higherIsBetter("auc", heldOutWomen)
                        .on("held-out")
                        .slice("women"));
    }
}
