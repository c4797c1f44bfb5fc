package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelregistry.ConflictException;
import io.modelregistry.Digest;
import io.modelregistry.Environment;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.Revision;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.Version;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.ServedAt.Certainty;
import io.modelregistry.environment.Share;
import io.modelregistry.lifecycle.Approval;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.lifecycle.Review;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.MetricRule;
import io.modelregistry.policy.Policies;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.PolicyAt;
import io.modelregistry.policy.ReviewRules;
import io.modelregistry.policy.Rule;
import io.modelregistry.policy.RulesUnmetException;
import io.modelregistry.policy.UnmetRule;
import io.modelregistry.policy.Waiver;
import io.modelregistry.testkit.Fault;
import io.modelregistry.version.Attestation;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.ModelCard;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What a policy lets through, and everything that it says of what it doesn't. */
class GovernanceTest {
    @TempDir
    Path cache;

    private Rig rig;
    private ModelRegistry ada;
    private ModelRegistry ben;
    private ModelRegistry cleo;
    private Version first;
    private Environment production;

    @BeforeEach
    void registerAVersion() {
        rig = new Rig(cache);
        ada = rig.client("ada");
        ben = rig.client("ben");
        cleo = rig.client("cleo");
        ada.model("tumor").register(model("one"));
        first = ada.version("tumor@1");
        production = ada.model("tumor").environment("production");
    }

    @AfterEach
    void whatWasLetThroughIsVerified(TestInfo test) {
        if (!test.getTags().contains("forged")) {
            assertThat(ada.verify().findings()).isEmpty();
        }
        rig.close();
    }

    // ---- reviews

    @Test
    void aVersionIsApprovedByAsManyPeopleAsThePolicyAsks() {
        policy(Policy.none().reviews(ReviewRules.none().approvals(2)));
        first.submit("please");

        LifecycleState afterOne = ben.version("tumor@1").approve("sound");
        LifecycleState afterTwo = cleo.version("tumor@1").approve("sound as well");

        assertThat(afterOne).isEqualTo(LifecycleState.IN_REVIEW);
        assertThat(afterTwo).isEqualTo(LifecycleState.APPROVED);
        assertThat(first.review().approvals())
                .extracting(signature -> signature.actor().id())
                .containsExactly("ben", "cleo");
    }

    @Test
    void nobodyApprovesTheSameSubmissionTwice() {
        policy(Policy.none().reviews(ReviewRules.none().approvals(2)));
        first.submit("please");
        ben.version("tumor@1").approve("sound");

        assertUnmet(() -> ben.version("tumor@1").approve("still sound"), Rule.REPEATED_APPROVAL);

        assertThat(first.state()).isEqualTo(LifecycleState.IN_REVIEW);
    }

    @Test
    void onePersonsTwoMeaningsAreOnePerson() {
        policy(Policy.none().reviews(ReviewRules.none().approvals(2)));
        first.submit("please");

        ben.version("tumor@1").approve(Approval.of("examined").meaning(Approval.Meaning.REVIEW));
        LifecycleState state = ben.version("tumor@1").approve(Approval.of("agreed"));

        assertThat(state).isEqualTo(LifecycleState.IN_REVIEW);
    }

    @Test
    void everyMeaningThePolicyAsksForIsNeeded() {
        policy(Policy.none()
                .reviews(ReviewRules.none().approvals(1).meanings(Approval.Meaning.REVIEW, Approval.Meaning.RELEASE)));
        first.submit("please");

        assertThat(ben.version("tumor@1").approve(Approval.of("examined").meaning(Approval.Meaning.REVIEW)))
                .isEqualTo(LifecycleState.IN_REVIEW);
        assertThat(cleo.version("tumor@1").approve(Approval.of("go").meaning(Approval.Meaning.RELEASE)))
                .isEqualTo(LifecycleState.APPROVED);
    }

    @Test
    void whoRegisteredAVersionDoesNotApproveIt() {
        policy(Policy.none().reviews(ReviewRules.none().approvals(1).byOthersThanTheRegistrant()));
        first.submit("please");

        assertUnmet(() -> first.approve("mine"), Rule.SELF_APPROVAL);

        assertThat(ben.version("tumor@1").approve("sound")).isEqualTo(LifecycleState.APPROVED);
    }

    @Test
    void anApprovalSaysWhoWhatAndWhenAsThePolicyAsks() {
        policy(Policy.none()
                .reviews(ReviewRules.none()
                        .approvals(1)
                        .withPrintedNames()
                        .authenticatedWithin(Duration.ofMinutes(15))));
        first.submit("please");
        Version seen = ben.version("tumor@1");
        Approval named = Approval.of("sound").printedName("Dr. Ben Adams");

        assertUnmet(() -> seen.approve("sound"), Rule.PRINTED_NAME, Rule.AUTHENTICATION);
        assertUnmet(
                () -> seen.approve(named.authenticatedAt(rig.host.now().minus(Duration.ofMinutes(16)))),
                Rule.AUTHENTICATION);
        assertUnmet(
                () -> seen.approve(named.authenticatedAt(rig.host.now().plus(Duration.ofMinutes(2)))),
                Rule.AUTHENTICATION);
        seen.approve(named.authenticatedAt(rig.host.now().minus(Duration.ofMinutes(14))));

        Review.Signature signature = first.review().approvals().get(0);
        assertThat(signature.printedName()).isEqualTo("Dr. Ben Adams");
        assertThat(signature.manifest()).isEqualTo(first.require().artifact().manifest());
        assertThat(signature.meaning()).isEqualTo(Approval.Meaning.APPROVAL);
    }

    @Test
    void anIdentityProvedJustInTimeIsTakenAndSoIsOneByAClockAMinuteAhead() {
        policy(Policy.none().reviews(ReviewRules.none().approvals(2).authenticatedWithin(Duration.ofMinutes(15))));
        first.submit("please");
        Approval approval = Approval.of("sound");

        ben.version("tumor@1").approve(approval.authenticatedAt(rig.host.now().minus(Duration.ofMinutes(15))));
        LifecycleState state = cleo.version("tumor@1")
                .approve(approval.authenticatedAt(rig.host.now().plus(Duration.ofMinutes(1))));

        assertThat(state).isEqualTo(LifecycleState.APPROVED);
    }

    @Test
    void anApprovalOfOtherBytesIsRefusedWithoutAPolicyToo() {
        first.submit("please");
        Digest other = Digest.of("other".getBytes(StandardCharsets.UTF_8));

        assertUnmet(() -> ben.version("tumor@1").approve(Approval.of("sound").manifest(other)), Rule.MANIFEST);
        assertThat(ben.version("tumor@1")
                        .approve(Approval.of("sound")
                                .manifest(first.require().artifact().manifest())))
                .isEqualTo(LifecycleState.APPROVED);
    }

    @Test
    void aNewSubmissionNeedsItsOwnApprovals() {
        policy(Policy.none().reviews(ReviewRules.none().approvals(2)));
        first.submit("please");
        ben.version("tumor@1").approve("sound");
        cleo.version("tumor@1").reject("not calibrated");
        first.submit("calibrated");

        assertThat(first.review().approvals()).isEmpty();
        assertThat(ben.version("tumor@1").approve("sound")).isEqualTo(LifecycleState.IN_REVIEW);
        assertThat(cleo.version("tumor@1").approve("now it is")).isEqualTo(LifecycleState.APPROVED);
    }

    @Test
    void approvalsStayWithAVersionThroughItsLife() {
        first.submit("please");
        ben.version("tumor@1").approve("sound");
        ben.version("tumor@1").deprecate("a better one is coming");
        ben.version("tumor@1").reinstate("it isn't");

        assertThat(first.review().approvals()).hasSize(1);
        ben.version("tumor@1").retire("replaced");
        assertThat(first.review().approvals()).hasSize(1);
        assertThat(first.review().state()).isEqualTo(LifecycleState.RETIRED);
    }

    @Test
    void approvalsThatTheStandingPolicyWouldNotTakeDoNotCount() {
        policy(Policy.none().reviews(ReviewRules.none().approvals(2)));
        first.submit("please");
        first.approve("mine");
        policy(Policy.none().reviews(ReviewRules.none().approvals(2).byOthersThanTheRegistrant()));

        assertThat(ben.version("tumor@1").approve("sound")).isEqualTo(LifecycleState.IN_REVIEW);
        assertThat(cleo.version("tumor@1").approve("sound")).isEqualTo(LifecycleState.APPROVED);
    }

    // ---- roles

    @Test
    void eachChangeTakesItsRole() {
        policy(Policy.none()
                .role(Role.ADMINISTRATOR, "ada")
                .role(Role.CONTRIBUTOR, "ada")
                .role(Role.EVALUATOR, "ben")
                .role(Role.REVIEWER, "cleo")
                .role(Role.releaser("production"), "cleo"));
        Version bens = ben.version("tumor@1");
        Environment bensProduction = ben.model("tumor").environment("production");
        Evaluation evaluation = Evaluation.of("night run", Metric.higherIsBetter("auc", 0.9));

        assertUnmet(() -> ben.model("tumor").register(model("two")), Rule.ROLE);
        assertUnmet(() -> bens.evaluate(evaluation), Rule.ROLE);
        assertUnmet(() -> first.assess(evaluation), Rule.ROLE);
        assertUnmet(() -> bens.addNote("seen"), Rule.ROLE);
        assertUnmet(() -> ben.model("tumor").archive("old"), Rule.ROLE);
        assertUnmet(() -> bens.submit("please"), Rule.ROLE);
        first.submit("please");
        assertUnmet(() -> bens.approve("sound"), Rule.ROLE);
        assertUnmet(() -> bens.reject("unsound"), Rule.ROLE);
        assertUnmet(() -> bens.retire("old"), Rule.ROLE);
        assertUnmet(() -> bensProduction.promote(1, "go"), Rule.ROLE);
        assertUnmet(() -> bensProduction.rollback("back"), Rule.ROLE);
        assertUnmet(() -> bensProduction.withdraw("stop"), Rule.ROLE);
        assertUnmet(() -> ben.policy().set(Policy.none(), "mine"), Rule.ROLE);

        cleo.model("tumor").environment("production").promote(1, "go");
        ben.model("tumor").environment("staging").promote(1, "anybody's");
    }

    @Test
    void aRoleThatWasJustGivenIsSeenAtOnce() {
        policy(Policy.none().role(Role.CONTRIBUTOR, "ada"));
        assertUnmet(() -> ben.version("tumor@1").submit("please"), Rule.ROLE);
        ada.policy().set(Policy.none().role(Role.CONTRIBUTOR, "ada", "ben"), "ben joined");

        assertThat(ben.version("tumor@1").submit("please")).isEqualTo(LifecycleState.IN_REVIEW);
    }

    @Test
    void repeatingWhatWasDoneIsNotRefusedToWhoMayNoLongerDoIt() {
        Evaluation evaluation =
                Evaluation.of("night run", Metric.higherIsBetter("auc", 0.9)).request("eval-1");
        ben.version("tumor@1").evaluate(evaluation);
        policy(Policy.none().role(Role.CONTRIBUTOR, "ada"));

        ben.version("tumor@1").evaluate(evaluation);

        assertThat(first.metrics()).hasSize(1);
    }

    @Test
    void whoLacksARoleIsToldWhoHasIt() {
        policy(Policy.none()
                .role(Role.releaser("production"), "zoe", "ci:release")
                .role(Role.RELEASER, "yan")
                .role(Role.REVIEWER, "cleo"));

        assertThatThrownBy(() -> production.promote(1, "go"))
                .isInstanceOf(RulesUnmetException.class)
                .hasMessage("Cannot promote to tumor:production: ada is no releaser:production by policy#1."
                        + " Nothing was written. Ask one of [ci:release, yan, zoe], or an administrator for the role.");
    }

    @Test
    void everyChangeCitesThePolicyThatLetItThrough() {
        policy(Policy.none());
        ada.model("tumor").register(model("two"));
        production.promote(1, "start");
        production.promote(2, "next");
        production.rollback("worse");
        production.canary(2, Share.percent(5), "once more");
        production.halt("complaints");
        production.withdraw("stop");
        first.submit("please");
        first.approve("sound");
        first.evaluate(Evaluation.of("", Metric.higherIsBetter("auc", 0.9)));
        first.assess(Evaluation.of("", Metric.higherIsBetter("auc", 0.9)));

        assertThat(rig.store.keys())
                .filteredOn(key -> key.matches("(environments|submissions|reviews|evaluations|assessments)/.*"
                        + "|versions/tumor/0000000002.json"))
                .hasSize(11)
                .allSatisfy(key -> assertThat(new String(rig.store.bytes(key).orElseThrow(), StandardCharsets.UTF_8))
                        .containsPattern("\"seen\":\\{[^}]*\"policy\":1[,}]"));
    }

    // ---- what environments ask

    @Test
    void aRefusalListsEveryUnmetRule() {
        policy(Policy.none()
                .role(Role.releaser("production"), "cleo")
                .environment(
                        "production",
                        EnvironmentRules.none()
                                .states(LifecycleState.APPROVED)
                                .servedIn("staging", Duration.ofDays(7))
                                .metric(MetricRule.atLeast("auc", 0.9).on("held-out"))
                                .card(EnvironmentRules.CardPart.INTENDED_USE, EnvironmentRules.CardPart.LIMITS)
                                .evaluatedOn("held-out")
                                .attestation("clinical-validation")
                                .formats("onnx")));

        RulesUnmetException refusal =
                catchThrowableOfType(RulesUnmetException.class, () -> production.promote(1, "go"));

        assertThat(refusal.unmet())
                .extracting(UnmetRule::rule)
                .containsExactly(
                        Rule.ROLE,
                        Rule.STATE,
                        Rule.FORMAT,
                        Rule.CARD,
                        Rule.CARD,
                        Rule.SERVED_IN,
                        Rule.ATTESTATION,
                        Rule.METRIC,
                        Rule.EVALUATED_ON);
        assertThat(refusal).hasMessageContaining("there is no auc on held-out of tumor@1");
        assertThat(production.history()).isEmpty();
    }

    @Test
    void whatMeetsEveryRuleIsPromoted() {
        ada.model("tumor")
                .register(model("two")
                        .metric(Metric.higherIsBetter("auc", 0.95).on("held-out"))
                        .card(new ModelCard("triage", "adults only")));
        Version second = ada.version("tumor@2");
        policy(Policy.none()
                .environment(
                        "production",
                        EnvironmentRules.none()
                                .states(LifecycleState.APPROVED)
                                .servedIn("staging", Duration.ofDays(7))
                                .metric(MetricRule.atLeast("auc", 0.9).on("held-out"))
                                .metric(MetricRule.atMost("brier", 0.1).assessed())
                                .card(EnvironmentRules.CardPart.INTENDED_USE, EnvironmentRules.CardPart.LIMITS)
                                .evaluatedOn("held-out")
                                .attestation("clinical-validation")));
        ada.model("tumor").environment("staging").promote(2, "try");
        rig.host.advance(Duration.ofDays(8));
        second.submit("please");
        ben.version("tumor@2").approve("sound");
        cleo.version("tumor@2")
                .assess(Evaluation.of("board", Metric.lowerIsBetter("brier", 0.08))
                        .attest(Attestation.of("clinical-validation")));

        production.promote(2, "go");

        assertThat(production.current().orElseThrow().rollout()).contains(Rollout.of(2));
        assertThat(second.attestations()).containsExactly(Attestation.of("clinical-validation"));
        assertThat(second.assessedMetrics()).containsExactly(Metric.lowerIsBetter("brier", 0.08));
    }

    @Test
    void timeInAnotherEnvironmentIsAddedUp() {
        ada.model("tumor").register(model("two"));
        Environment staging = ada.model("tumor").environment("staging");
        policy(Policy.none()
                .environment("production", EnvironmentRules.none().servedIn("staging", Duration.ofHours(10))));
        staging.promote(1, "try");
        rig.host.advance(Duration.ofHours(4));
        staging.promote(2, "another");
        rig.host.advance(Duration.ofHours(100));

        assertThatThrownBy(() -> production.promote(1, "go"))
                .isInstanceOf(RulesUnmetException.class)
                .hasMessageContaining("tumor@1 was served in staging for PT4H, which is less than PT10H");
        staging.promote(1, "again");
        rig.host.advance(Duration.ofHours(6));
        production.promote(1, "go");
    }

    @Test
    void onlyWhatEvaluatorsMeasuredCountsWhereTheRuleSaysSo() {
        policy(Policy.none()
                .environment(
                        "production",
                        EnvironmentRules.none()
                                .metric(MetricRule.atLeast("auc", 0.9).assessed())));
        first.evaluate(Evaluation.of("mine", Metric.higherIsBetter("auc", 0.99)));

        assertUnmet(() -> production.promote(1, "go"), Rule.METRIC);
        cleo.version("tumor@1").assess(Evaluation.of("independent", Metric.higherIsBetter("auc", 0.89)));
        assertUnmet(() -> production.promote(1, "go"), Rule.METRIC);
        cleo.version("tumor@1").assess(Evaluation.of("on all data", Metric.higherIsBetter("auc", 0.9)));
        production.promote(1, "go");
    }

    @Test
    void aVersionIsNoWorseThanWhatIsServedOnEverySliceThatWasMeasured() {
        policy(Policy.none()
                .environment(
                        "production",
                        EnvironmentRules.none()
                                .metric(MetricRule.noWorseThan("auc", "production")
                                        .tolerating(0.01))
                                .metric(MetricRule.noWorseThan("brier", "production"))));
        ada.model("tumor").register(measured("two", 0.90, 0.80, 0.10));
        production.promote(2, "the first that is measured");
        ada.model("tumor").register(measured("worse for some", 0.95, 0.78, 0.10));
        ada.model("tumor").register(measured("badly calibrated", 0.95, 0.80, 0.11));
        ada.model("tumor").register(measured("better", 0.90, 0.79, 0.10));

        assertThatThrownBy(() -> production.promote(3, "go"))
                .isInstanceOf(RulesUnmetException.class)
                .hasMessageContaining("auc on held-out [sex=female] of tumor@3 is 0.78, worse than the 0.8 of tumor@2,"
                        + " which production serves, by more than 0.01");
        assertUnmet(() -> production.promote(4, "go"), Rule.NO_WORSE_THAN);
        assertUnmet(() -> production.promote(1, "go"), Rule.NO_WORSE_THAN, Rule.NO_WORSE_THAN, Rule.NO_WORSE_THAN);
        production.promote(5, "go");
    }

    @Test
    void aToleranceIsMeantInDecimals() {
        ada.model("tumor").register(model("two").metric(Metric.higherIsBetter("auc", 0.8)));
        ada.model("tumor").register(model("three").metric(Metric.higherIsBetter("auc", 0.7)));
        production.promote(2, "start");
        policy(Policy.none()
                .environment(
                        "production",
                        EnvironmentRules.none()
                                .metric(MetricRule.noWorseThan("auc", "production")
                                        .tolerating(0.1))));

        production.promote(3, "no worse than by 0.1");
    }

    @Test
    void whatAVersionIsComparedWithIsWhatItReplaces() {
        ada.model("tumor").register(model("strong").metric(Metric.higherIsBetter("auc", 0.9)));
        ada.model("tumor").register(model("weak").metric(Metric.higherIsBetter("auc", 0.8)));
        policy(Policy.none()
                .environment(
                        "production", EnvironmentRules.none().metric(MetricRule.noWorseThan("auc", "production"))));
        production.promote(1, "measured on nothing");
        Rig.Faulty dan = rig.faulty("dan");
        Environment dans = dan.registry().model("tumor").environment("production");
        assertThat(dans.history()).hasSize(1);
        Environment fresh = dan.registry().model("tumor").environment("production");
        AtomicBoolean done = new AtomicBoolean();
        dan.faults().set(call -> {
            // whatever he reads of the environment first, somebody promotes the stronger one right after
            if (call.key().startsWith("versions/tumor/0000000003") && done.compareAndSet(false, true)) {
                ben.model("tumor").environment("production").promote(2, "stronger");
            }
            return Fault.NONE;
        });

        assertThatThrownBy(() -> fresh.promote(3, "weaker"))
                .isInstanceOfAny(ConflictException.class, RulesUnmetException.class);

        assertThat(done).isTrue();
        assertThat(production.resolve(Consistency.STRONG).version().number()).isEqualTo(2);
    }

    @Test
    void aFormatThatCarriesCodeIsServedOnlyWhereSomebodyWaivedTheRule() {
        ada.model("tumor")
                .register(Registration.empty().file("model.pkl", pickle()).reason("from the notebook"));
        policy(Policy.none().environment("production", EnvironmentRules.none()));

        assertThatThrownBy(() -> production.promote(2, "go"))
                .isInstanceOf(RulesUnmetException.class)
                .hasMessageContaining("tumor@2 is in the format pickle, which can carry code");
        policy(Policy.none()
                .environment("production", EnvironmentRules.none())
                .waive(Waiver.of(VersionId.of("tumor", 2), "production", Rule.FORMAT, "until the exporter works")
                        .until(rig.host.now().plus(Duration.ofDays(1)))));
        production.promote(2, "go");
        rig.host.advance(Duration.ofDays(2));
        assertUnmet(() -> production.promote(2, "again"), Rule.FORMAT);
    }

    @Test
    void aRollbackAsksForStateAndFormatButNotForNumbers() {
        ada.model("tumor").register(model("two"));
        production.promote(1, "start");
        production.promote(2, "next");
        policy(Policy.none()
                .environment(
                        "production",
                        EnvironmentRules.none()
                                .metric(MetricRule.atLeast("auc", 0.9))
                                .servedIn("staging", Duration.ZERO)));

        production.rollback("worse");

        assertThat(production.current().orElseThrow().rollout()).contains(Rollout.of(1));
        policy(Policy.none().environment("production", EnvironmentRules.none().states(LifecycleState.APPROVED)));
        assertThatThrownBy(() -> production.rollback("back again"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("tumor@2 is CANDIDATE, but production serves only what is [APPROVED]");
    }

    // ---- the policy itself

    @Test
    void aPolicyIsSetOnTopOfTheOneThatWasRead() {
        Policies adas = ada.policy();
        assertThat(adas.current()).isEmpty();
        assertThatThrownBy(() -> adas.set(Policy.none(), " "))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("To set a policy needs a reason. Nothing was written");
        assertThatThrownBy(() -> adas.set(
                        Policy.none()
                                .environment(
                                        "production", EnvironmentRules.none().formats("pickle")),
                        "all of them"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("The format pickle can carry code that runs when it is loaded");
        adas.set(Policy.none(), "start");
        Policies bens = ben.policy();
        bens.current();
        adas.set(Policy.none().role(Role.REVIEWER, "cleo"), "reviewers");

        assertThatThrownBy(() -> bens.set(Policy.none(), "mine"))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.actual()).isEqualTo(new Revision("policy", 2)))
                .hasMessageContaining("revision 1 was expected, but since then ada set another (revision 2");
        assertThat(ben.policy().history()).extracting(r -> r.reason()).containsExactly("start", "reviewers");
    }

    @Test
    void changingThePolicyDoesNotChangeThePast() {
        production.promote(1, "before any policy");
        first.submit("please");
        ben.version("tumor@1").approve("one is enough");
        policy(Policy.none()
                .reviews(ReviewRules.none().approvals(2))
                .environment("production", EnvironmentRules.none().metric(MetricRule.atLeast("auc", 0.9))));

        assertThat(first.state()).isEqualTo(LifecycleState.APPROVED);
        assertThat(production.resolve().version().number()).isEqualTo(1);
    }

    @Test
    void thePolicyOfThePastIsAnswered() {
        Instant before = rig.host.now().minusSeconds(1);
        policy(Policy.none());
        Instant between = rig.host.now();
        rig.host.advance(Duration.ofMinutes(1));
        policy(Policy.none().reviews(ReviewRules.none().approvals(2)));
        rig.host.advance(Duration.ofHours(2));

        assertThat(ada.policy().asOf(before).revision()).isEmpty();
        PolicyAt then = ada.policy().asOf(between);
        assertThat(then.revision().orElseThrow().policy()).isEqualTo(Policy.none());
        assertThat(then.certainty()).isEqualTo(Certainty.SETTLED);
        assertThat(ada.policy()
                        .asOf(rig.host.now())
                        .revision()
                        .orElseThrow()
                        .revision()
                        .sequence())
                .isEqualTo(2);
    }

    @Test
    @Tag("forged")
    void aPolicyThatCannotBeReadStandsInTheWayOnlyWhileItStands() {
        policy(Policy.none());
        String key = "policy/0000000001.json";
        String line = new String(SelfVerifying.open(rig.store.bytes(key).orElseThrow()), StandardCharsets.UTF_8);
        rig.store.put(
                key,
                SelfVerifying.seal(
                        line.replace("\"reviews\":", "\"moods\":1,\"reviews\":").getBytes(StandardCharsets.UTF_8)));
        ModelRegistry dan = rig.client("dan");
        Environment dans = dan.model("tumor").environment("production");
        assertThatThrownBy(() -> dans.promote(1, "go")).isInstanceOf(UpgradeRequiredException.class);
        rig.store.put("policy/0000000002.json", successor(line));

        dans.promote(1, "go");

        assertThat(dans.current()).isPresent();
    }

    private static byte[] successor(String line) {
        String digest = Digest.of(SelfVerifying.seal(
                        line.replace("\"reviews\":", "\"moods\":1,\"reviews\":").getBytes(StandardCharsets.UTF_8)))
                .hex();
        return SelfVerifying.seal(line.replace("\"sequence\":1", "\"sequence\":2")
                .replace(
                        "\"previous\":null",
                        "\"previous\":{\"sha256\":\"" + digest + "\",\"storedAt\":\"2026-01-01T00:00:00Z\"}")
                .getBytes(StandardCharsets.UTF_8));
    }

    // ---- trying

    @Test
    void aPreviewSaysWhatWouldHappenAndWritesNothing() {
        var before = rig.store.keys();

        var preview = ada.preview(registry -> {
            registry.model("tumor").register(model("two"));
            registry.model("tumor").environment("production").promote(2, "go");
            registry.version("tumor@1").retire("replaced");
        });

        assertThat(preview.isPossible()).isTrue();
        assertThat(preview.changes())
                .extracting(event -> event.what() + " " + event.subject())
                .containsExactly(
                        "register tumor@2",
                        "promote production",
                        "begin-retirement tumor@1",
                        "finish-retirement tumor@1");
        assertThat(rig.store.keys()).isEqualTo(before);
        assertThat(ada.version("tumor@2").find()).isEmpty();
    }

    @Test
    void aPreviewListsWhatStandsInTheWay() {
        policy(Policy.none().environment("production", EnvironmentRules.none().states(LifecycleState.APPROVED)));

        var preview =
                ada.preview(r -> r.model("tumor").environment("production").promote(1, "go"));

        assertThat(preview.isPossible()).isFalse();
        assertThat(preview.unmet()).extracting(UnmetRule::rule).containsExactly(Rule.STATE);
        assertThat(preview)
                .hasToString("Refused:\nstate: tumor@1 is CANDIDATE, but production serves only what is [APPROVED]."
                        + " Submit it, and have it reviewed.");
    }

    @Test
    void aHandleThatIsKeptAfterAPreviewIsClosed() {
        List<Environment> kept = new ArrayList<>();

        ada.preview(r -> kept.add(r.model("tumor").environment("production")));

        assertThatThrownBy(() -> kept.get(0).promote(1, "go")).isInstanceOf(IllegalStateException.class);
    }

    private void policy(Policy policy) {
        ada.policy().set(policy, "for this test");
        // who may make a change is looked up now and then only
        rig.host.advance(Duration.ofMinutes(1));
    }

    private static void assertUnmet(ThrowingCallable change, Rule... rules) {
        assertThatThrownBy(change)
                .isInstanceOfSatisfying(
                        RulesUnmetException.class,
                        refusal -> assertThat(refusal.unmet())
                                .extracting(UnmetRule::rule)
                                .containsExactly(rules));
    }

    private static Registration measured(String weights, double auc, double aucOfWomen, double brier) {
        return model(weights)
                .metric(Metric.higherIsBetter("auc", auc).on("held-out"))
                .metric(Metric.higherIsBetter("auc", aucOfWomen).on("held-out").slice("sex=female"))
                .metric(Metric.lowerIsBetter("brier", brier).on("held-out"));
    }

    private static byte[] pickle() {
        return new byte[] {(byte) 0x80, 4, (byte) 0x95, 1, 0, 0, 0, 0, 0, 0, 0, '}', '.'};
    }
}
