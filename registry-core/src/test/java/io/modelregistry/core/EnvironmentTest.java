package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Environment;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.ServedAt;
import io.modelregistry.environment.ServedAt.Certainty;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.Operation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What environments serve, now and in the past. {@link ServingTest} has answers from memory. */
class EnvironmentTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path cache;

    private Rig rig;
    private ModelRegistry ada;
    private Environment production;

    @BeforeEach
    void registerTwoVersions() {
        rig = new Rig(cache);
        ada = rig.client("ada");
        ada.model("tumor").register(model("one"));
        ada.model("tumor").register(model("two"));
        production = ada.model("tumor").environment("production");
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @Test
    void whatKindOfChangeADeploymentIsIsSaid() {
        production.promote(1, "start");
        production.promote(2, "next");
        production.rollback("worse");
        production.withdraw("stop");

        assertThat(production.history())
                .extracting(Deployment::change)
                .containsExactly(
                        Deployment.Change.PROMOTE,
                        Deployment.Change.PROMOTE,
                        Deployment.Change.ROLL_BACK,
                        Deployment.Change.WITHDRAW);
    }

    @Test
    void aKindOfChangeThatOnlyANewerReleaseKnowsIsAnother() {
        production.promote(1, "start");
        String key = "environments/production/tumor/0000000001.json";
        String entry = new String(rig.store.bytes(key).orElseThrow(), StandardCharsets.UTF_8);
        String line = entry.substring(0, entry.indexOf('\n')).replace("\"type\":\"promote\"", "\"type\":\"teleport\"");
        rig.store.put(key, io.modelregistry.core.log.SelfVerifying.seal(line.getBytes(StandardCharsets.UTF_8)));

        assertThat(rig.client("ben").model("tumor").environment("production").current())
                .hasValueSatisfying(
                        deployment -> assertThat(deployment.change()).isEqualTo(Deployment.Change.OTHER));
    }

    @Test
    void aDeniedReadIsAnErrorAndNeverAbsence() {
        production.promote(1, "start");
        Rig.Faulty serving = rig.faulty("serving");
        serving.faults().set(FaultPlan.everyTimeOn(Operation.GET, "environments/.*", Fault.DENIED));

        assertThatThrownBy(() -> serving.registry().resolve("tumor:production"))
                .isInstanceOf(io.modelregistry.AccessDeniedException.class)
                .hasMessageContaining("Could not read environments/production/tumor/0000000001.json");
    }

    @Test
    void aReleaseThatKnowsNoPolicyDoesNotPromoteUnderOne() {
        rig.store.put(
                "policy/0000000001.json",
                rig.store.bytes("versions/tumor/0000000001.json").orElseThrow());

        assertThatThrownBy(() -> production.promote(1, "start")).isInstanceOf(io.modelregistry.RegistryException.class);
        assertThat(production.history()).isEmpty();
    }

    @Test
    void aRepeatedPromotionReturnsTheFirstOutcome() {
        Deployment first = production.promote(Promotion.of(1, "start").request("release-1"));
        production.promote(2, "next");

        Deployment again = rig.client("ben")
                .model("tumor")
                .environment("production")
                .promote(Promotion.of(1, "start").request("release-1"));

        assertThat(again.revision()).isEqualTo(first.revision());
        assertThat(production.current())
                .hasValueSatisfying(d -> assertThat(d.rollout()).contains(Rollout.of(2)));
    }

    @Test
    void whatAnotherProcessPromotedUnderTheRequestIsReturnedAlsoWhenItMayNoLongerBePromoted() {
        production.promote(1, "start");
        ModelRegistry ben = rig.client("ben");
        Environment bens = ben.model("tumor").environment("production");
        Deployment first = bens.promote(Promotion.of(2, "next").request("release-2"));
        bens.promote(1, "back");
        ben.version("tumor@2").retire("harmful");

        Deployment again = production.promote(Promotion.of(2, "next").request("release-2"));

        assertThat(again).isEqualTo(first);
        assertThat(production.history()).hasSize(3);
    }

    @Test
    void aRevisionOfAnotherEnvironmentIsNoExpectation() {
        Deployment staging = ada.model("tumor").environment("staging").promote(1, "try");

        assertThatThrownBy(() -> production.promote(Promotion.of(1, "start").expecting(staging.revision())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("The revision environments/staging/tumor#1 is not one of tumor:production");
    }

    @Test
    void aVersionOfAnotherModelIsNotPromotedByItsNumber() {
        var other = ada.model("anaemia").register(model("one"));

        assertThatThrownBy(() -> production.promote(other.id(), "by mistake"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "Cannot promote anaemia@1 to tumor:production: it is a version of another model. Nothing was written");
        assertThat(production.promote(ada.version("tumor@2").id(), "right").rollout())
                .contains(Rollout.of(2));
    }

    @Test
    void whatWasWithdrawnIsServedAgainByARollback() {
        production.promote(1, "start");
        production.promote(2, "next");
        production.withdraw("stop");

        Deployment back = production.rollback("a false alarm");

        assertThat(back.rollout()).contains(Rollout.of(2));
    }

    @Test
    void rollbackLooksBackOverSixteenDistinctRolloutsAndSaysSo() {
        for (int i = 3; i <= 20; i++) {
            ada.model("tumor").register(model("weights " + i));
        }
        for (int i = 1; i <= 20; i++) {
            production.promote(i, "next");
        }
        for (int i = 5; i <= 19; i++) {
            ada.version("tumor@" + i).submit("late review");
            ada.version("tumor@" + i).reject("no");
        }

        assertThatThrownBy(() -> production.rollback("worse"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("of the last 16 distinct rollouts none can be restored: tumor@19 is REJECTED");
    }

    @Test
    void everyMomentOfThePastHasOneAnswer() {
        Instant start = rig.host.now();
        for (int i = 0; i < 20; i++) {
            rig.host.advance(MINUTE);
            production.promote(1 + i % 2, "change " + i);
        }
        List<Deployment> history = production.history();
        rig.host.advance(Duration.ofHours(2));

        assertThat(production.asOf(start)).satisfies(at -> {
            assertThat(at.rollout()).isEmpty();
            assertThat(at.certainty()).isEqualTo(Certainty.PINNED);
        });
        for (int i = 0; i < 20; i++) {
            Instant changed = start.plus(MINUTE.multipliedBy(i + 1));
            for (Duration after : List.of(Duration.ZERO, Duration.ofSeconds(59))) {
                ServedAt at = production.asOf(changed.plus(after));
                assertThat(at.deployment()).contains(history.get(i));
                assertThat(at.certainty()).isEqualTo(i < 18 ? Certainty.PINNED : Certainty.SETTLED);
            }
        }
    }

    @Test
    void aMomentOfThePastIsResolvedToTheReceiptThatPredictionsOfThenHave() {
        production.promote(1, "start");
        Receipt then = production.resolve().receipt();
        Instant moment = rig.host.now();
        rig.host.advance(MINUTE);
        production.promote(2, "next");

        Resolution resolution = production.resolve(moment);

        assertThat(resolution.version().number()).isEqualTo(1);
        assertThat(resolution.receipt()).isEqualTo(then);
        assertThat(production.resolve(rig.host.now()).version().number()).isEqualTo(2);
        assertThatThrownBy(() -> production.resolve(moment.minusSeconds(1)))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("tumor:production serves nothing: nothing was ever promoted there");
    }

    @Test
    void theEndOfTimeIsAnsweredToo() {
        production.promote(1, "start");

        assertThat(production.asOf(Instant.MAX).rollout()).contains(Rollout.of(1));
        assertThat(production.asOf(Instant.MAX).certainty()).isEqualTo(Certainty.PROVISIONAL);
        assertThat(production.asOf(Instant.MIN).rollout()).isEmpty();
    }

    @Test
    void theLastHourIsProvisionalUntilSomethingFollows() {
        production.promote(1, "start");
        Instant moment = rig.host.now();
        rig.host.advance(MINUTE);

        assertThat(production.asOf(moment).certainty()).isEqualTo(Certainty.PROVISIONAL);
        production.promote(2, "next");
        rig.host.advance(MINUTE);
        production.promote(1, "back");
        assertThat(production.asOf(moment).certainty()).isEqualTo(Certainty.PINNED);
        assertThat(production.asOf(moment).rollout()).contains(Rollout.of(1));
    }
}
