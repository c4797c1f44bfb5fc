package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelregistry.ConflictException;
import io.modelregistry.Environment;
import io.modelregistry.ModelRegistry;
import io.modelregistry.Outcome;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Share;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.Operation;
import io.modelregistry.testkit.SimulatedCrash;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promotions against retirements, in the orders that {@code docs/specs/Retire.tla} found to matter. */
class RetirementRaceTest {
    private static final String REVIEWS_OF_1 = "reviews/tumor/0000000001/.*";

    @TempDir
    Path cache;

    private Rig rig;
    private ModelRegistry ben;

    @BeforeEach
    void serveTheSecondOfTwoVersionsInTwoEnvironments() {
        rig = new Rig(cache);
        ben = rig.client("ben");
        ben.model("tumor").register(model("one"));
        ben.model("tumor").register(model("two"));
        ben.model("tumor").environment("production").promote(2, "start");
        ben.model("tumor").environment("staging").promote(2, "start");
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    @Test
    void whatARetirementSawDoesNotCountForOneThatWasBegunLater() throws Exception {
        Rig.Faulty ada = rig.faulty("ada");
        Rig.Faulty carol = rig.faulty("carol");
        CountDownLatch sawProduction = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        before(ada, Operation.GET, "environments/staging/.*", () -> {
            sawProduction.countDown();
            await(mayGoOn);
        });
        ExecutorService thread = Executors.newSingleThreadExecutor();
        AtomicReference<Future<LifecycleState>> retirement = new AtomicReference<>();

        // carol has checked version 1 before ada begins to retire it, and promotes it where ada has looked already
        before(carol, Operation.CREATE, "environments/.*", () -> {
            retirement.set(thread.submit(() -> ada.registry().version("tumor@1").retire("superseded")));
            await(sawProduction);
            before(carol, Operation.GET, REVIEWS_OF_1, this::carryTheRetirementOnAndTakeItBack);
        });
        carol.registry().model("tumor").environment("production").promote(1, "go");
        dieAfterBeginningToRetire("tumor@1");
        // as another thread of ada's process may learn it meanwhile, by whatever it asks about the version
        assertThat(ada.registry().version("tumor@1").state()).isEqualTo(LifecycleState.RETIRING);
        mayGoOn.countDown();

        assertThatThrownBy(() -> retirement.get().get())
                .cause()
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("Cannot retire tumor@1: its retirement was taken back and begun again meanwhile"
                        + " (reviews/tumor/0000000001#3)");
        assertThat(ben.resolve("tumor:production").version().number()).isEqualTo(1);
        assertThat(ben.version("tumor@1").state()).isEqualTo(LifecycleState.RETIRING);
        carryTheRetirementOnAndTakeItBack();
        assertThat(ben.verify().toText()).startsWith("clean").doesNotContain("WARNING");
        thread.shutdown();
    }

    @Test
    void theRepetitionOfAPromotionSeesThatItsVersionWasRetired() {
        Promotion promotion = Promotion.of(1, "go").request("release-1");
        crashHavingPromoted(promotion, () -> ben.version("tumor@1").retire("superseded"));
        assertThat(ben.verify().toText()).contains("it serves tumor@1, which is RETIRED");

        assertThatThrownBy(() -> rig.client("ada")
                        .model("tumor")
                        .environment("production")
                        .promote(promotion))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("tumor@1 was retired while tumor:production took it up; the change"
                        + " environments/production/tumor#2 was withdrawn");
        assertThat(rig.client("carla").resolve("tumor:production").version().number())
                .isEqualTo(2);
        assertThat(ben.verify().toText()).startsWith("clean").doesNotContain("WARNING");
    }

    @Test
    void theRepetitionOfAPromotionThatHasBeenReplacedReturnsWhatItDid() {
        Promotion promotion = Promotion.of(1, "go").request("release-1");
        Deployment first = ben.model("tumor").environment("production").promote(promotion);
        ben.model("tumor").environment("production").promote(2, "back");
        ben.version("tumor@1").retire("superseded");

        Deployment repeated =
                rig.client("ada").model("tumor").environment("production").promote(promotion);

        assertThat(repeated.revision()).isEqualTo(first.revision());
        assertThat(rig.client("carla").resolve("tumor:production").version().number())
                .isEqualTo(2);
    }

    @Test
    void aPromotionThatCannotSeeWhetherItsVersionIsBeingRetiredDoesNotSayThatItIsServed() {
        Rig.Faulty ada = rig.faulty("ada");
        AtomicBoolean promoted = new AtomicBoolean();
        ada.faults().set(call -> {
            if (call.operation() == Operation.CREATE && call.key().startsWith("environments/")) {
                ben.version("tumor@1").retire("superseded");
                promoted.set(true);
            }
            return promoted.get() && call.key().matches(REVIEWS_OF_1) ? Fault.UNAVAILABLE : Fault.NONE;
        });
        Promotion promotion = Promotion.of(1, "go").request("release-1");

        assertThatThrownBy(() ->
                        ada.registry().model("tumor").environment("production").promote(promotion))
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class,
                        e -> assertThat(ben.outcome(e.token())).isEqualTo(Outcome.COMMITTED))
                .hasMessageContaining("The change environments/production/tumor#2 stands, but whether what it serves is"
                        + " being retired could not be read: Could not read reviews/tumor/0000000001/");
        ada.faults().set(FaultPlan.none());
        assertThatThrownBy(() ->
                        ada.registry().model("tumor").environment("production").promote(promotion))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("tumor@1 was retired while tumor:production took it up");
        assertThat(ben.verify().toText()).startsWith("clean").doesNotContain("WARNING");
    }

    @Test
    void aRetirementThatWasTakenBackMeanwhileDoesNotTakeBackTheNext() {
        Rig.Faulty ada = rig.faulty("ada");
        before(ada, Operation.GET, "environments/staging/.*", () -> {
            assertThatThrownBy(() -> ben.version("tumor@2").retire("superseded"))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining(" serves it");
            dieAfterBeginningToRetire("tumor@2");
        });

        assertThatThrownBy(() -> ada.registry().version("tumor@2").retire("superseded"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("Cannot retire tumor@2: its retirement was taken back and begun again meanwhile"
                        + " (reviews/tumor/0000000002#3)");

        assertThat(rig.client("carla").version("tumor@2").state()).isEqualTo(LifecycleState.RETIRING);
    }

    /** What is restored has the arms of what is withdrawn, so it doesn't stand among the earlier ones of the entry that is withdrawn. */
    @Test
    void whatIsWithdrawnGivesWayToItsOwnFormerWeightWhenTheRetirementIsTakenBackMeanwhile() {
        Environment production = ben.model("tumor").environment("production");
        production.canary(1, Share.percent(10), "try");
        Rollout before = production.current().orElseThrow().served();
        Rig.Faulty ada = rig.faulty("ada");
        AtomicBoolean begun = new AtomicBoolean();
        ada.faults().set(call -> {
            if (call.operation() == Operation.CREATE
                    && call.key().equals("environments/production/tumor/0000000003.json")) {
                dieAfterBeginningToRetire("tumor@1");
                begun.set(true);
            } else if (call.key().equals("environments/production/tumor/0000000002.json")
                    && begun.compareAndSet(true, false)) {
                carryTheRetirementOnAndTakeItBack();
            }
            return Fault.NONE;
        });

        assertThatThrownBy(() -> ada.registry()
                        .model("tumor")
                        .environment("production")
                        .promote(Promotion.ramp(Share.percent(50), "further")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("tumor@1 was retired while tumor:production took it up; the change"
                        + " environments/production/tumor#3 was withdrawn");

        assertThat(begun).isFalse();
        assertThat(production.current().orElseThrow().served()).isEqualTo(before);
        assertThat(ben.verify().toText()).startsWith("clean").doesNotContain("WARNING");
    }

    @Test
    void aRetirementThatIsStuckHalfWayIsUnknownUntilItIsRepeated() {
        ben.model("tumor").environment("production").promote(1, "back");
        ben.model("tumor").environment("staging").promote(1, "back");
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(FaultPlan.everyTimeOn(Operation.LIST, "environments/", Fault.DENIED));

        OutcomeUnknownException unknown = catchThrowableOfType(
                OutcomeUnknownException.class,
                () -> ada.registry().version("tumor@2").retire("superseded"));

        assertThat(unknown).hasMessageContaining("tumor@2 is RETIRING, so that no environment can take it up");
        assertThat(unknown.token().slot()).isEqualTo(2);
        assertThat(ben.outcome(unknown.token())).isEqualTo(Outcome.STILL_UNKNOWN);
        ada.faults().set(FaultPlan.none());
        assertThat(ada.registry().version("tumor@2").retire("superseded")).isEqualTo(LifecycleState.RETIRED);
        assertThat(ben.version("tumor@2").state()).isEqualTo(LifecycleState.RETIRED);
    }

    private void carryTheRetirementOnAndTakeItBack() {
        assertThatThrownBy(() -> ben.version("tumor@1").retire("superseded"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("environment production serves it");
        assertThat(ben.version("tumor@1").state()).isEqualTo(LifecycleState.CANDIDATE);
    }

    private void dieAfterBeginningToRetire(String version) {
        Rig.Faulty eve = rig.faulty("eve");
        eve.faults().set(FaultPlan.onceOn(Operation.LIST, "environments/", 1, Fault.CRASH_BEFORE));
        assertThatThrownBy(() -> eve.registry().version(version).retire("superseded"))
                .isInstanceOf(SimulatedCrash.class);
    }

    private void crashHavingPromoted(Promotion promotion, Runnable justBefore) {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(call -> {
            if (call.operation() != Operation.CREATE || !call.key().startsWith("environments/")) {
                return Fault.NONE;
            }
            justBefore.run();
            return Fault.CRASH_AFTER;
        });
        assertThatThrownBy(() ->
                        ada.registry().model("tumor").environment("production").promote(promotion))
                .isInstanceOf(SimulatedCrash.class);
    }

    private static void before(Rig.Faulty client, Operation operation, String keyPattern, Runnable action) {
        AtomicBoolean done = new AtomicBoolean();
        client.faults().set(call -> {
            if (call.operation() == operation && call.key().matches(keyPattern) && done.compareAndSet(false, true)) {
                action.run();
            }
            return Fault.NONE;
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
