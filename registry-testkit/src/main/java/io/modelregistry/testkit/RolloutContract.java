package io.modelregistry.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.ConflictException;
import io.modelregistry.Environment;
import io.modelregistry.ModelRegistry;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.ArmResult;
import io.modelregistry.environment.Canary;
import io.modelregistry.environment.Conclusion;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.Share;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Several arms, whatever the backend. */
interface RolloutContract {
    int KEYS = 60;

    /** A client of its own of the store of the current test. */
    ModelRegistry client(String actor);

    @Test
    default void everyProcessAnswersAKeyWithTheSameArmAndTheReceiptTellsWhich() {
        Environment production = production();
        production.promote(Promotion.of(
                Canary.of(2, Share.percent(30)).audience("hospital", "st-mary").holdout(Share.percent(10)), "try"));
        ModelRegistry other = client("ben");
        Environment elsewhere = other.model("tumor").environment("production");
        List<String> arms = new ArrayList<>();

        for (int i = 0; i < KEYS; i++) {
            Routing routing = Routing.of("patient-" + i);
            arms.add(production.resolve(routing).arm().orElseThrow());

            assertThat(elsewhere.resolve(routing).receipt())
                    .isEqualTo(production.resolve(routing).receipt());
            assertThat(elsewhere.resolve(routing.with("hospital", "st-mary")).arm())
                    .contains("canary");
        }

        assertThat(arms).contains("main", "canary", "holdout");
        assertThat(other.reproduce(production
                                .resolve(Routing.of("patient-1"))
                                .receipt()
                                .toString())
                        .missing())
                .isEmpty();
        assertThat(other.verify().findings()).isEmpty();
    }

    @Test
    default void aCanaryIsRampedAndHaltedAndEveryStepIsPartOfTheHistory() {
        Environment production = production();
        Environment elsewhere = client("ben").model("tumor").environment("production");
        production.promote(Promotion.of(Canary.of(2, Share.percent(5)).then(Share.percent(25)), "try"));
        production.ramp("no complaints");

        elsewhere.halt("complaints");

        assertThat(elsewhere
                        .resolve(Routing.of("patient-1"), Consistency.STRONG)
                        .version()
                        .number())
                .isEqualTo(1);
        assertThat(production.history())
                .extracting(change -> change.change() + " " + change.actor() + ": "
                        + change.rollout().orElseThrow().describe())
                .containsExactly(
                        "PROMOTE ada: 1",
                        "CANARY ada: 1 (95 %) + 2 (5 %), then 25 %",
                        "RAMP ada: 1 (75 %) + 2 (25 %)",
                        "HALT ben: 1");
        assertThat(elsewhere.canary(2, Share.percent(1), "mended").revision().sequence())
                .isEqualTo(5);
        assertThat(elsewhere.complete("really").rollout()).contains(Rollout.of(2));
    }

    @Test
    default void ofManyWhoTakeTheSameStepOneSucceeds() throws InterruptedException {
        Environment production = production();
        production.promote(Promotion.of(
                Canary.of(2, Share.percent(5)).then(Share.percent(25)).then(Share.ALL), "try"));
        List<Environment> releasers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            releasers.add(client("releaser-" + i).model("tumor").environment("production"));
        }
        releasers.forEach(Environment::current);
        ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();

        Crew.run(4, thread -> {
            try {
                releasers.get(thread).ramp("mine");
            } catch (ConflictException e) {
                refused.add(String.valueOf(e.getMessage()));
            }
        });

        assertThat(refused).hasSize(3).allMatch(message -> message.contains("revision 2 was expected"));
        assertThat(production.history()).hasSize(3);
    }

    @Test
    default void anExperimentIsPartOfTheHistoryWithItsResultAndItsDecision() {
        Environment production = production();
        Experiment experiment = new Experiment("dose-7", "fewer readmissions", "readmission-30d");
        production.promote(Promotion.of(
                Rollout.of(Arm.of("a", 1, Share.percent(50)), Arm.of("b", 2, Share.percent(50)))
                        .experiment(experiment),
                "ethics vote 12/26"));
        Conclusion conclusion = Conclusion.of("dose-7")
                .observed(new ArmResult.Proportion("a", 4_000, 480))
                .observed(new ArmResult.Proportion("b", 4_100, 410))
                .keep("b");

        client("ben").model("tumor").environment("production").conclude(conclusion, "fewer readmissions");

        assertThat(production.history().get(1).rollout().orElseThrow().tested()).contains(experiment);
        assertThat(production.history().get(2).concluded()).contains(conclusion);
        assertThat(production.history().get(2).rollout()).contains(Rollout.of(2));
    }

    private Environment production() {
        ModelRegistry ada = client("ada");
        for (String weights : List.of("one", "two")) {
            ada.model("tumor")
                    .register(Registration.empty().file("model.bin", weights.getBytes(StandardCharsets.UTF_8)));
        }
        Environment production = ada.model("tumor").environment("production");
        production.promote(1, "start");
        return production;
    }
}
