package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.Environment;
import io.modelregistry.ModelRegistry;
import io.modelregistry.NotFoundException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.StaleException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.environment.ServingStatus.Freshness;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers are given from memory, and how memory keeps up with the store. */
class ServingTest {
    private static final Duration INTERVAL = RegistryOptions.defaults().pollInterval();
    /** When the next poll is over for certain. */
    private static final Duration LONGEST = Duration.ofSeconds(36);

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path cache;

    private Rig rig;
    private Environment production;

    @BeforeEach
    void promoteTheFirstOfTwo() {
        rig = new Rig(cache);
        ModelRegistry ada = rig.client("ada");
        ada.model("tumor").register(model("one"));
        ada.model("tumor").register(model("two"));
        production = ada.model("tumor").environment("production");
        production.promote(1, "start");
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    private static Resolution resolve(ModelRegistry registry) {
        return registry.resolve("tumor:production");
    }

    private static Resolution resolve(Rig.Faulty client) {
        return resolve(client.registry());
    }

    private static void cutOff(Rig.Faulty client) {
        client.faults().set(FaultPlan.everyTimeOn(Operation.GET, ".*", Fault.UNAVAILABLE));
    }

    private static ServingStatus status(Rig.Faulty client) {
        assertThat(client.registry().serving()).hasSize(1);
        return client.registry().serving().get(0);
    }

    /** A machine whose background tasks don't run unless it is advanced itself. */
    private ManualHost starved() {
        return rig.host.another(Duration.ZERO);
    }

    @Test
    void aChangeIsServedAFifthAfterTheIntervalAtTheLatestWithoutACallerWaiting() {
        Rig.Faulty serving = rig.faulty("serving");
        resolve(serving);
        production.promote(2, "next");

        rig.host.advance(Duration.ofSeconds(23));
        Resolution before = resolve(serving);
        rig.host.advance(LONGEST.minusSeconds(23));
        int calls = serving.backend().calls().size();
        Resolution after = resolve(serving);

        assertThat(before.version().number()).isEqualTo(1);
        assertThat(before.age()).isEqualTo(Duration.ofSeconds(23));
        assertThat(after.version().number()).isEqualTo(2);
        assertThat(after.age()).isZero();
        assertThat(serving.backend().calls()).as("the poller was there before").hasSize(calls);
    }

    @Test
    void pollsAreSpreadByAFifthAroundTheInterval() {
        Rig.Faulty serving = rig.faulty("serving");
        resolve(serving);
        TreeSet<Long> gaps = new TreeSet<>();
        int calls = serving.backend().calls().size();
        long since = 0;

        for (int second = 0; second < 3_600; second++) {
            rig.host.advance(Duration.ofSeconds(1));
            resolve(serving);
            since++;
            if (serving.backend().calls().size() > calls) {
                gaps.add(since);
                calls = serving.backend().calls().size();
                since = 0;
            }
        }

        assertThat(gaps).hasSizeGreaterThan(5).allMatch(gap -> gap >= 24 && gap <= 37);
        assertThat(gaps.last() - gaps.first()).isGreaterThan(7);
    }

    @Test
    void aPlaceIsAskedAboutOnceHoweverManyHandlesResolveIt() {
        Rig.Counted serving = rig.counted("serving");
        List<Environment> handles = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            handles.add(serving.registry().model("tumor").environment("production"));
        }
        handles.forEach(Environment::resolve);
        serving.backend().reset();

        rig.host.advance(LONGEST);
        handles.forEach(Environment::resolve);

        assertThat(serving.backend()).hasToString("1 get");
    }

    @Test
    void manyPlacesArePolledWhileTheOnlyThreadOfTheExecutorIsBusyForEver() {
        List<Runnable> neverRun = new ArrayList<>();
        ManualHost host = rig.host.another(Duration.ZERO, neverRun::add);
        Rig.Faulty serving = rig.faulty("serving", rig.options(), host);
        for (String environment : List.of("production", "staging", "canary")) {
            Environment place = production(environment);
            if (!environment.equals("production")) {
                place.promote(1, "start");
            }
            serving.registry().resolve("tumor:" + environment);
            place.promote(2, "next");
        }
        int tasks = neverRun.size();

        host.advance(LONGEST);

        assertThat(serving.registry().serving()).hasSize(3).allSatisfy(status -> {
            assertThat(status.deployment().orElseThrow().revision().sequence()).isEqualTo(2);
            assertThat(status.sinceConfirmed()).contains(Duration.ZERO);
        });
        assertThat(neverRun).as("some were given to the executor").hasSizeGreaterThan(tasks);
    }

    private Environment production(String environment) {
        return rig.client("ben").model("tumor").environment(environment);
    }

    @Test
    void aCallerAsksItselfWhenPollsAreLateByHalfAnInterval() {
        Rig.Faulty serving = rig.faulty("serving", rig.options(), starved());
        resolve(serving);
        production.promote(2, "next");

        rig.host.advance(INTERVAL.multipliedBy(3).dividedBy(2).minusNanos(1));
        Resolution fromMemory = resolve(serving);
        rig.host.advance(Duration.ofNanos(1));
        Resolution asked = resolve(serving);

        assertThat(fromMemory.version().number()).isEqualTo(1);
        assertThat(asked.version().number()).isEqualTo(2);
        assertThat(asked.age()).isZero();
    }

    @Test
    void whileOneCallerAsksTheOthersAreAnsweredFromMemory() {
        Rig.Faulty serving = rig.faulty("serving", rig.options(), starved());
        resolve(serving);
        production.promote(2, "next");
        rig.host.advance(MINUTE);
        List<Resolution> others = new ArrayList<>();
        serving.faults().set(call -> {
            if (call.key().startsWith("environments/production/") && others.isEmpty()) {
                others.add(resolve(serving));
            }
            return Fault.NONE;
        });

        Resolution asked = resolve(serving);

        assertThat(asked.version().number()).isEqualTo(2);
        assertThat(others).singleElement().satisfies(other -> {
            assertThat(other.version().number()).isEqualTo(1);
            assertThat(other.age()).isEqualTo(MINUTE);
        });
        rig.host.advance(MINUTE);
        assertThat(resolve(serving).age()).as("the next time").isZero();
    }

    @Test
    void withoutTheStoreWhatWasLastKnownIsServedAndItsAgeIsSaid() {
        Rig.Faulty serving = rig.faulty("serving");
        resolve(serving);
        cutOff(serving);

        rig.host.advance(Duration.ofHours(5));
        Resolution resolution = resolve(serving);

        assertThat(resolution.version().number()).isEqualTo(1);
        assertThat(resolution.age()).isGreaterThanOrEqualTo(Duration.ofHours(5));
        assertThat(status(serving)).satisfies(status -> {
            assertThat(status.freshness()).isEqualTo(Freshness.UNCONFIRMED);
            assertThat(status.sinceConfirmed().orElseThrow()).isGreaterThanOrEqualTo(Duration.ofHours(5));
            assertThat(status.problem()).contains("Could not read environments/production/tumor/0000000002.json");
        });
        assertThatThrownBy(() -> serving.registry()
                        .model("tumor")
                        .environment("production")
                        .resolve(Consistency.STRONG))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void aStoreThatFailsIsAskedAtFourTimesTheIntervalAndRecoveryNeedsNoRestart() {
        Rig.Faulty serving = rig.faulty("serving", rig.options().withOperationTimeout(Duration.ofNanos(1)), rig.host);
        resolve(serving);
        cutOff(serving);
        List<Long> polls = new ArrayList<>();
        for (long second = 0; second < 1_200; second++) {
            int calls = serving.backend().calls().size();
            rig.host.advance(Duration.ofSeconds(1));
            resolve(serving);
            if (serving.backend().calls().size() > calls) {
                polls.add(second);
            }
        }
        production.promote(2, "next");
        serving.faults().set(FaultPlan.none());

        rig.host.advance(Duration.ofSeconds(127));

        assertThat(polls).hasSizeBetween(9, 12);
        for (int i = 3; i < polls.size(); i++) {
            assertThat(polls.get(i) - polls.get(i - 1)).isBetween(113L, 127L);
        }
        assertThat(status(serving).freshness()).isEqualTo(Freshness.CONFIRMED);
        assertThat(resolve(serving).version().number()).isEqualTo(2);
    }

    @Test
    void whileTheStoreIsAwayCallersAreNotSlowedDown() {
        Rig.Faulty serving = rig.faulty("serving", rig.options(), starved());
        resolve(serving);
        cutOff(serving);
        rig.host.advance(MINUTE);
        resolve(serving);
        int calls = serving.backend().calls().size();

        for (int i = 0; i < 100; i++) {
            resolve(serving);
        }

        assertThat(serving.backend().calls()).hasSize(calls);
        rig.host.advance(MINUTE);
        serving.faults().set(FaultPlan.none());
        assertThat(resolve(serving).age()).isZero();
    }

    @Test
    void whatIsAsOldAsIsAllowedIsServed() {
        RegistryOptions options =
                rig.options().withMaxStaleness(Duration.ofMinutes(10)).withOperationTimeout(Duration.ofNanos(1));
        Rig.Faulty serving = rig.faulty("serving", options, starved());
        resolve(serving);
        cutOff(serving);
        rig.host.advance(Duration.ofSeconds(590));
        Duration age = resolve(serving).age();

        rig.host.advance(Duration.ofMinutes(10).minus(age));
        assertThat(resolve(serving).age()).isEqualTo(Duration.ofMinutes(10));
        rig.host.advance(Duration.ofNanos(1));

        assertThatThrownBy(() -> resolve(serving))
                .isInstanceOf(StaleException.class)
                .hasMessage("What environments/production/tumor serves was last confirmed 600 s ago, longer than the"
                        + " 600 s allowed, and the store doesn't answer")
                .hasCauseInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void whoIsRefusedForStalenessIsTriedAgainASecondLaterAndServedAsSoonAsTheStoreAnswers() {
        Rig.Faulty serving = rig.faulty("serving", rig.options().withMaxStaleness(Duration.ofMinutes(10)), starved());
        resolve(serving);
        cutOff(serving);
        rig.host.advance(Duration.ofMinutes(11));
        assertThatThrownBy(() -> resolve(serving)).isInstanceOf(StaleException.class);
        int calls = serving.backend().calls().size();

        assertThatThrownBy(() -> resolve(serving)).isInstanceOf(StaleException.class);
        assertThat(status(serving).freshness()).isEqualTo(Freshness.STALE);
        assertThat(serving.backend().calls()).as("refused at once").hasSize(calls);
        serving.faults().set(FaultPlan.none());
        rig.host.advance(Duration.ofSeconds(1));

        assertThat(resolve(serving).age()).isZero();
    }

    @Test
    void aLimitBelowThePollIntervalMakesCallersAsk() {
        Rig.Faulty serving = rig.faulty("serving", rig.options().withMaxStaleness(Duration.ofSeconds(5)), starved());
        resolve(serving);
        production.promote(2, "next");

        rig.host.advance(Duration.ofSeconds(6));

        assertThat(resolve(serving).version().number()).isEqualTo(2);
    }

    @Test
    void withoutAnIntervalEachResolutionAsksAndNothingIsPolled() {
        ManualHost host = starved();
        Rig.Faulty serving = rig.faulty("serving", rig.options().withPollInterval(Duration.ZERO), host);
        resolve(serving);
        production.promote(2, "next");

        assertThat(resolve(serving).version().number()).isEqualTo(2);
        assertThat(host.scheduledTasks()).isZero();
    }

    @Test
    void aLostPermissionDoesNotStopWhatIsServed() {
        Rig.Faulty serving = rig.faulty("serving");
        resolve(serving);
        serving.faults().set(FaultPlan.everyTimeOn(Operation.GET, ".*", Fault.DENIED));

        rig.host.advance(MINUTE);

        assertThat(resolve(serving).version().number()).isEqualTo(1);
        assertThat(status(serving).problem()).contains("environments/production/tumor/0000000002.json");
        assertThatThrownBy(() -> serving.registry()
                        .model("tumor")
                        .environment("production")
                        .resolve(Consistency.STRONG))
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void whatCameBeforeIsServedUntilTheRecordOfANewerVersionCanBeRead() {
        Rig.Faulty serving = rig.faulty("serving");
        resolve(serving);
        production.promote(2, "next");
        serving.faults().set(FaultPlan.everyTimeOn(Operation.GET, "versions/.*", Fault.UNAVAILABLE));
        rig.host.advance(LONGEST);
        int calls = serving.backend().calls().size();

        assertThat(resolve(serving).version().number()).isEqualTo(1);
        assertThat(resolve(serving).age()).isGreaterThanOrEqualTo(LONGEST);
        assertThat(serving.backend().calls()).as("callers don't try").hasSize(calls);
        assertThat(status(serving).problem()).contains("Could not read versions/tumor/0000000002.json");
        serving.faults().set(FaultPlan.none());
        rig.host.advance(LONGEST);

        assertThat(resolve(serving).version().number()).isEqualTo(2);
    }

    /** Going on with nothing helps nobody, and that nothing was ever promoted is no longer true. */
    @Test
    void whoServedNothingIsToldThatTheVersionOfAPromotionItKnowsCannotBeRead() {
        Rig.Faulty serving = rig.faulty("serving", rig.options(), starved());
        ModelRegistry reader = serving.registry();
        assertThatThrownBy(() -> reader.resolve("tumor:staging")).isInstanceOf(NotFoundException.class);
        rig.client("ada").model("tumor").environment("staging").promote(2, "first");
        serving.faults().set(FaultPlan.everyTimeOn(Operation.GET, "versions/.*", Fault.UNAVAILABLE));
        assertThat(reader.model("tumor").environment("staging").current()).isPresent();

        for (Duration passed : List.of(Duration.ZERO, Duration.ZERO, MINUTE, Duration.ZERO)) {
            rig.host.advance(passed);
            assertThatThrownBy(() -> reader.resolve("tumor:staging"))
                    .as("after %s", passed)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("versions/tumor/0000000002.json");
        }

        serving.faults().set(FaultPlan.none());
        assertThat(reader.resolve("tumor:staging").version().number()).isEqualTo(2);
    }

    /** It was never asked for, so no poll confirmed it. */
    @Test
    void whatAProcessPromotedItselfIsAsOldAsItsPromotionWhileTheNextVersionCannotBeRead() {
        rig.host.advance(Duration.ofHours(1));
        Rig.Faulty both = rig.faulty("both", rig.options().withMaxStaleness(MINUTE), starved());
        both.registry().model("tumor").environment("staging").promote(1, "first");
        assertThat(both.registry().resolve("tumor:staging").version().number()).isEqualTo(1);
        rig.host.advance(Duration.ofSeconds(10));
        rig.client("ada").model("tumor").environment("staging").promote(2, "next");
        both.faults().set(FaultPlan.everyTimeOn(Operation.GET, "versions/.*", Fault.DENIED));
        both.registry().model("tumor").environment("staging").current();

        Resolution served = both.registry().resolve("tumor:staging");

        assertThat(served.version().number()).isEqualTo(1);
        assertThat(served.age()).isEqualTo(Duration.ofSeconds(10));
        assertThat(status(both).sinceConfirmed()).contains(Duration.ofSeconds(10));
    }

    @Test
    void whoWritesIsServedItsOwnChangeAtOnceAlsoAfterPollsFailed() {
        Rig.Faulty both = rig.faulty("both");
        resolve(both);
        cutOff(both);
        rig.host.advance(MINUTE);
        resolve(both);
        both.faults().set(FaultPlan.none());

        both.registry().model("tumor").environment("production").promote(2, "next");

        assertThat(resolve(both).version().number()).isEqualTo(2);
    }

    @Test
    void whoServedNothingIsServedItsOwnPromotionAlsoWhileTheStoreIsAway() {
        Rig.Faulty both = rig.faulty("both", rig.options(), starved());
        ModelRegistry registry = both.registry();
        assertThatThrownBy(() -> registry.resolve("tumor:staging")).isInstanceOf(NotFoundException.class);
        registry.model("tumor").environment("staging").promote(2, "first");
        cutOff(both);
        rig.host.advance(MINUTE);

        assertThat(registry.resolve("tumor:staging").version().number()).isEqualTo(2);
    }

    @Test
    void whatWasWithdrawnIsNoLongerServedFromMemory() {
        Rig.Faulty serving = rig.faulty("serving");
        resolve(serving);
        production.withdraw("harm");

        rig.host.advance(LONGEST);

        assertThatThrownBy(() -> resolve(serving))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("what it served was withdrawn by ada");
    }

    @Test
    void whatNobodyResolvesAnyMoreIsNoLongerPolled() {
        Rig.Faulty serving = rig.faulty("serving");
        resolve(serving);
        for (int poll = 0; poll < 12; poll++) {
            rig.host.advance(LONGEST);
        }
        int calls = serving.backend().calls().size();

        rig.host.advance(Duration.ofHours(1));

        assertThat(serving.registry().serving()).isEmpty();
        assertThat(serving.backend().calls()).hasSize(calls);
        assertThat(rig.host.scheduledTasks()).isZero();
        assertThat(resolve(serving).age())
                .as("asked, since the last poll is long ago")
                .isZero();
        assertThat(rig.host.scheduledTasks()).isOne();
    }

    @Test
    void closingEndsPolling() {
        Rig.Faulty serving = rig.faulty("serving");
        resolve(serving);
        assertThat(rig.host.scheduledTasks()).isOne();
        int calls = serving.backend().calls().size();

        serving.registry().close();
        rig.host.advance(MINUTE);

        assertThat(rig.host.scheduledTasks()).isZero();
        assertThat(serving.backend().calls()).hasSize(calls);
    }

    @Test
    void closingDuringAPollEndsPolling() {
        Rig.Faulty serving = rig.faulty("serving");
        resolve(serving);
        AtomicReference<Duration> waited = new AtomicReference<>();
        serving.faults().set(call -> {
            long began = rig.host.nanoTime();
            serving.registry().close();
            waited.set(Duration.ofNanos(rig.host.nanoTime() - began));
            return Fault.NONE;
        });

        rig.host.advance(MINUTE);

        assertThat(rig.host.scheduledTasks()).isZero();
        assertThat(waited.get()).as("whoever polls doesn't wait for itself").isZero();
    }

    @Test
    void aPreviewLeavesNothingThatPolls() {
        ModelRegistry ada = rig.client("ada");

        ada.preview(trial -> trial.resolve("tumor:production"));
        assertThatThrownBy(() -> ada.preview(trial -> {
                    trial.resolve("tumor:production");
                    throw new IllegalStateException("the caller's own");
                }))
                .hasMessage("the caller's own");

        assertThat(rig.host.scheduledTasks()).isZero();
    }

    @Test
    void anInterruptedCallerIsAnsweredFromMemoryAndSaysNothingAboutTheStore() {
        Rig.Faulty serving = rig.faulty("serving", rig.options(), starved());
        resolve(serving);
        rig.host.advance(MINUTE);

        Thread.currentThread().interrupt();
        Resolution resolution = resolve(serving);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(resolution.age()).isEqualTo(MINUTE);
        assertThat(status(serving).freshness()).isEqualTo(Freshness.CONFIRMED);
    }

    @Test
    void aForgottenRegistryKeepsNoThreadThatKeepsTheMachineRunning() throws InterruptedException {
        BlockingQueue<Thread> threads = new ArrayBlockingQueue<>(1);
        io.modelregistry.Host.system().schedule(Duration.ZERO, () -> threads.add(Thread.currentThread()));

        assertThat(threads.take().isDaemon()).isTrue();
    }
}
