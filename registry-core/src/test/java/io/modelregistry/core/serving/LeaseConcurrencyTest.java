package io.modelregistry.core.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.Share;
import io.modelregistry.serving.Lease;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ServingOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads lease while versions come and go: nobody holds a model that is closed, and each is closed once. */
@Timeout(300)
class LeaseConcurrencyTest {
    private static final int THREADS = 4;
    private static final Share HALF = Share.percent(50);

    @Test
    void noLeaseSeesAClosedModelAndEveryModelIsClosedOnce() throws Exception {
        run(Duration.ofSeconds(1));
    }

    @Test
    @Tag("proof")
    void noLeaseSeesAClosedModelHoweverLongItGoesOn() throws Exception {
        Counts counts = run(Duration.ofSeconds(Integer.getInteger("proof.seconds", 5)));

        System.out.println("proof: leases: " + counts.leases + " leases over " + counts.swaps
                + " swaps, each model closed once, at most " + counts.mostAlive + " in memory");
    }

    private record Counts(long leases, int swaps, int mostAlive) {}

    private static Counts run(Duration duration) throws Exception {
        AtomicInteger alive = new AtomicInteger();
        AtomicInteger mostAlive = new AtomicInteger();
        ConcurrentLinkedQueue<FakeModel> models = new ConcurrentLinkedQueue<>();
        ServingRig rig = new ServingRig(Host.system());
        rig.options = ServingOptions.defaults();
        rig.loader = Loader.of(files -> {
            FakeModel model = new FakeModel(files.version().number());
            models.add(model);
            mostAlive.accumulateAndGet(alive.incrementAndGet(), Math::max);
            return model;
        });
        rig.loader = rig.loader.close(model -> {
            alive.decrementAndGet();
            model.close();
        });
        LeasedHandle<FakeModel> handle = rig.start(1);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong leases = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> clients = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int number = thread;
            clients.add(threads.submit(() -> {
                for (int i = 0; !stop.get(); i++) {
                    lease(handle, Routing.of("patient-" + number + "-" + i % 100));
                    leases.incrementAndGet();
                }
            }));
        }

        int swaps = 0;
        for (long end = System.nanoTime() + duration.toNanos(); System.nanoTime() < end; swaps++) {
            long next = 2 + 2L * swaps;
            rig.source.serve(
                    swaps % 2 == 0
                            ? Rollout.of(next)
                            : Rollout.of(Arm.of("main", next, HALF), Arm.of("canary", next + 1, HALF))
                                    .shadow("next", next - 1));
            while (handle.status().deployment().orElseThrow().served().stable().version() != next) {
                Thread.onSpinWait();
            }
        }
        stop.set(true);
        for (Future<?> client : clients) {
            client.get();
        }
        threads.shutdown();
        handle.close();

        assertThat(models)
                .isNotEmpty()
                .allSatisfy(model -> assertThat(model.closes()).isEqualTo(1));
        assertThat(alive).hasValue(0);
        assertThat(mostAlive.get()).isLessThanOrEqualTo(2 * 3); // generations by arms
        assertThat(swaps).isGreaterThan(10);
        return new Counts(leases.get(), swaps, mostAlive.get());
    }

    /** Uses it as a caller does, gives it back twice, and asks a shadow after the lease it came with. */
    private static void lease(LeasedHandle<FakeModel> handle, Routing routing) {
        Lease<FakeModel> lease = handle.acquire(routing);
        if (lease.model().predict() != lease.receipt().version().number()) {
            throw new AssertionError("The receipt is another version's");
        }
        List<Lease<FakeModel>> shadows = lease.shadows();
        lease.close();
        lease.close();
        for (Lease<FakeModel> shadow : shadows) {
            shadow.model().predict();
            shadow.close();
        }
    }
}
