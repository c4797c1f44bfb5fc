package io.modelregistry.core.serving;

import static io.modelregistry.core.serving.ServingRig.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.NotFoundException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.StaleException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.core.artifact.CapturedLog;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.Share;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.Lease;
import io.modelregistry.serving.LoadException;
import io.modelregistry.serving.LoadFailure;
import io.modelregistry.serving.LoadFailure.Stage;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ServingListener;
import io.modelregistry.serving.ServingOptions;
import io.modelregistry.testkit.ManualHost;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** One arm: what is loaded, served, kept and closed. Work runs on the thread that submits it unless a test says otherwise. */
class LeasedHandleTest {
    private final ManualHost host = new ManualHost();
    private final ServingRig rig = new ServingRig(host);

    @Test
    void aNewerVersionIsLoadedSwappedInAndTheOldOneClosed() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        long before = ask(handle);

        rig.source.serve(2);

        assertThat(before).isEqualTo(1);
        assertThat(ask(handle)).isEqualTo(2);
        assertThat(rig.alive()).containsExactly(2L);
        assertThat(rig.swaps)
                .extracting(s -> s.deployment().orElseThrow().revision().sequence())
                .containsExactly(1L, 2L);
        assertThat(handle.status().isComplete()).isTrue();
    }

    @Test
    void aChangeWhoseTimeIsKnownBetterIsNoOtherChange() {
        LeasedHandle<FakeModel> handle = rig.start(1);

        rig.source.refineTime();

        assertThat(rig.swaps).hasSize(1);
        assertThat(handle.status().isComplete()).isTrue();
    }

    @Test
    void aLeaseOfTheOldVersionGoesOnAndTheLastOneBackClosesIt() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        Lease<FakeModel> first = handle.acquire();
        Lease<FakeModel> second = handle.acquire();
        rig.source.serve(2);

        first.close();
        first.close();
        long stillAnswers = second.model().predict();
        List<HandleStatus.Draining> draining = handle.status().draining();
        second.close();

        assertThat(stillAnswers).isEqualTo(1);
        assertThat(draining).extracting(d -> d.version() + " " + d.leases()).containsExactly("tumor@1 1");
        assertThat(rig.loaded.get(0).closes()).isEqualTo(1);
        assertThat(handle.status().draining()).isEmpty();
    }

    @Test
    void aLeaseNamesItsVersionAndWhyItAnswers() {
        LeasedHandle<FakeModel> handle = rig.start(1);

        try (Lease<FakeModel> lease = handle.acquire(Routing.of("patient-77"))) {
            assertThat(lease.version().number()).isEqualTo(1);
            assertThat(lease.receipt().version()).isEqualTo(lease.version().id());
            assertThat(lease.receipt().servedBy().orElseThrow().arm()).isEqualTo("main");
            assertThat(lease.receipt().servedBy().orElseThrow().revision()).isEqualTo(1);
        }
    }

    @Test
    void aLeaseThatWasGivenBackRefusesEverythingAndSaysWhy() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        Lease<FakeModel> lease = handle.acquire();

        lease.close();

        for (Runnable use : List.<Runnable>of(lease::model, lease::version, lease::receipt, lease::shadows)) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("This lease of tumor@1 was given back, and its model may be closed. Take another with"
                            + " acquire()");
        }
    }

    @Test
    void aFunctionThatFailsGivesItsLeaseBack() {
        LeasedHandle<FakeModel> handle = rig.start(1);

        assertThatThrownBy(() -> handle.use(served -> {
                    throw new java.io.IOException("no input");
                }))
                .isInstanceOf(java.io.IOException.class);

        assertThat(handle.status().arms().get(0).leases()).isZero();
    }

    @Test
    void aVersionThatFailsItsSmokeTestIsClosedAndTheLastGoodOneServesOn() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        rig.sick.add(2L);

        rig.source.serve(2);

        LoadFailure failure = handle.status().lastFailure().orElseThrow();
        assertThat(ask(handle)).isEqualTo(1);
        assertThat(rig.alive()).containsExactly(1L);
        assertThat(failure.stage()).isEqualTo(Stage.WARM_UP);
        assertThat(failure.times()).isEqualTo(1);
        assertThat(failure)
                .hasToString("tumor@2 can't be served: WARM_UP failed 1 time, last at 2026-01-01T00:00:00Z:"
                        + " java.lang.IllegalStateException: answers 0.5 instead of 0.9");
        assertThat(rig.failures).containsExactly(failure);
        assertThat(handle.status().isComplete()).isFalse();
        assertThat(handle.status().deployment().orElseThrow().revision().sequence())
                .isEqualTo(1);
    }

    @Test
    void anErrorInTheLoaderIsAReasonNotToServeThisVersion() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        rig.unloadable.put(2L, new OutOfMemoryError("Java heap space"));

        rig.source.serve(2);
        rig.source.serve(3);

        assertThat(rig.failures).extracting(LoadFailure::stage).containsExactly(Stage.LOAD);
        assertThat(rig.failures.get(0).cause()).isInstanceOf(OutOfMemoryError.class);
        assertThat(ask(handle)).isEqualTo(3);
    }

    @Test
    void aVersionThatCanNotBeFetchedIsTriedAgainAtDoublingIntervalsUpToTenMinutes() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        rig.source.unreachable.add(2L);
        rig.source.serve(2);

        for (int seconds : new int[] {10, 20, 40, 80, 160, 320, 600, 600}) {
            int before = rig.failures.size();
            host.advance(Duration.ofSeconds(seconds).minusNanos(1));
            assertThat(rig.failures).hasSize(before);
            host.advance(Duration.ofNanos(1));
            assertThat(rig.failures).hasSize(before + 1);
        }
        rig.source.unreachable.clear();
        host.advance(Duration.ofMinutes(10));

        assertThat(rig.failures.get(8).times()).isEqualTo(9);
        assertThat(rig.failures.get(8).first()).isEqualTo(ManualHost.START);
        assertThat(rig.failures.get(8).last()).isEqualTo(ManualHost.START.plusSeconds(1830));
        assertThat(ask(handle)).isEqualTo(2);
        assertThat(handle.status().failures()).isEmpty();
        assertThat(host.scheduledTasks()).isZero();
    }

    @Test
    void aNewerChangeTriesAVersionThatFailedAtOnce() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        rig.source.unreachable.add(2L);
        rig.source.serve(2);
        rig.source.unreachable.clear();

        rig.source.serve(2);

        assertThat(ask(handle)).isEqualTo(2);
    }

    @Test
    void aFailureIsForgottenWithTheVersionThatNobodyWantsAnyMore() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        rig.sick.add(2L);
        rig.source.serve(2);

        rig.source.serve(1);

        assertThat(handle.status().failures()).isEmpty();
        assertThat(handle.status().isComplete()).isTrue();
        assertThat(rig.loaded.get(0).closes()).isZero();
    }

    @Test
    void withNothingLoadedTheCauseIsThrownAndNothingStaysBehind() {
        rig.sick.add(1L);

        assertThatThrownBy(() -> rig.start(1))
                .isInstanceOf(LoadException.class)
                .hasMessageStartingWith("tumor@1 can't be served: WARM_UP failed 1 time")
                .hasMessageEndingWith("Mend the loader, or promote another version")
                .hasRootCauseMessage("answers 0.5 instead of 0.9");

        assertThat(rig.alive()).isEmpty();
        assertThat(rig.source.followers).isEmpty();
        assertThat(host.scheduledTasks()).isZero();
    }

    @Test
    void withNothingLoadedTheRegistrysOwnReasonIsThrownAsItIs() {
        rig.source.unreachable.add(1L);

        assertThatThrownBy(() -> rig.start(1))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessage("The store doesn't answer");
    }

    @Test
    void aPlaceThatServesNothingCanNotBeServed() {
        assertThatThrownBy(rig::start)
                .isInstanceOf(NotFoundException.class)
                .hasMessage("tumor:production serves nothing: nothing was ever promoted there. Promote a version with"
                        + " environment(\"production\").promote(number, reason)");
    }

    @Test
    void whatIsWithdrawnIsServedNoMoreAndComesBackWithTheNextChange() {
        LeasedHandle<FakeModel> handle = rig.start(1);

        rig.source.withdraw();

        assertThatThrownBy(handle::acquire)
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("what it served was withdrawn by ada");
        assertThat(rig.alive()).isEmpty();
        assertThat(handle.status().deployment()).isEmpty();
        rig.source.serve(1);
        assertThat(ask(handle)).isEqualTo(1);
    }

    @Test
    void nothingIsServedThatIsOlderThanAllowed() {
        rig.limits = RegistryOptions.defaults().withMaxStaleness(Duration.ofMinutes(5));
        LeasedHandle<FakeModel> handle = rig.start(1);

        rig.source.age = Duration.ofMinutes(5);
        long allowed = ask(handle);
        rig.source.age = Duration.ofMinutes(6);

        assertThat(allowed).isEqualTo(1);
        assertThatThrownBy(handle::acquire)
                .isInstanceOf(StaleException.class)
                .hasMessage("What tumor:production serves was last confirmed 360 s ago, longer than the 300 s allowed,"
                        + " and the store doesn't answer");
        assertThat(handle.status().age()).isEqualTo(Duration.ofMinutes(6));
    }

    @Test
    void theNextVersionWaitsForLeasesOfTheOneBeforeButNotForEver() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        Lease<FakeModel> kept = handle.acquire();
        rig.source.serve(2);

        rig.source.serve(3);
        List<Long> waiting = rig.alive();
        host.advance(Duration.ofSeconds(30).minusNanos(1));
        List<Long> stillWaiting = rig.alive();
        host.advance(Duration.ofNanos(1));

        assertThat(waiting).containsExactly(1L, 2L);
        assertThat(stillWaiting).containsExactly(1L, 2L);
        assertThat(ask(handle)).isEqualTo(3);
        assertThat(rig.alive()).containsExactly(1L, 3L);
        kept.close();
        assertThat(rig.alive()).containsExactly(3L);
    }

    @Test
    void theNextVersionIsLoadedWhenTheLastLeaseOfTheOneBeforeIsBack() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        Lease<FakeModel> kept = handle.acquire();
        rig.source.serve(2);
        rig.source.serve(3);

        kept.close();

        assertThat(ask(handle)).isEqualTo(3);
        assertThat(rig.alive()).containsExactly(3L);
    }

    @Test
    void aRollbackToAVersionThatIsStillLeasedWaitsForNobodyAndLoadsNothing() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        Lease<FakeModel> kept = handle.acquire();
        rig.source.serve(2);

        rig.source.serve(1);
        long answer = ask(handle);
        kept.close();

        assertThat(answer).isEqualTo(1);
        assertThat(ask(handle)).as("the handle holds it again").isEqualTo(1);
        assertThat(rig.loaded).hasSize(2);
        assertThat(rig.loaded).extracting(FakeModel::closes).containsExactly(0, 1);
        assertThat(handle.status().draining()).isEmpty();
        assertThat(handle.status().arms().get(0).leases()).isZero();
    }

    @Test
    void aVersionThatComesBackFromItsLastLeasesStillCountsForTheMemory() {
        rig.options = rig.options.withMemoryBytes(250);
        rig.source.sizes.put(1L, 200L);
        LeasedHandle<FakeModel> handle = rig.start(1);
        try (Lease<FakeModel> kept = handle.acquire()) {
            rig.source.serve(2);

            rig.source.serve(Rollout.of(Arm.of("main", 1, Share.percent(50)), Arm.of("canary", 3, Share.percent(50))));

            assertThat(kept.model().predict()).isEqualTo(1);
            assertThat(handle.status().arms())
                    .extracting(HandleStatus.Arm::state)
                    .containsExactly(HandleStatus.State.LOADED, HandleStatus.State.OVER_BUDGET);
        }
    }

    @Test
    void aVersionThatIsOvertakenWhileItLoadsIsClosedAndNeverServes() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        ServingRig slow = new ServingRig(new ManualHost(tasks::add));
        LeasedHandle<FakeModel> handle = slow.start(1);
        slow.source.serve(2);
        tasks.remove().run(); // its record
        Runnable load = tasks.remove();
        slow.source.serve(3);

        load.run();
        runAll(tasks);

        assertThat(ask(handle)).isEqualTo(3);
        assertThat(slow.swaps)
                .extracting(s -> s.deployment().orElseThrow().revision().sequence())
                .containsExactly(1L, 3L);
        assertThat(slow.alive()).containsExactly(3L);
        assertThat(slow.loaded).extracting(FakeModel::closes).containsExactly(1, 1, 0);
    }

    @Test
    void aModelIsClosedInTheBackgroundAndAFailureToIsLogged() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        ServingRig slow = new ServingRig(new ManualHost(tasks::add));
        slow.loader = slow.loader.close(model -> {
            model.close();
            throw new IllegalStateException("native memory is gone");
        });
        LeasedHandle<FakeModel> handle = slow.start(1);
        slow.source.serve(2);
        runAll(tasks);
        Lease<FakeModel> last = handle.acquire();
        slow.source.serve(3);
        runAll(tasks);

        last.close();
        int closesOnTheCallersThread = slow.loaded.get(1).closes();
        List<String> warnings;
        try (CapturedLog log = new CapturedLog()) {
            runAll(tasks);
            warnings = log.warnings();
        }

        assertThat(closesOnTheCallersThread).isZero();
        assertThat(slow.loaded.get(1).closes()).isEqualTo(1);
        assertThat(warnings).singleElement().asString().contains("The model of tumor@2 could not be closed");
        assertThat(handle.status().draining()).isEmpty();
    }

    @Test
    void anExecutorThatTakesNothingKeepsTheLastGoodVersionAndIsTriedAgain() {
        boolean[] full = {false};
        Executor executor = task -> {
            if (full[0]) {
                throw new RejectedExecutionException("full");
            }
            task.run();
        };
        ManualHost busy = new ManualHost(executor);
        ServingRig busyRig = new ServingRig(busy);
        LeasedHandle<FakeModel> handle = busyRig.start(1);
        full[0] = true;

        busyRig.source.serve(2);
        long meanwhile = ask(handle);
        full[0] = false;
        busy.advance(Duration.ofSeconds(10));

        assertThat(meanwhile).isEqualTo(1);
        assertThat(busyRig.failures).extracting(f -> f.cause().getMessage()).containsExactly("full");
        assertThat(ask(handle)).isEqualTo(2);
    }

    @Test
    void aListenerThatThrowsIsLoggedAndChangesNothing() {
        rig.options = ServingOptions.defaults().withListener(new ServingListener() {
            @Override
            public void swapped(HandleStatus status) {
                throw new AssertionError("no dashboard");
            }

            @Override
            public void failed(LoadFailure failure) {
                throw new IllegalStateException("no dashboard");
            }
        });
        List<String> warnings;

        try (CapturedLog log = new CapturedLog()) {
            LeasedHandle<FakeModel> handle = rig.start(1);
            rig.sick.add(2L);
            rig.source.serve(2);
            rig.source.serve(3);
            warnings = log.warnings();
            assertThat(ask(handle)).isEqualTo(3);
        }

        assertThat(warnings)
                .filteredOn(w -> w.contains("A listener of tumor:production failed"))
                .hasSize(1);
        assertThat(rig.alive()).containsExactly(3L);
    }

    @Test
    void closingTakesNoMoreLeasesClosesWhatIsUnusedAndEndsBackgroundWork() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        rig.sick.add(2L);
        rig.source.serve(2);

        handle.close();
        handle.close();

        assertThatThrownBy(handle::acquire)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The handle on tumor:production is closed");
        assertThat(rig.loaded).extracting(FakeModel::closes).containsExactly(1, 1);
        assertThat(rig.source.followers).isEmpty();
        assertThat(host.scheduledTasks()).isZero();
        assertThat(handle.status().deployment()).isEmpty();
    }

    @Test
    void closingWaitsForLeasesForALimitedTimeAndSaysWhichAreOut() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        Lease<FakeModel> kept = handle.acquire();
        List<String> warnings;

        try (CapturedLog log = new CapturedLog()) {
            handle.close();
            warnings = log.warnings();
        }
        long stillAnswers = kept.model().predict();
        kept.close();

        assertThat(host.elapsed()).isEqualTo(Duration.ofSeconds(30));
        assertThat(warnings).singleElement().asString().contains("leases that are out: [1 of tumor@1]");
        assertThat(stillAnswers).isEqualTo(1);
        assertThat(rig.loaded.get(0).closes()).isEqualTo(1);
    }

    @Test
    void aVersionThatArrivesAfterClosingIsClosed() {
        AtomicReference<LeasedHandle<FakeModel>> handle = new AtomicReference<>();
        rig.loader = rig.loader.warmUp(model -> {
            if (model.predict() == 2) {
                Thread another = new Thread(handle.get()::close);
                another.start();
                another.join();
            }
        });
        handle.set(rig.start(1));

        rig.source.serve(2);

        assertThat(rig.loaded).extracting(FakeModel::closes).containsExactly(1, 1);
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void whoClosesAHandleSoonDoesWhatTheExecutorHasNotBegun() {
        Deque<Runnable> neverRun = new ArrayDeque<>();
        ManualHost oneThread = new ManualHost(neverRun::add); // and it is the one that closes the handle
        ServingRig slow = new ServingRig(oneThread);
        LeasedHandle<FakeModel> handle = slow.start(1);
        slow.source.serve(2);
        neverRun.remove().run(); // its record; loading waits

        handle.close();
        List<Integer> closes = slow.loaded.stream().map(FakeModel::closes).toList();
        runAll(neverRun);

        assertThat(oneThread.elapsed()).isLessThan(Duration.ofSeconds(1));
        assertThat(closes).as("version 2 isn't loaded any more").containsExactly(1);
        assertThat(slow.loaded).extracting(FakeModel::closes).containsExactly(1);
    }

    @Test
    void anInterruptEndsTheWaitOfClosingAndStaysSet() {
        LeasedHandle<FakeModel> handle = rig.start(1);
        Lease<FakeModel> kept = handle.acquire();
        Thread.currentThread().interrupt();

        handle.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(host.elapsed()).isZero();
        kept.close();
        assertThat(rig.alive()).isEmpty();
    }

    @Test
    void anInterruptOfTheFirstLoadIsThrownAndStaysSet() {
        rig.loader = Loader.of(files -> {
            throw new InterruptedException("loading");
        });

        assertThatThrownBy(() -> rig.start(1))
                .isInstanceOf(LoadException.class)
                .hasCauseInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    private static void runAll(Deque<Runnable> tasks) {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }
}
