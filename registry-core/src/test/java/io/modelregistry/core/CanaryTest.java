package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.ConflictException;
import io.modelregistry.Environment;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.Revision;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.audit.Verification;
import io.modelregistry.environment.Analysis;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.ArmResult;
import io.modelregistry.environment.Canary;
import io.modelregistry.environment.Conclusion;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Router;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.Share;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rollouts on their way: what may follow what, what is served meanwhile, and what an auditor finds. */
class CanaryTest {
    private static final String STREAM = "environments/production/tumor";
    private static final Share FIVE = Share.percent(5);

    @TempDir
    Path cache;

    private Rig rig;
    private ModelRegistry ada;
    private Environment production;

    @BeforeEach
    void serveTheFirstOfFour() {
        rig = new Rig(cache);
        ada = rig.client("ada");
        for (String weights : List.of("one", "two", "three", "four")) {
            ada.model("tumor").register(model(weights));
        }
        production = ada.model("tumor").environment("production");
        production.promote(1, "start");
    }

    @AfterEach
    void verifyAndClose() {
        Verification verification = ada.verify();
        assertThat(verification.findings()).isEmpty();
        rig.close();
    }

    @Test
    void aCanaryIsRampedStepByStepAndCompleted() {
        Deployment started = production.promote(
                Promotion.of(Canary.of(2, FIVE).then(Share.percent(25)).then(Share.ALL), "better on the test set"));
        Deployment ramped = production.ramp("no complaints");
        Deployment all = production.ramp("still none");
        Deployment completed = production.complete("done");

        assertThat(describe(started)).isEqualTo("1 (95 %) + 2 (5 %), then 25 %, then 100 %");
        assertThat(started.change()).isEqualTo(Deployment.Change.CANARY);
        assertThat(describe(ramped)).isEqualTo("1 (75 %) + 2 (25 %), then 100 %");
        assertThat(ramped.change()).isEqualTo(Deployment.Change.RAMP);
        assertThat(describe(all)).isEqualTo("1 (0 %) + 2 (100 %)");
        assertThat(completed.rollout()).contains(Rollout.of(2));
        assertThat(completed.change()).isEqualTo(Deployment.Change.COMPLETE);
    }

    @Test
    void whoAsksIsAnsweredByTheArmOfTheirKeyAndToldWhichItWas() {
        Rollout rollout =
                production.canary(2, Share.percent(40), "try").rollout().orElseThrow();
        Router router = Router.of(production.resolve().version().id().model(), rollout);

        for (int i = 0; i < 50; i++) {
            Routing routing = Routing.of("patient-" + i);
            Resolution resolution = production.resolve(routing);
            Arm arm = router.arm(routing);

            assertThat(resolution.arm()).contains(arm.id());
            assertThat(resolution.version().number()).isEqualTo(arm.version());
            assertThat(ada.reproduce(resolution.receipt()).missing()).isEmpty();
        }
        assertThat(production.resolve().version().number()).isEqualTo(1);
        assertThat(ada.resolve("tumor:production").version().number()).isEqualTo(1);
    }

    @Test
    void aShadowIsAnsweredBesideAndHasAReceiptOfItsOwn() {
        production.promote(Promotion.of(Rollout.of(1).shadow("silent", 2), "compare quietly"));

        Resolution resolution = production.resolve(Routing.of("patient-77"));

        assertThat(resolution.version().number()).isEqualTo(1);
        assertThat(resolution.shadows()).singleElement().satisfies(shadow -> {
            assertThat(shadow.version().number()).isEqualTo(2);
            assertThat(ada.reproduce(shadow.receipt()).missing()).isEmpty();
        });
        assertThat(describe(production.canary(2, FIVE, "fit for patients"))).isEqualTo("1 (95 %) + 2 (5 %)");
    }

    @Test
    void theKillSwitchLeavesTheStableVersionWhateverCameBetween() {
        production.canary(2, FIVE, "try");
        rig.client("ben").model("tumor").environment("production").ramp(Share.percent(60), "hurry");

        Deployment halted = production.halt("complaints");

        assertThat(halted.rollout()).contains(Rollout.of(1));
        assertThat(halted.change()).isEqualTo(Deployment.Change.HALT);
        assertThat(halted.revision()).isEqualTo(new Revision(STREAM, 4));
        assertThatThrownBy(() -> production.halt("again"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Cannot halt tumor:production: nothing is under way: it serves version 1 to everybody."
                        + " Roll back to what was served before, or withdraw it. Nothing was written");
    }

    @Test
    void everyOtherStepIsRefusedWhenSomebodyElseCameBetween() {
        production.canary(2, FIVE, "try");
        rig.client("ben").model("tumor").environment("production").halt("complaints");

        assertThatThrownBy(() -> production.ramp(Share.percent(50), "no complaints"))
                .isInstanceOf(ConflictException.class)
                .hasMessageStartingWith(
                        "Cannot change tumor:production: revision 2 was expected, but since then ben made"
                                + " it serve version 1 (revision 3, ");
        assertThat(production.history()).hasSize(3);
    }

    @Test
    void aStepThatDoesNotFollowIsRefusedWithTheWayOut() {
        assertThatThrownBy(() -> production.ramp("on"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Cannot change what tumor:production serves: no step is left (1). Name the share, or"
                        + " complete it. Nothing was written");
        assertThatThrownBy(() -> production.ramp(FIVE, "on"))
                .hasMessageContaining("there is not one canary to ramp, but 1. Start one with canary()");
        assertThatThrownBy(() -> production.complete("on")).hasMessageContaining("Promote the version instead");
        assertThatThrownBy(() -> production.canary(1, FIVE, "on"))
                .hasMessageContaining("version 1 is served to everybody already");

        production.promote(Promotion.of(Canary.of(2, FIVE).holdout(Share.percent(2)), "try"));

        assertThatThrownBy(() -> production.canary(3, FIVE, "on"))
                .hasMessageContaining("a rollout is under way (1 (93 %) + 2 (5 %) + 1 (holdout 2 %))."
                        + " Complete or halt it first");
        assertThatThrownBy(() -> production.ramp(Share.ALL, "on"))
                .hasMessageContaining("the canary can't get 100 %, because other arms keep 2 %");
        assertThat(production.history()).hasSize(2);
    }

    @Test
    void whereNothingIsServedThereIsNothingToHaltOrToRamp() {
        Environment staging = ada.model("tumor").environment("staging");

        assertThatThrownBy(() -> staging.halt("complaints"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Cannot halt tumor:staging: it serves nothing. Nothing was written");
        assertThatThrownBy(() -> staging.ramp(FIVE, "on"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Cannot change what tumor:staging serves: it serves nothing. Promote a version first."
                        + " Nothing was written");
        assertThat(staging.history()).isEmpty();
    }

    @Test
    void aStepFollowsWhatItWasCheckedAgainstAndNotWhatCameWhileItWas() {
        production.canary(2, FIVE, "try");
        Environment bens = rig.client("ben").model("tumor").environment("production");
        Rig.Faulty cleos = rig.faulty("cleo");
        AtomicInteger looks = new AtomicInteger();
        AtomicBoolean halted = new AtomicBoolean();
        cleos.faults().set(call -> {
            boolean looksAgain = call.operation() == Operation.GET
                    && call.key().equals(STREAM + "/0000000003.json")
                    && looks.incrementAndGet() == 2;
            if ((looksAgain || call.key().contains("policy")) && halted.compareAndSet(false, true)) {
                bens.halt("complaints");
            }
            return Fault.NONE;
        });

        assertThatThrownBy(() -> cleos.registry()
                        .model("tumor")
                        .environment("production")
                        .ramp(Share.percent(50), "on"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining(
                        "revision 2 was expected, but since then ben made it serve version 1 (revision 3");
        assertThat(production.current().orElseThrow().rollout()).contains(Rollout.of(1));
    }

    @Test
    void aRequestIdMakesAStepOnce() {
        production.promote(
                Promotion.of(Canary.of(2, FIVE).then(Share.percent(25)).then(Share.ALL), "try"));
        Promotion ramp = Promotion.ramp("on").request("job-1");

        Deployment first = production.promote(ramp);
        Deployment again =
                rig.client("ben").model("tumor").environment("production").promote(ramp);

        assertThat(again).isEqualTo(first);
        assertThat(production.history()).hasSize(3);
    }

    @Test
    void aScheduleIsFollowedByEveryProcessAndToldInReceiptsAndByAsOf() {
        Instant start = rig.host.now().truncatedTo(ChronoUnit.SECONDS);
        Instant noon = start.plus(Duration.ofHours(3));
        Instant evening = start.plus(Duration.ofHours(9));
        production.promote(Promotion.of(
                Canary.of(2, FIVE).then(Share.percent(50), noon).then(Share.ALL, evening), "by the clock"));
        Environment other = rig.client("ben").model("tumor").environment("production");

        assertServes(other, FIVE);
        rig.host.advance(Duration.between(rig.host.now(), noon.minusSeconds(1)));
        assertServes(other, FIVE);
        rig.host.advance(Duration.ofHours(1));
        assertServes(other, Share.percent(50));
        rig.host.advance(Duration.ofHours(6));
        assertServes(other, Share.ALL);
        Resolution resolution = other.resolve(Routing.of("patient-77"));
        assertThat(resolution.version().number()).isEqualTo(2);
        assertThat(resolution.receipt().toString()).contains("~production~2~canary.2~");
        assertThat(ada.reproduce(resolution.receipt()).missing()).isEmpty();
        assertThat(other.resolve(Routing.of("patient-77"), evening).receipt()).isEqualTo(resolution.receipt());
        assertThat(other.resolve(Routing.anybody(), start.plusSeconds(1)).arm()).contains("main");
        assertThat(production.asOf(noon.minusSeconds(1)).rollout().orElseThrow().share(2))
                .isEqualTo(FIVE);
        assertThat(production.asOf(noon).rollout().orElseThrow().share(2)).isEqualTo(Share.percent(50));
    }

    @Test
    void aStepTakenByHandEndsTheSchedule() {
        Instant noon = rig.host.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofHours(3));
        production.promote(Promotion.of(
                Canary.of(2, FIVE).then(Share.percent(50), noon).then(Share.ALL, noon.plusSeconds(9)), "by the clock"));

        production.ramp(Share.percent(10), "slower");
        rig.host.advance(Duration.ofHours(5));

        assertServes(production, Share.percent(10));
    }

    @Test
    void whoCannotAskTheStoreTakesNoFurtherStepBecauseItCouldHaveBeenHalted() {
        Instant start = rig.host.now().truncatedTo(ChronoUnit.SECONDS);
        RegistryOptions options = rig.options();
        production.promote(Promotion.of(
                Canary.of(2, Share.NONE)
                        .then(Share.percent(50), start.plus(Duration.ofMinutes(1)))
                        .then(Share.ALL, start.plus(Duration.ofHours(1))),
                "by the clock"));
        Rig.Faulty cut = rig.faulty("ben", options, rig.host);
        Environment elsewhere = cut.registry().model("tumor").environment("production");
        rig.host.advance(options.pollInterval());
        elsewhere.resolve();
        cut.faults().set(call -> Fault.UNAVAILABLE);

        rig.host.advance(Duration.ofSeconds(45));
        assertServes(elsewhere, Share.percent(50));
        rig.host.advance(Duration.ofHours(2));

        assertServes(elsewhere, Share.percent(50));
        assertThatThrownBy(() -> elsewhere.resolve(Consistency.STRONG)).isInstanceOf(StoreUnavailableException.class);
        assertServes(production, Share.ALL);
    }

    @Test
    void aRollbackGoesBackToWhatHadNothingOfTheVersionThatCame() {
        production.promote(2, "next");
        production.canary(3, FIVE, "try");
        production.ramp(Share.percent(50), "on");
        production.complete("done");

        assertThat(production.rollback("worse").rollout()).contains(Rollout.of(2));
        assertThat(production.rollback("no, it was not").rollout()).contains(Rollout.of(3));
        production.canary(4, FIVE, "try");
        assertThat(production.rollback("worse").rollout()).contains(Rollout.of(3));
    }

    @Test
    void aRollbackThatFindsTheVersionEverywhereSaysSo() {
        Rig other = new Rig(cache);
        ModelRegistry registry = other.client("ada");
        registry.model("tumor").register(model("one"));
        registry.model("tumor").register(model("two"));
        Environment staging = registry.model("tumor").environment("staging");
        staging.promote(
                Promotion.of(Rollout.of(Arm.of("a", 1, Share.percent(50)), Arm.of("b", 2, Share.percent(50))), "both"));
        staging.complete("the second");

        assertThatThrownBy(() -> staging.rollback("worse"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Cannot roll back tumor:staging: all that it served before has version [2]."
                        + " Promote a version instead; nothing was written");
        other.close();
    }

    @Test
    void theStepsOfACanaryAreOneThingToGoBackTo() {
        production.canary(2, Share.percent(1), "try");
        for (int percent = 2; percent < 40; percent++) {
            production.ramp(Share.percent(percent), "on");
        }

        assertThat(production.rollback("enough").rollout()).contains(Rollout.of(1));
    }

    @Test
    void anExperimentIsConcludedWithWhatWasCountedAndWhoDecided() {
        Experiment experiment = new Experiment("dose-7", "fewer readmissions", "readmission-30d");
        Analysis analysis = new Analysis("two-proportion z-test", "a", "b", -0.021, -0.034, -0.008, 0.95, 0.0014);
        Conclusion conclusion = Conclusion.of("dose-7")
                .observed(new ArmResult.Proportion("a", 4_000, 480))
                .observed(new ArmResult.Mean("b", 4_100, 0.099, 0.0892))
                .analysed(analysis)
                .keep("b");

        Deployment begun = production.promote(Promotion.of(
                Rollout.of(Arm.of("a", 1, Share.percent(50)), Arm.of("b", 2, Share.percent(50)))
                        .experiment(experiment),
                "ethics vote 12/26"));
        Deployment ended = production.conclude(conclusion, "fewer readmissions, nothing else changed");

        assertThat(begun.rollout().orElseThrow().tested()).contains(experiment);
        assertThat(begun.rollout().orElseThrow().salt()).isEqualTo("dose-7");
        assertThat(ended.rollout()).contains(Rollout.of(2));
        assertThat(ended.concluded()).contains(conclusion);
        assertThat(ended.change()).isEqualTo(Deployment.Change.CONCLUDE);
        assertThat(ended.actor().id()).isEqualTo("ada");
        assertThat(production.history().get(2)).isEqualTo(ended);
        assertThat(ada.model("tumor").version(2).experiments()).singleElement().satisfies(run -> {
            assertThat(run.experiment()).isEqualTo(experiment);
            assertThat(run.begun()).isEqualTo(begun);
            assertThat(run.conclusion()).contains(conclusion);
        });
        assertThat(ada.model("tumor").experiments()).isEqualTo(production.experiments());
        assertThat(ada.model("tumor").version(3).experiments()).isEmpty();
        assertThatThrownBy(() -> production.conclude(conclusion, "again"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("there is no experiment dose-7 under way (2)");
    }

    @Test
    void anExperimentMayEndWithoutAChangeOfWhatIsServed() {
        Rollout both = Rollout.of(Arm.of("a", 1, Share.percent(50)), Arm.of("b", 2, Share.percent(50)))
                .experiment(new Experiment("dose-7", "fewer readmissions", "readmission-30d"));
        production.promote(Promotion.of(both, "ethics vote 12/26"));

        assertThatThrownBy(() -> production.conclude(Conclusion.of("dose-7").keep("c"), "typo"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("the experiment has no arm c, but [a, b]");
        Deployment ended = production.conclude(Conclusion.of("dose-7"), "no answer, no harm");

        assertThat(describe(ended)).isEqualTo("1 (50 %) + 2 (50 %)");
        assertThat(ended.rollout().orElseThrow().tested()).isEmpty();
    }

    @Test
    void whatIsBeingTriedCannotBeRetiredUntilItIsHalted() {
        production.canary(2, FIVE, "try");

        assertThatThrownBy(() -> ada.model("tumor").version(2).retire("harmful"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("environment production serves it");
        production.halt("harmful");

        assertThat(ada.model("tumor").version(2).retire("harmful").name()).isEqualTo("RETIRED");
        assertThatThrownBy(() -> production.canary(2, FIVE, "once more")).hasMessageContaining("tumor@2 is RETIRED");
    }

    /** Each key is answered by the arm that it would have with this share of the canary. */
    private static void assertServes(Environment environment, Share share) {
        Rollout decided =
                environment.resolve().servedBy().orElseThrow().rollout().orElseThrow();
        Rollout expected = new Promotion.Ramp(share).after(decided, Instant.EPOCH);
        Router router = Router.of(environment.resolve().version().id().model(), expected);
        for (int i = 0; i < 200; i++) {
            Routing routing = Routing.of("patient-" + i);
            assertThat(environment.resolve(routing).arm())
                    .contains(router.arm(routing).id());
        }
    }

    private static String describe(Deployment deployment) {
        return deployment.rollout().orElseThrow().describe();
    }
}
