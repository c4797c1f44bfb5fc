package io.modelregistry.core.serving;

import static io.modelregistry.core.serving.ServingRig.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.modelregistry.core.artifact.CapturedLog;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Experiment;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.Share;
import io.modelregistry.serving.Exposure;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.Lease;
import io.modelregistry.serving.LoadFailure;
import io.modelregistry.serving.LoadFailure.Stage;
import io.modelregistry.serving.ServingListener;
import io.modelregistry.serving.ServingOptions;
import io.modelregistry.testkit.ManualHost;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Whatever a listener, a loader, an executor and a machine short of memory do: a handle keeps up, and no model stays open. */
class SurroundingsTest {
    private static final Share HALF = Share.percent(50);
    private static final Rollout CANARY = Rollout.of(Arm.of("main", 1, HALF), Arm.of("canary", 2, HALF));

    private final ManualHost host = new ManualHost();
    private final ServingRig rig = new ServingRig(host);

    /** Throws what the signature doesn't allow, as code in Kotlin and Scala does. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void throwUnchecked(Throwable e) throws X {
        throw (X) e;
    }

    /** Stands for an {@link OutOfMemoryError}, on which JUnit gives up the whole run. */
    private static Error noMemory() {
        return new InternalError("no memory");
    }

    /** Runs a task on the submitting thread, unless there is no memory for a thread. */
    private static final class ScarceThreads implements Executor {
        private boolean scarce;

        @Override
        public void execute(Runnable task) {
            if (scarce) {
                throw noMemory();
            }
            task.run();
        }
    }

    @Test
    void anErrorWhileFilesAreFetchedAheadDoesNotKeepLaterVersionsFromBeingLoaded() {
        rig.options = rig.options.withMemoryBytes(250);
        rig.source.sizes.put(2L, 200L);
        rig.source.breaking.put(2L, noMemory());
        LeasedHandle<FakeModel> handle = rig.start(1);
        rig.source.serve(CANARY);

        rig.source.serve(3);

        assertThat(ask(handle)).isEqualTo(3);
        assertThat(rig.alive()).containsExactly(3L);
    }

    @Test
    void aMachineWithoutAThreadToSpareServesOnAndTriesAgain() {
        ScarceThreads threads = new ScarceThreads();
        ManualHost busy = new ManualHost(threads);
        ServingRig busyRig = new ServingRig(busy);
        LeasedHandle<FakeModel> handle = busyRig.start(1);
        threads.scarce = true;

        busyRig.source.serve(2);
        long meanwhile = ask(handle);
        threads.scarce = false;
        busy.advance(Duration.ofSeconds(10));

        assertThat(meanwhile).isEqualTo(1);
        assertThat(busyRig.failures)
                .extracting(LoadFailure::stage, f -> f.cause().getMessage())
                .containsExactly(tuple(Stage.DOWNLOAD, "no memory"));
        assertThat(ask(handle)).isEqualTo(2);
    }

    @Test
    void withoutAThreadToSpareAModelIsClosedByWhoeverGivesItBackLast() {
        ScarceThreads threads = new ScarceThreads();
        ServingRig busyRig = new ServingRig(new ManualHost(threads));
        LeasedHandle<FakeModel> handle = busyRig.start(1);
        Lease<FakeModel> kept = handle.acquire();
        busyRig.source.serve(2);
        threads.scarce = true;

        kept.close();

        assertThat(busyRig.alive()).containsExactly(2L);
        assertThat(handle.status().draining()).isEmpty();
    }

    @Test
    void aListenerThatThrowsWhatItMayNotDoesNotStopTheHandle() {
        rig.options = ServingOptions.defaults().withListener(new ServingListener() {
            @Override
            public void swapped(HandleStatus status) {
                SurroundingsTest.<RuntimeException>throwUnchecked(new IOException("no dashboard"));
            }
        });
        List<String> warnings;

        try (CapturedLog log = new CapturedLog()) {
            LeasedHandle<FakeModel> handle = rig.start(1);
            rig.source.serve(2);
            rig.source.serve(3);
            warnings = log.warnings();
            assertThat(ask(handle)).isEqualTo(3);
        }

        assertThat(warnings).singleElement().asString().contains("A listener of tumor:production failed");
        assertThat(rig.alive()).containsExactly(3L);
    }

    @Test
    void aListenerThatThrowsKeepsNoVersionFromBeingTriedAgain() {
        rig.options = ServingOptions.defaults().withListener(new ServingListener() {
            @Override
            public void failed(LoadFailure failure) {
                throw new IllegalStateException("no dashboard");
            }
        });
        LeasedHandle<FakeModel> handle = rig.start(1);
        rig.sick.add(2L);
        rig.source.serve(2);
        rig.sick.clear();

        host.advance(Duration.ofSeconds(10));

        assertThat(ask(handle)).isEqualTo(2);
    }

    @Test
    void aListenerOfExposuresThatThrowsWhatItMayNotCostsNoLease() {
        rig.options = ServingOptions.defaults().withListener(new ServingListener() {
            @Override
            public void exposed(Exposure exposure) {
                SurroundingsTest.<RuntimeException>throwUnchecked(new IOException("no table"));
            }
        });
        rig.source.serve(CANARY.experiment(new Experiment("trial-1", "fewer readmissions", "readmission-30d")));
        LeasedHandle<FakeModel> handle = rig.start();

        long answer = ask(handle, Routing.of("patient-77"));
        rig.source.serve(3);

        assertThat(answer).isIn(1L, 2L);
        assertThat(rig.alive()).containsExactly(3L);
    }

    @Test
    void aSizeThatThrowsWhatItMayNotIsAReasonNotToServeThisVersionOnly() {
        rig.loader = rig.loader.sizeBytes(version -> {
            if (version.number() == 2) {
                SurroundingsTest.<RuntimeException>throwUnchecked(new IOException("no such table"));
            }
            return 100;
        });
        LeasedHandle<FakeModel> handle = rig.start(1);
        rig.source.serve(2);

        long meanwhile = ask(handle);
        rig.source.serve(3);

        assertThat(meanwhile).isEqualTo(1);
        assertThat(rig.failures).extracting(f -> f.cause().getMessage()).containsExactly("no such table");
        assertThat(ask(handle)).isEqualTo(3);
    }

    @Test
    void aSizeBelowNothingMakesNoRoomForOthers() {
        rig.options = rig.options.withMemoryBytes(150);
        rig.loader = rig.loader.sizeBytes(version -> version.number() == 2 ? -100 : 100);
        rig.source.serve(CANARY.shadow("next", 3));

        LeasedHandle<FakeModel> handle = rig.start();

        assertThat(rig.failures)
                .extracting(f -> f.cause().getMessage())
                .containsExactly("The loader says that tumor@2 takes -100 bytes");
        assertThat(rig.alive()).containsExactly(1L);
        assertThat(handle.status().arms())
                .extracting(HandleStatus.Arm::state)
                .containsExactly(HandleStatus.State.LOADED, HandleStatus.State.FAILED, HandleStatus.State.OVER_BUDGET);
    }

    @Test
    void filesThatWereBroughtHereAreLetGoOfAsOftenWhateverBecameOfThem() {
        rig.options = rig.options.withMemoryBytes(250);
        rig.source.sizes.put(2L, 200L);
        rig.sick.add(4L);
        rig.unloadable.put(5L, new InternalError("wrong opset"));
        LeasedHandle<FakeModel> handle = rig.start(1);
        rig.source.serve(CANARY); // no room: fetched ahead
        rig.source.serve(4);
        rig.source.serve(5);
        rig.source.serve(3);

        handle.close();

        assertThat(rig.source.downloads).containsExactly(1L, 2L, 4L, 5L, 3L);
        assertThat(rig.source.releases).containsExactlyInAnyOrderElementsOf(rig.source.downloads);
    }

    @Test
    void aListenerMayCloseItsHandle() {
        AtomicReference<LeasedHandle<FakeModel>> handle = new AtomicReference<>();
        rig.options = ServingOptions.defaults().withListener(new ServingListener() {
            @Override
            public void failed(LoadFailure failure) {
                handle.get().close();
            }
        });
        rig.sick.add(2L);
        handle.set(rig.start(1));

        rig.source.serve(2);

        assertThat(host.elapsed()).as("time waited for itself").isZero();
        assertThat(rig.alive()).isEmpty();
        assertThatThrownBy(handle.get()::acquire)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The handle on tumor:production is closed");
    }

    @Test
    void aLoaderMayCloseItsHandle() {
        AtomicReference<LeasedHandle<FakeModel>> handle = new AtomicReference<>();
        rig.loader = rig.loader.warmUp(model -> {
            if (model.predict() == 2) {
                handle.get().close();
            }
        });
        handle.set(rig.start(1));

        rig.source.serve(2);

        assertThat(host.elapsed()).as("time waited for itself").isZero();
        assertThat(rig.loaded).extracting(FakeModel::closes).containsExactly(1, 1);
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void aListenerMayTakeALeaseOfWhatItHearsOf() {
        AtomicReference<LeasedHandle<FakeModel>> handle = new AtomicReference<>();
        List<Long> answers = new ArrayList<>();
        rig.options = ServingOptions.defaults().withListener(new ServingListener() {
            @Override
            public void swapped(HandleStatus status) {
                if (handle.get() != null) {
                    answers.add(ask(handle.get()));
                }
            }
        });
        handle.set(rig.start(1));

        rig.source.serve(2);

        assertThat(answers).containsExactly(2L);
        assertThat(rig.alive()).containsExactly(2L);
    }

    @Test
    void whatWasLoadedIsClosedWhenNewerChangesCanNotBeFollowed() {
        rig.source.unwatchable = noMemory();

        assertThatThrownBy(() -> rig.start(1)).isInstanceOf(InternalError.class).hasMessage("no memory");

        assertThat(rig.loaded).extracting(FakeModel::closes).containsExactly(1);
    }
}
