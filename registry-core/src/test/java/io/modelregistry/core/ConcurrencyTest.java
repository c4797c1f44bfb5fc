package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.ConflictException;
import io.modelregistry.Environment;
import io.modelregistry.Host;
import io.modelregistry.LabelTakenException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.Outcome;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.lifecycle.IllegalTransitionException;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several clients at once. Where the order matters another client's whole operation is run just before one chosen request. */
class ConcurrencyTest {
    private static final int WRITERS = 50;

    @TempDir
    Path cache;

    private Rig rig;

    @BeforeEach
    void makeRig() {
        rig = new Rig(cache);
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @Test
    void fiftyWritersOnOneModelAllFinish() throws Exception {
        MemoryStore store = new MemoryStore(Host.system());
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        List<ModelRegistry> clients = new ArrayList<>();
        List<Callable<Long>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            RegistryOptions options = RegistryOptions.defaults().withCacheFolder(cache);
            ModelRegistry client =
                    ModelRegistry.on(store.open(), options, Host.system()).as("writer-" + i);
            clients.add(client);
            String weights = "weights " + i;
            writers.add(() -> client.model("tumor").register(model(weights)).number());
        }

        List<Long> numbers = new ArrayList<>();
        for (Future<Long> writer : threads.invokeAll(writers)) {
            numbers.add(writer.get());
        }

        assertThat(numbers)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, WRITERS).boxed().toList());
        assertThat(clients.get(0).verify().errors()).isEmpty();
        clients.forEach(ModelRegistry::close);
        threads.shutdown();
    }

    @Test
    void ofTwoReleasersWhoPromoteAtTheSameMomentOneWinsAndTheOtherLearnsFromWhom() {
        rig.client("ada").model("tumor").register(model("one"));
        ModelRegistry ben = rig.client("ben");
        Rig.Faulty ada = rig.faulty("ada");
        Environment adas = ada.registry().model("tumor").environment("production");
        before(
                ada,
                Operation.CREATE,
                "environments/.*",
                () -> ben.model("tumor").environment("production").promote(1, "first"));

        assertThatThrownBy(() -> adas.promote(1, "second"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("revision 0 was expected, but since then ben made it serve version 1");
        assertThat(ben.model("tumor").environment("production").history()).hasSize(1);
    }

    @Test
    void twoRegistrationsAtTheSameMomentGetDistinctNumbers() {
        ModelRegistry ben = rig.client("ben");
        Rig.Faulty ada = rig.faulty("ada");
        before(ada, Operation.CREATE, "versions/.*", () -> ben.model("tumor").register(model("bens")));

        assertThat(ada.registry().model("tumor").register(model("adas")).number())
                .isEqualTo(2);
        assertThat(ben.verify().errors()).isEmpty();
    }

    @Test
    void theLoserOfARaceForALabelStandsWithoutItAndSaysSo() {
        ModelRegistry ben = rig.client("ben");
        Rig.Faulty ada = rig.faulty("ada");
        before(
                ada,
                Operation.CREATE,
                "versions/.*",
                () -> ben.model("tumor").register(model("bens").label("v1")));

        assertThatThrownBy(() ->
                        ada.registry().model("tumor").register(model("adas").label("v1")))
                .isInstanceOfSatisfying(
                        LabelTakenException.class,
                        e -> assertThat(e.registered()).isEqualTo(2))
                .hasMessageContaining(
                        "names version 1 for ever; choose another. Version 2 was registered without a label");
        assertThat(ben.version("tumor@v1").id()).hasToString("tumor@1");
        assertThat(ben.version("tumor@2").label()).isEmpty();
        assertThat(ben.verify().errors()).isEmpty();
    }

    @Test
    void aJudgementIsCheckedAgainWhenAnotherReviewerWasFaster() {
        rig.client("ada").model("tumor").register(model("one"));
        ModelRegistry ben = rig.client("ben");
        ben.version("tumor@1").submit("please");
        Rig.Faulty ada = rig.faulty("ada");
        before(ada, Operation.CREATE, "reviews/.*", () -> ben.version("tumor@1").reject("no"));

        assertThatThrownBy(() -> ada.registry().version("tumor@1").approve("yes"))
                .isInstanceOf(IllegalTransitionException.class)
                .hasMessageContaining("Cannot APPROVE tumor@1: it is REJECTED");
        assertThat(ben.version("tumor@1").state()).isEqualTo(LifecycleState.REJECTED);
    }

    @Test
    void aPromotionThatRacesWithARetirementIsWithdrawn() {
        rig.client("ada").model("tumor").register(model("one"));
        rig.client("ada").model("tumor").register(model("two"));
        ModelRegistry ben = rig.client("ben");
        ben.model("tumor").environment("production").promote(2, "start");
        Rig.Faulty ada = rig.faulty("ada");
        before(
                ada,
                Operation.CREATE,
                "environments/.*",
                () -> ben.version("tumor@1").retire("superseded"));

        assertThatThrownBy(() ->
                        ada.registry().model("tumor").environment("production").promote(1, "go"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("tumor@1 was retired while tumor:production took it up; the change"
                        + " environments/production/tumor#2 was withdrawn");
        assertThat(ben.version("tumor@1").state()).isEqualTo(LifecycleState.RETIRED);
        assertThat(rig.client("carla").resolve("tumor:production").version().number())
                .isEqualTo(2);
        assertThat(ben.verify().toText()).startsWith("clean").doesNotContain("WARNING");
    }

    @Test
    void aRetirementThatRacesWithAPromotionIsAbandoned() {
        rig.client("ada").model("tumor").register(model("one"));
        ModelRegistry ben = rig.client("ben");
        Rig.Faulty ada = rig.faulty("ada");
        before(
                ada,
                Operation.CREATE,
                "reviews/.*",
                () -> ben.model("tumor").environment("production").promote(1, "go"));

        assertThatThrownBy(() -> ada.registry().version("tumor@1").retire("superseded"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("environment production serves it");
        assertThat(ben.version("tumor@1").state()).isEqualTo(LifecycleState.CANDIDATE);
    }

    @Test
    void aRetirementThatACrashCutShortIsFinishedByTheNext() {
        rig.client("ada").model("tumor").register(model("one"));
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults()
                .set(io.modelregistry.testkit.FaultPlan.onceOn(Operation.LIST, "environments/", 1, Fault.CRASH_BEFORE));
        assertThatThrownBy(() -> ada.registry().version("tumor@1").retire("superseded"))
                .isInstanceOf(io.modelregistry.testkit.SimulatedCrash.class);
        ModelRegistry ben = rig.client("ben");

        assertThat(ben.version("tumor@1").state()).isEqualTo(LifecycleState.RETIRING);
        assertThat(ben.version("tumor@1").retire("superseded")).isEqualTo(LifecycleState.RETIRED);
    }

    @Test
    void aRetirementThatFailsHalfwayDoesNotSayThatNothingWasWritten() {
        rig.client("ada").model("tumor").register(model("one"));
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(io.modelregistry.testkit.FaultPlan.onceOn(Operation.LIST, "environments/", 1, Fault.DENIED));

        OutcomeUnknownException half = catchThrowableOfType(
                OutcomeUnknownException.class,
                () -> ada.registry().version("tumor@1").retire("superseded"));

        assertThat(half)
                .hasMessageStartingWith("tumor@1 is RETIRING, so that no environment can take it up")
                .hasMessageEndingWith("Retire it again: that carries on from there")
                .hasCauseInstanceOf(AccessDeniedException.class);
        assertThat(ada.registry().version("tumor@1").state()).isEqualTo(LifecycleState.RETIRING);
        assertThat(ada.registry().outcome(half.token())).isEqualTo(Outcome.STILL_UNKNOWN);
        assertThat(ada.registry().version("tumor@1").retire("superseded")).isEqualTo(LifecycleState.RETIRED);
    }

    @Test
    void oneThreadIsEnoughForAllParallelWork() {
        ExecutorService one = Executors.newSingleThreadExecutor();
        var host = new io.modelregistry.testkit.ManualHost(one);
        try (ModelRegistry ada = ModelRegistry.on(new MemoryStore(host).open(), rig.options(), host)
                .as("ada")) {
            ada.model("tumor").register(model("one"));
            ada.model("tumor").environment("production").promote(1, "go");

            assertThat(ada.verify().errors()).isEmpty();
        } finally {
            one.shutdown();
        }
    }

    /** Lets something happen just before the first request of this kind. */
    private static void before(Rig.Faulty client, Operation operation, String keyPattern, Runnable action) {
        AtomicBoolean done = new AtomicBoolean();
        client.faults().set(call -> {
            if (call.operation() == operation && call.key().matches(keyPattern) && done.compareAndSet(false, true)) {
                action.run();
            }
            return Fault.NONE;
        });
    }
}
