package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.IntegrityException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.Outcome;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import io.modelregistry.StoreFullException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.audit.Finding;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.Operation;
import io.modelregistry.testkit.SimulatedCrash;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a registration does when the store, the network or the process fails on the way. */
class RegistrationFaultTest {
    private static final String ENTRY = "versions/tumor/\\d+\\.json";
    private static final String FIRST = "versions/tumor/0000000001.json";
    /** An operation may overrun its time by one pause and one request. */
    private static final Duration GRACE = Duration.ofSeconds(5);

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

    static Stream<Fault> landed() {
        return Stream.of(
                Fault.LOST_ANSWER,
                Fault.DUPLICATE,
                Fault.CONFLICT_409_APPLIED,
                Fault.THROTTLED_429_APPLIED,
                Fault.UNAVAILABLE_503_APPLIED);
    }

    static Stream<Fault> notLanded() {
        return Stream.of(
                Fault.LOST_REQUEST, Fault.CONFLICT_409, Fault.THROTTLED_429, Fault.UNAVAILABLE_503, Fault.UNAVAILABLE);
    }

    @ParameterizedTest
    @MethodSource("landed")
    void anEntryThatLandedWithoutAnAnswerIsASuccessAndStandsOnce(Fault fault) {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, fault));

        ModelVersion version = ada.registry().model("tumor").register(model("one"));

        assertThat(version.number()).isEqualTo(1);
        assertThat(ada.backend().faults()).hasSize(1);
        assertStands(1);
    }

    @ParameterizedTest
    @MethodSource("notLanded")
    void anEntryThatDidNotLandIsSentAgainToTheSameKeyWithTheSameBytes(Fault fault) {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, fault));

        ada.registry().model("tumor").register(model("one"));

        assertThat(ada.backend().calls().stream()
                        .filter(c ->
                                c.operation() == Operation.CREATE && c.key().equals(FIRST)))
                .hasSize(2);
        assertStands(1);
    }

    @Test
    void aRequestThatLandsAfterTheCallerGaveUpIsFoundByItsTokenAndByItsRequestId() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults()
                .set(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, Fault.LATE_LANDING)
                        .then(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.LOST_REQUEST)));

        OutcomeUnknownException unknown = catchThrowableOfType(
                OutcomeUnknownException.class,
                () -> ada.registry().model("tumor").register(model("one").request("job-1")));

        ModelRegistry ben = rig.client("ben");
        assertThat(unknown.token().slot()).isEqualTo(1);
        assertThat(unknown).hasMessageContaining("repeat it with the request id job-1");
        assertThat(ben.outcome(unknown.token())).isEqualTo(Outcome.STILL_UNKNOWN);
        assertThat(ada.backend().landLate()).isEqualTo(1);
        assertThat(ben.outcome(unknown.token())).isEqualTo(Outcome.COMMITTED);
        assertThat(ben.model("tumor").register(model("one").request("job-1")).number())
                .isEqualTo(1);
        assertStands(1);
    }

    @Test
    void aLateRequestNeverDisplacesTheRepetitionThatWasFaster() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults()
                .set(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, Fault.LATE_LANDING)
                        .then(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.LOST_REQUEST)));
        OutcomeUnknownException unknown = catchThrowableOfType(
                OutcomeUnknownException.class,
                () -> ada.registry().model("tumor").register(model("one").request("job-1")));
        ModelRegistry ben = rig.client("ben");

        ModelVersion repeated = ben.model("tumor").register(model("one").request("job-1"));
        ada.backend().landLate();

        assertThat(repeated.registeredBy().id()).isEqualTo("ben");
        assertThat(ben.outcome(unknown.token())).isEqualTo(Outcome.COMMITTED);
        assertStands(1);
    }

    @Test
    void anEntryThatCannotBeReadBackIsNotCalledUnwritten() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults()
                .set(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, Fault.LOST_ANSWER)
                        .then(afterwards(ada, Fault.GARBAGE)));

        OutcomeUnknownException unknown = catchThrowableOfType(
                OutcomeUnknownException.class,
                () -> ada.registry().model("tumor").register(model("one").request("job-1")));

        assertThat(unknown)
                .hasMessageContaining("what stands in its place is damaged")
                .hasCauseInstanceOf(IntegrityException.class);
        assertThat(rig.client("ben").outcome(unknown.token())).isEqualTo(Outcome.COMMITTED);
        assertStands(1);
    }

    @Test
    void anEntryThatWasReadBackWronglyOnceIsReadAgain() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults()
                .set(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, Fault.DUPLICATE)
                        .then(FaultPlan.onceOn(Operation.GET, FIRST, 2, Fault.FLIPPED)));

        ada.registry().model("tumor").register(model("one"));

        assertThat(ada.backend().faults()).hasSize(2);
        assertStands(1);
    }

    /** At every reading of the entry once it was sent. */
    private static FaultPlan afterwards(Rig.Faulty client, Fault fault) {
        return call -> {
            boolean sent = client.backend().faults().size() > 0;
            return sent && call.operation() == Operation.GET && call.key().equals(FIRST) ? fault : Fault.NONE;
        };
    }

    @Test
    void aNameThatMayBeClaimedIsNoVersionThatMayBeRegistered() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(FaultPlan.everyTimeOn(Operation.CREATE, "models/.*", Fault.LATE_LANDING));

        assertThatThrownBy(() -> ada.registry().model("tumor").register(model("one")))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageStartingWith("No version of tumor was registered; whether its name is claimed is not known");
        assertThat(ada.backend().landLate()).isPositive();
        assertThat(rig.client("ben").model("tumor").latest()).isEmpty();
        ada.faults().set(FaultPlan.none());
        assertThat(ada.registry().model("tumor").register(model("one")).number())
                .isEqualTo(1);
        assertStands(1);
    }

    @Test
    void anOutcomeIsNegativeOnceAnotherEntryHasThePlace() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.LOST_REQUEST));
        OutcomeUnknownException unknown = catchThrowableOfType(
                OutcomeUnknownException.class,
                () -> ada.registry().model("tumor").register(model("one")));
        ModelRegistry ben = rig.client("ben");

        ben.model("tumor").register(model("two"));

        assertThat(unknown).hasMessageContaining("without a request id a repetition may apply it twice");
        assertThat(ben.outcome(unknown.token())).isEqualTo(Outcome.NOT_COMMITTED);
    }

    @Test
    void aStoreThatCannotBeReachedAtAllIsUnavailableAndNothingWasWritten() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(FaultPlan.everyTimeOn(Operation.CREATE, ".*", Fault.UNAVAILABLE));
        long began = rig.host.nanoTime();

        assertThatThrownBy(() -> ada.registry().model("tumor").register(model("one")))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("Nothing was written; try again, with the same request id if there was one");

        assertWithinDeadline(began);
        assertThat(rig.client("ben").models()).isEmpty();
    }

    @Test
    void aStormOfErrorsEndsInAnUnknownOutcomeWithinTheDeadlineAndCanBeRepeated() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.UNAVAILABLE_503));
        long began = rig.host.nanoTime();

        assertThatThrownBy(() ->
                        ada.registry().model("tumor").register(model("one").request("job-1")))
                .isInstanceOf(OutcomeUnknownException.class);

        assertWithinDeadline(began);
        ada.faults().set(FaultPlan.none());
        assertThat(ada.registry()
                        .model("tumor")
                        .register(model("one").request("job-1"))
                        .number())
                .isEqualTo(1);
        assertStands(1);
    }

    @Test
    void whenTheReadBackFailsTooTheOutcomeIsUnknownAndNothingIsCleanedUp() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults()
                .set(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, Fault.LOST_ANSWER)
                        .then(afterTheFirstCreate(FaultPlan.everyTimeOn(Operation.GET, ENTRY, Fault.UNAVAILABLE))));

        OutcomeUnknownException unknown = catchThrowableOfType(
                OutcomeUnknownException.class,
                () -> ada.registry().model("tumor").register(model("one").request("job-1")));

        assertThat(unknown)
                .hasMessageContaining("versions/tumor as entry 1")
                .hasMessageContaining(unknown.token().commit());
        ModelRegistry ben = rig.client("ben");
        assertThat(ben.outcome(unknown.token())).isEqualTo(Outcome.COMMITTED);
        assertThat(ben.model("tumor").register(model("one").request("job-1")).number())
                .isEqualTo(1);
        assertStands(1);
    }

    private static FaultPlan afterTheFirstCreate(FaultPlan plan) {
        AtomicBoolean created = new AtomicBoolean();
        return call -> {
            if (call.operation() == Operation.CREATE && call.key().matches(ENTRY)) {
                created.set(true);
            }
            return created.get() ? plan.faultFor(call) : Fault.NONE;
        };
    }

    @Test
    void accessDeniedBeforeAnythingWasSentIsJustThat() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.DENIED));

        assertThatThrownBy(() -> ada.registry().model("tumor").register(model("one")))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("Could not create " + FIRST);
    }

    @Test
    void accessDeniedAfterALostAnswerIsReadBackFirst() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults()
                .set(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, Fault.LOST_ANSWER)
                        .then(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.DENIED)));

        assertThat(ada.registry().model("tumor").register(model("one")).number())
                .isEqualTo(1);
        assertStands(1);
    }

    @Test
    void accessDeniedAfterALostRequestIsAnUnknownOutcome() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults()
                .set(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, Fault.LOST_REQUEST)
                        .then(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.DENIED)));

        assertThatThrownBy(() -> ada.registry().model("tumor").register(model("one")))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("the store then refused");
    }

    @Test
    void aFullStoreSaysSoAndTheNextCallWorksOnceThereIsRoom() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.FULL));

        assertThatThrownBy(() -> ada.registry().model("tumor").register(model("one")))
                .isInstanceOf(StoreFullException.class)
                .hasMessageContaining("Nothing was written; make room and try again");

        ada.faults().set(FaultPlan.none());
        assertThat(ada.registry().model("tumor").register(model("one")).number())
                .isEqualTo(1);
    }

    @Test
    void aProcessKilledAtAnyPointLeavesNothingHalfAndItsRepetitionRegistersOnce() {
        int points = 0;
        boolean crashed = true;
        for (int call = 1; crashed; call++) {
            for (Fault crash : new Fault[] {Fault.CRASH_BEFORE, Fault.CRASH_AFTER}) {
                try (Rig fresh = new Rig(cache)) {
                    crashed = crashesAt(fresh, call, crash);
                    points += crashed ? 1 : 0;
                }
            }
        }
        assertThat(points).isGreaterThan(20);
    }

    /** Registers with a label, crashes at the n-th call, and lets another process repeat it. */
    private static boolean crashesAt(Rig rig, int call, Fault crash) {
        Rig.Faulty ada = rig.faulty("ada");
        long before = ada.backend().calls().size();
        ada.faults().set(FaultPlan.onCall(before + call, crash));
        Registration registration = model("one").label("v1").request("job-1");
        boolean crashed = false;
        try {
            ada.registry().model("tumor").register(registration);
        } catch (SimulatedCrash e) {
            crashed = true;
        }

        ModelRegistry ben = rig.client("ben");
        assertThat(ben.verify().errors()).as("%s at call %d", crash, call).isEmpty();
        ModelVersion version = ben.model("tumor").register(registration);

        assertThat(version.number()).as("%s at call %d", crash, call).isEqualTo(1);
        assertThat(ben.version("tumor@v1").id()).isEqualTo(version.id());
        assertThat(ben.model("tumor").versions()).hasSize(1);
        assertThat(ben.verify().errors()).isEmpty();
        return crashed;
    }

    @Test
    void blobsOfARegistrationThatDidNotFinishAreReportedAndUsedAgain() {
        Rig.Faulty ada = rig.faulty("ada");
        ada.faults().set(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, Fault.CRASH_BEFORE));
        assertThatThrownBy(() -> ada.registry().model("tumor").register(model("one")))
                .isInstanceOf(SimulatedCrash.class);
        ModelRegistry ben = rig.client("ben");

        assertThat(ben.model("tumor").latest()).isEmpty();
        assertThat(ben.verify().findings())
                .extracting(Finding::severity)
                .containsOnly(Finding.Severity.NOTE)
                .hasSize(2);
        ben.model("tumor").register(model("one"));
        assertThat(ben.verify().findings()).isEmpty();
    }

    @Test
    void anInterruptBeforeTheCallStopsItAndLeavesTheFlagSet() {
        ModelRegistry ada = rig.client("ada");
        Thread.currentThread().interrupt();

        try {
            assertThatThrownBy(() -> ada.model("tumor").register(model("one")))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("nterrupted");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(rig.client("ben").model("tumor").latest()).isEmpty();
    }

    @Test
    void anInterruptAtAnyCallKeepsTheFlagAndTellsTheTruth() {
        for (int call = 1; call < 40; call++) {
            try (Rig fresh = new Rig(cache)) {
                interruptAt(fresh, call);
            }
        }
    }

    private static void interruptAt(Rig rig, int call) {
        Rig.Faulty ada = rig.faulty("ada");
        long at = (long) ada.backend().calls().size() + call;
        boolean[] interrupted = {false};
        ada.faults().set(c -> {
            if (c.number() == at) {
                interrupted[0] = true;
                Thread.currentThread().interrupt();
            }
            return Fault.NONE;
        });
        Registration registration = model("one").request("job-1");
        boolean acknowledged = false;
        boolean unknown = false;
        try {
            ada.registry().model("tumor").register(registration);
            acknowledged = true;
        } catch (OutcomeUnknownException e) {
            unknown = true;
        } catch (StoreUnavailableException e) {
            assertThat(e).hasMessageContaining("nterrupted");
        } finally {
            assertThat(Thread.interrupted()).as("flag after call %d", call).isEqualTo(interrupted[0]);
        }
        ModelRegistry ben = rig.client("ben");
        if (!unknown) {
            assertThat(ben.model("tumor").latest().isPresent())
                    .as("call %d", call)
                    .isEqualTo(acknowledged);
        }
        assertThat(ben.model("tumor").register(registration).number()).isEqualTo(1);
    }

    @Test
    void aClockTooFarOffTheStoresRefusesToWriteAndSaysSo() {
        ManualHost wrong = rig.host.another(Duration.ofDays(365));
        Rig.Faulty ada = rig.faulty("ada", rig.options(), wrong);

        assertThatThrownBy(() -> ada.registry().model("tumor").register(model("one")))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("31536000 s ahead of the clock of the store")
                .hasMessageContaining("Set the clock; nothing was written");
    }

    @Test
    void aClockThatJumpsBetweenTwoEntriesChangesNeitherOrderNorStoreTimes() {
        ModelRegistry ada = rig.client("ada");
        ada.model("tumor").register(model("one"));
        rig.host.turnWallClock(Duration.ofHours(-1));
        ada.model("tumor").register(model("two"));
        rig.host.turnWallClock(Duration.ofHours(2));
        ada.model("tumor").register(model("three"));

        assertThat(ada.model("tumor").history()).extracting(e -> e.at()).isSorted();
        assertThat(ada.model("tumor").versions())
                .extracting(ModelVersion::number)
                .containsExactly(1L, 2L, 3L);
        assertThat(ada.verify().errors()).isEmpty();
    }

    @Test
    void aProgressListenerThatThrowsChangesNothing() {
        ModelRegistry ada = rig.client("ada");

        ModelVersion version = ada.model("tumor").register(model("one").progress(event -> {
            throw new IllegalStateException("a listener's bug");
        }));

        assertThat(version.number()).isEqualTo(1);
    }

    private void assertStands(int versions) {
        ModelRegistry carla = rig.client("carla");
        assertThat(carla.model("tumor").versions()).hasSize(versions);
        assertThat(carla.verify().errors()).isEmpty();
    }

    private void assertWithinDeadline(long began) {
        Duration took = Duration.ofNanos(rig.host.nanoTime() - began);
        assertThat(took).isLessThan(rig.options().operationTimeout().plus(GRACE));
    }
}
