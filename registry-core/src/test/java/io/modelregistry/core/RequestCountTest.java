package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.MetricRule;
import io.modelregistry.policy.Policy;
import io.modelregistry.testkit.CountingBackend;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The requests that each operation makes, exactly. "Warm" says that every stream involved is cached by the process. */
class RequestCountTest {
    @TempDir
    Path cache;

    private Rig rig;
    private CountingBackend requests;
    private ModelRegistry ada;
    private Model tumor;

    @BeforeEach
    void makeRig() {
        rig = new Rig(cache);
        Rig.Counted counted = rig.counted("ada");
        requests = counted.backend();
        ada = counted.registry();
        tumor = ada.model("tumor");
        tumor.register(model("one"));
        tumor.register(model("two"));
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @Test
    void resolvingFromMemoryMakesNone() {
        tumor.environment("production").promote(1, "start");
        tumor.environment("production").resolve();
        requests.reset();

        ada.resolve("tumor:production");

        assertThat(requests).hasToString("no requests");
    }

    @Test
    void resolvingStronglyWhenWarmMakesOneGet() {
        tumor.environment("production").promote(1, "start");
        requests.reset();

        tumor.environment("production").resolve(Consistency.STRONG);

        assertThat(requests).hasToString("1 get");
    }

    @Test
    void resolvingStronglyWhenColdMakesThreeGetsInTwoRoundTripsAndOneForTheVersion() {
        tumor.environment("production").promote(1, "start");
        Rig.Counted cold = rig.counted("ben");
        cold.backend().reset();

        cold.registry().model("tumor").environment("production").resolve(Consistency.STRONG);

        assertThat(cold.backend()).hasToString("4 get");
        assertThat(cold.backend().calls().stream().map(c -> c.key()))
                .containsExactlyInAnyOrder(
                        "hints/environments/production/tumor.json",
                        "environments/production/tumor/0000000001.json",
                        "environments/production/tumor/0000000002.json",
                        "versions/tumor/0000000001.json");
    }

    @Test
    void aPromotionThatExpectsARevisionReadsPolicyAndLifeCreatesLooksForARetirementAndHints() {
        Environment production = tumor.environment("production");
        production.promote(1, "start");
        rig.client("ben").model("tumor").environment("production").promote(1, "again");
        Deployment first = production.current().orElseThrow();
        warm(2);
        requests.reset();

        production.promote(Promotion.of(2, "next").expecting(first.revision()));

        // policy, submissions, reviews; then the entry; then reviews again. The tip was read, so nothing is looked up
        assertThat(requests).hasToString("1 create, 4 get, 1 overwrite");
    }

    @Test
    void aPromotionAfterOnesOwnLooksUpTheStoreTimeOfTheEntryBefore() {
        Environment production = tumor.environment("production");
        production.promote(1, "start");
        warm(2);
        requests.reset();

        production.promote(2, "next");

        assertThat(requests).hasToString("1 create, 4 get, 1 stat, 1 overwrite");
    }

    @Test
    void aPromotionThatExpectsNothingReadsTheTipAsWell() {
        tumor.environment("production").promote(1, "start");
        rig.client("ben").model("tumor").environment("production").promote(1, "again");
        tumor.environment("production").current();
        warm(2);
        requests.reset();

        tumor.environment("production").promote(2, "next");

        assertThat(requests).hasToString("1 create, 5 get, 1 overwrite");
    }

    @Test
    void registeringNewFilesMakesOneUploadEachTheEntryAndTheHint() {
        requests.reset();

        tumor.register(files("three", "scaler"));

        // two files and the manifest; the look-up is for the store time of this process's own last entry
        assertThat(requests).hasToString("1 create, 1 stat, 1 overwrite, 3 upload");
    }

    @Test
    void registeringFilesOfTheVersionBeforeLooksThemUpInsteadOfSendingThem() {
        tumor.register(files("three", "scaler"));
        requests.reset();

        tumor.register(files("four", "scaler"));

        assertThat(requests).hasToString("1 create, 2 stat, 1 overwrite, 2 upload");
    }

    @Test
    void aLabelCostsOneGetAndOneCreate() {
        requests.reset();

        tumor.register(model("three").label("v3"));

        assertThat(requests).hasToString("2 create, 1 get, 1 stat, 1 overwrite, 2 upload");
    }

    @Test
    void aPinnedVersionIsReadOnce() {
        Rig.Counted cold = rig.counted("ben");
        cold.backend().reset();

        cold.registry().resolve("tumor@1");
        assertThat(cold.backend()).hasToString("1 get");
        cold.registry().resolve("tumor@1");
        assertThat(cold.backend()).hasToString("1 get");
    }

    @Test
    void modelsAreListedAThousandAtATime() {
        for (int i = 0; i < 1_001; i++) {
            ada.model("model-" + i).register(model("one"));
        }
        requests.reset();

        assertThat(ada.models()).hasSize(1_002);

        assertThat(requests).hasToString("2 list");
    }

    @Test
    void comparingCachedVersionsMakesNone() {
        tumor.compare(1, 2);
        requests.reset();

        tumor.compare(1, 2);

        assertThat(requests).hasToString("no requests");
    }

    @Test
    void comparingColdReadsTheRecordsAndTheEvaluations() {
        Rig.Counted cold = rig.counted("ben");
        cold.backend().reset();

        cold.registry().model("tumor").compare(1, 2);

        // two records; for each stream of evaluations the hint and, as there is none, entry 1
        assertThat(cold.backend()).hasToString("6 get");
    }

    @Test
    void theRolloutAtATimeIsFoundByHalving() {
        Environment production = tumor.environment("production");
        int changes = 33;
        for (int i = 0; i < changes; i++) {
            rig.host.advance(Duration.ofMinutes(1));
            production.promote(1 + i % 2, "change " + i);
        }
        var history = production.history();
        requests.reset();

        for (Deployment change : history) {
            requests.reset();
            assertThat(production.asOf(change.at()).deployment()).contains(change);
            // the tip, at most log2 of 33 rounded up, and the answer
            assertThat(requests.counts().values().stream().mapToInt(n -> n).sum())
                    .isLessThanOrEqualTo(1 + 6 + 1);
        }
    }

    @Test
    void whatServedBeforeTheNewestChangeIsSaidByTheNewestEntryAndRead() {
        Environment production = tumor.environment("production");
        Deployment first = production.promote(1, "start");
        rig.host.advance(Duration.ofMinutes(1));
        production.promote(2, "next");
        production.asOf(first.at());
        requests.reset();

        assertThat(production.asOf(first.at()).deployment()).contains(first);

        assertThat(requests).hasToString("2 get");
    }

    @Test
    void retiringListsTheEnvironmentsReadsEachTipAndCreatesTwoEntries() {
        tumor.environment("production").promote(1, "start");
        tumor.environment("staging").promote(1, "start");
        tumor.environment("production").current();
        tumor.environment("staging").current();
        ada.version("tumor@2").submit("please");
        ada.version("tumor@2").reject("no");
        ada.version("tumor@2").state();
        requests.reset();

        assertThat(ada.version("tumor@2").retire("no use")).isEqualTo(LifecycleState.RETIRED);

        assertThat(requests.calls().stream().filter(c -> c.key().startsWith("environments/")))
                .extracting(c -> c.operation() + " " + c.key())
                .containsExactlyInAnyOrder(
                        "list environments/",
                        "get environments/production/tumor/0000000002.json",
                        "get environments/staging/tumor/0000000002.json");
        assertThat(requests.calls().stream()
                        .filter(c -> c.operation().toString().equals("create")))
                .hasSize(2);
    }

    /** Reads what a promotion of this version will look at, as an earlier one of the same process would have. */
    @Test
    void anApprovalReadsSubmissionsReviewsAndPolicyAtOnce() {
        ada.version("tumor@1").submit("please");
        ada.version("tumor@1").approve("sound");
        ada.version("tumor@1").deprecate("old");
        ada.version("tumor@1").reinstate("not so old");
        ada.version("tumor@2").submit("please");
        ada.version("tumor@2").review();
        requests.reset();

        ada.version("tumor@2").approve("sound");

        // reviews are listed once, because nothing was written there before; submissions and policy are read
        assertThat(requests).hasToString("1 create, 2 get, 1 overwrite, 1 list");
    }

    @Test
    void whoMayWriteIsAskedForOnceInAPollInterval() {
        ada.version("tumor@1").evaluate(Evaluation.of("", Metric.higherIsBetter("auc", 0.9)));
        ada.version("tumor@1").evaluate(Evaluation.of("", Metric.higherIsBetter("auc", 0.91)));
        requests.reset();

        ada.version("tumor@1").evaluate(Evaluation.of("", Metric.higherIsBetter("auc", 0.92)));
        assertThat(requests).hasToString("1 create, 1 stat, 1 overwrite");
        rig.host.advance(Duration.ofMinutes(1));
        requests.reset();
        ada.version("tumor@1").evaluate(Evaluation.of("", Metric.higherIsBetter("auc", 0.93)));

        assertThat(requests).hasToString("1 create, 1 get, 1 stat, 1 overwrite");
    }

    @Test
    void aPromotionReadsWhatItsRulesAskForBesideTheRest() {
        ada.policy()
                .set(
                        Policy.none()
                                .environment(
                                        "production",
                                        EnvironmentRules.none()
                                                .metric(MetricRule.atLeast("auc", 0.9))
                                                .servedIn("scratch", Duration.ZERO)),
                        "gates");
        ada.version("tumor@2").evaluate(Evaluation.of("", Metric.higherIsBetter("auc", 0.95)));
        warm(2);
        tumor.environment("production").promote(2, "start");
        requests.reset();

        tumor.environment("production").promote(2, "again");

        // policy, submissions, reviews; evaluations, assessments, the other environment and its only entry; then
        // reviews again
        assertThat(requests).hasToString("1 create, 8 get, 1 stat, 1 overwrite");
    }

    private void warm(long version) {
        tumor.environment("scratch").promote(version, "warm up");
    }

    private static Registration files(String weights, String scaler) {
        return Registration.empty()
                .file("model.bin", weights.getBytes(StandardCharsets.UTF_8))
                .file("scaler.json", scaler.getBytes(StandardCharsets.UTF_8));
    }
}
