package io.modelregistry.core.serving;

import static io.modelregistry.core.serving.ServingRig.ask;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.core.artifact.CapturedLog;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.RampStep;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.Share;
import io.modelregistry.serving.Exposure;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.HandleStatus.State;
import io.modelregistry.serving.Lease;
import io.modelregistry.serving.LoadFailure;
import io.modelregistry.serving.LoadFailure.Stage;
import io.modelregistry.testkit.ManualHost;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several arms in memory at once: who answers, what has room, and what is told of an experiment. */
class ArmsTest {
    private static final Share HALF = Share.percent(50);
    private static final Rollout CANARY = Rollout.of(Arm.of("main", 1, HALF), Arm.of("canary", 2, HALF));

    private final ManualHost host = new ManualHost();
    private final ServingRig rig = new ServingRig(host);

    @Test
    void everyArmAnswersItsKeysAndACompletedCanaryIsNotLoadedAgain() {
        rig.source.serve(CANARY);
        LeasedHandle<FakeModel> handle = rig.start();
        String tried = ServingRig.key(handle, 2);
        String stays = ServingRig.key(handle, 1);

        rig.source.serve(2);

        assertThat(ask(handle, Routing.of(tried))).isEqualTo(2);
        assertThat(ask(handle, Routing.of(stays))).isEqualTo(2);
        assertThat(rig.loaded).hasSize(2);
        assertThat(rig.alive()).containsExactly(2L);
    }

    @Test
    void anArmThatIsNotReadyIsAnsweredForByTheStableOneAndItsReceiptsSaySo() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        rig.sick.add(2L);
        rig.source.serve(CANARY);
        HandleStatus status = handle.status();

        List<String> answering = status.arms().stream().map(ServingRig::arm).toList();
        rig.sick.clear();
        host.advance(Duration.ofSeconds(10));

        assertThat(status.arms()).extracting(HandleStatus.Arm::state).containsExactly(State.LOADED, State.FAILED);
        assertThat(answering).containsExactly("main", "main");
        assertThat(status.deployment().orElseThrow().revision().sequence()).isEqualTo(2);
        assertThat(handle.status().arms()).extracting(ServingRig::arm).containsExactly("main", "canary");
        assertThat(handle.status().isComplete()).isTrue();
    }

    @Test
    void theKillSwitchWaitsForNobodysLoading() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        ServingRig slow = new ServingRig(new ManualHost(tasks::add));
        slow.source.serve(CANARY);
        LeasedHandle<FakeModel> handle = slow.start();
        String tried = ServingRig.key(handle, 2);
        slow.source.serve(Rollout.of(Arm.of("main", 1, HALF), Arm.of("canary", 2, HALF))
                .shadow("next", 3)); // its record is being read from here on

        slow.source.serve(1);

        assertThat(tasks).isNotEmpty();
        assertThat(ask(handle, Routing.of(tried))).isEqualTo(1);
    }

    @Test
    void anArmWithoutRoomIsNotServedButItsFilesAreHereForWhenItHas() {
        rig.options = rig.options.withMemoryBytes(250);
        rig.source.sizes.put(2L, 200L);
        LeasedHandle<FakeModel> handle = rig.start(1);
        List<String> warnings;

        try (CapturedLog log = new CapturedLog()) {
            rig.source.serve(CANARY);
            warnings = log.warnings();
        }
        HandleStatus status = handle.status();
        List<Long> alive = rig.alive();
        rig.source.serve(2);

        assertThat(warnings)
                .singleElement()
                .asString()
                .endsWith("tumor@2 has no room beside the other arms of tumor:production: it takes 200 bytes of the 250"
                        + " for all. The stable arm answers for it");
        assertThat(status.arms()).extracting(HandleStatus.Arm::state).containsExactly(State.LOADED, State.OVER_BUDGET);
        assertThat(status.arms()).extracting(ServingRig::arm).containsExactly("main", "main");
        assertThat(alive).containsExactly(1L);
        assertThat(rig.source.downloads).containsExactly(1L, 2L, 2L);
        assertThat(ask(handle)).isEqualTo(2);
    }

    @Test
    void answeringArmsHaveRoomBeforeShadows() {
        rig.options = rig.options.withMemoryBytes(200);
        rig.source.serve(Rollout.of(Arm.of("main", 1, HALF), Arm.shadow("next", 3), Arm.of("canary", 2, HALF)));

        LeasedHandle<FakeModel> handle = rig.start();

        assertThat(handle.status().arms())
                .extracting(HandleStatus.Arm::state)
                .containsExactly(State.LOADED, State.OVER_BUDGET, State.LOADED);
        try (Lease<FakeModel> lease = handle.acquire()) {
            assertThat(lease.shadows()).isEmpty();
        }
    }

    @Test
    void aStableVersionLargerThanTheBudgetIsAFailureAndTheLastGoodOneServesOn() {
        rig.options = rig.options.withMemoryBytes(250);
        rig.source.sizes.put(2L, 251L);
        LeasedHandle<FakeModel> handle = rig.start(1);

        rig.source.serve(2);

        assertThat(ask(handle)).isEqualTo(1);
        assertThat(rig.failures).extracting(LoadFailure::stage).containsExactly(Stage.BUDGET);
        assertThat(rig.failures.get(0).cause()).hasMessage("tumor@2 takes 251 bytes of memory, and 250 are allowed");
    }

    @Test
    void aShadowIsLeasedByItselfAndMayOutliveTheLeaseItCameWith() {
        rig.source.serve(Rollout.of(1).shadow("next", 2));
        LeasedHandle<FakeModel> handle = rig.start();
        Lease<FakeModel> lease = handle.acquire();
        Lease<FakeModel> shadow = lease.shadows().get(0);
        lease.close();

        rig.source.serve(1);
        long answer = shadow.model().predict();
        String arm = shadow.receipt().servedBy().orElseThrow().arm();
        shadow.close();

        assertThat(answer).isEqualTo(2);
        assertThat(arm).isEqualTo("next");
        assertThat(rig.alive()).containsExactly(1L);
    }

    @Test
    void aScheduledStepIsTakenByTheClockUnlessTheStoreIsOutOfSight() {
        Rollout ramp = new Rollout(
                List.of(Arm.of("main", 1, Share.percent(99)), Arm.of("canary", 2, Share.percent(1))),
                "",
                List.of(new RampStep(Share.ALL, ManualHost.START.plusSeconds(600))),
                null);
        rig.source.serve(ramp);
        LeasedHandle<FakeModel> handle = rig.start();
        String key = ServingRig.key(handle, 1);

        host.advance(Duration.ofMinutes(10));
        rig.source.age = Duration.ofSeconds(61);
        long blind = ask(handle, Routing.of(key));
        rig.source.age = Duration.ofSeconds(30);

        assertThat(blind).isEqualTo(1);
        try (Lease<FakeModel> lease = handle.acquire(Routing.of(key))) {
            assertThat(lease.version().number()).isEqualTo(2);
            assertThat(lease.receipt().servedBy().orElseThrow().step()).isEqualTo(1);
        }
    }

    @Test
    void aModelThatIsClosedBetweenItsChoiceAndItsLeaseIsNotGivenToAnybody() {
        rig.source.serve(new Rollout(
                List.of(Arm.of("main", 1, Share.percent(99)), Arm.of("canary", 2, Share.percent(1))),
                "",
                List.of(new RampStep(Share.ALL, ManualHost.START.plusSeconds(600))),
                null));
        LeasedHandle<FakeModel> handle = rig.start();
        rig.source.onceAsked = () -> rig.source.serve(3); // the step that was taken depends on the age

        long answer = ask(handle);

        assertThat(answer).isEqualTo(3);
        assertThat(rig.alive()).containsExactly(3L);
    }

    @Test
    void anExperimentsExposuresAreToldWithTheArmThatWasAssignedAndTheOneThatAnswered() {
        rig.source.serve(CANARY.experiment(new Experiment("trial-1", "fewer readmissions", "readmission-30d")));
        LeasedHandle<FakeModel> handle = rig.start();
        String tried = ServingRig.key(handle, 2);
        rig.exposures.clear();

        ask(handle, Routing.of(tried));
        ask(handle);

        Exposure exposure = rig.exposures.get(0);
        assertThat(rig.exposures).hasSize(1); // nobody was assigned without a key
        assertThat(exposure.experiment()).isEqualTo("trial-1");
        assertThat(exposure.assigned()).isEqualTo("canary");
        assertThat(exposure.receipt().version().number()).isEqualTo(2);
        assertThat(exposure.routing()).isEqualTo(Routing.of(tried));
        assertThat(exposure.isAsAssigned()).isTrue();
    }

    @Test
    void anExposureSaysWhenTheAssignedArmDidNotAnswer() {
        rig.sick.add(2L);
        rig.source.serve(CANARY.experiment(new Experiment("trial-1", "fewer readmissions", "readmission-30d")));
        LeasedHandle<FakeModel> handle = rig.start();

        for (int i = 0; i < 100; i++) {
            ask(handle, Routing.of("patient-" + i));
        }

        assertThat(rig.exposures).extracting(Exposure::assigned).contains("main", "canary");
        assertThat(rig.exposures).allSatisfy(e -> {
            assertThat(e.receipt().version().number()).isEqualTo(1);
            assertThat(e.isAsAssigned()).isEqualTo(e.assigned().equals("main"));
        });
    }

    @Test
    void withoutAnExperimentNobodyIsExposed() {
        rig.source.serve(CANARY);
        LeasedHandle<FakeModel> handle = rig.start();

        ask(handle, Routing.of("patient-77"));

        assertThat(rig.exposures).isEmpty();
    }
}
