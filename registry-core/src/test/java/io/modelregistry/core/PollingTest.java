package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.EnvironmentName;
import io.modelregistry.Host;
import io.modelregistry.ModelName;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.RegistryProvider.Mode;
import io.modelregistry.core.artifact.CapturedLog;
import io.modelregistry.core.environment.Place;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.ServingStatus;
import io.modelregistry.environment.ServingStatus.Freshness;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultyBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The poller against a backend that throws what it may not, a host that runs it twice at once, and readers that are slow. */
class PollingTest {
    private static final Place PRODUCTION = place("production");
    private static final Place STAGING = place("staging");
    private static final Duration LONGEST = Duration.ofSeconds(36);

    @TempDir
    Path cache;

    private final Rig.Switch faults = new Rig.Switch();
    private final List<Long> heard = new ArrayList<>();
    private Rig rig;
    private ModelRegistry ada;
    private FaultyBackend backend;
    private Parts parts;

    @BeforeEach
    void promoteTheFirstOfTwo() {
        rig = new Rig(cache);
        ada = rig.client("ada");
        ada.model("tumor").register(model("one"));
        ada.model("tumor").register(model("two"));
        promote("production", 1);
        promote("staging", 1);
        backend = new FaultyBackend(rig.store.open(), faults);
        parts = Parts.open(backend, RegistryOptions.defaults().withCacheFolder(cache), rig.host, Mode.OPEN);
    }

    @AfterEach
    void closeAll() {
        parts.close();
        rig.close();
    }

    private static Place place(String environment) {
        return new Place(EnvironmentName.of(environment), ModelName.of("tumor"));
    }

    private void promote(String environment, long version) {
        ada.model("tumor").environment(environment).promote(version, "next");
    }

    private void listen(Place place) {
        parts.environmentReader().watch(place, this::hear);
    }

    private void hear(ServingStatus status) {
        heard.add(status.deployment().orElseThrow().served().stable().version());
    }

    private long resolve() {
        return parts.environmentReader()
                .resolve(PRODUCTION, Routing.anybody(), Consistency.BOUNDED)
                .version()
                .number();
    }

    private ServingStatus status(Place place) {
        return parts.environmentReader().status(place).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBackendThatThrowsWhatItMayNotIsAskedAgainAnIntervalLaterAndOtherPlacesAreHeardOf(boolean error) {
        listen(PRODUCTION);
        listen(STAGING);
        rig.host.advance(Duration.ZERO);
        heard.clear();
        promote("staging", 2);
        List<String> asked = new ArrayList<>();
        faults.set(call -> {
            if (call.key().startsWith("environments/production/")) {
                asked.add(call.key());
                if (error) {
                    throw new InternalError("no memory");
                }
                throw new IllegalStateException("Connection pool shut down");
            }
            return Fault.NONE;
        });

        rig.host.advance(LONGEST);
        for (int i = 0; i < 10; i++) {
            rig.host.advance(Duration.ZERO);
        }

        assertThat(asked).hasSize(1);
        assertThat(heard).as("staging, then production that isn't confirmed").containsExactlyInAnyOrder(2L, 1L);
        assertThat(status(PRODUCTION)).satisfies(status -> {
            assertThat(status.freshness()).isEqualTo(Freshness.UNCONFIRMED);
            assertThat(status.problem()).contains(error ? "no memory" : "Connection pool shut down");
        });
        assertThat(resolve()).isEqualTo(1);
    }

    @Test
    void aHostThatRunsThePollerTwiceAtOnceTellsListenersOneThingAfterTheOther() {
        AtomicBoolean once = new AtomicBoolean();
        parts.environmentReader().watch(PRODUCTION, status -> {
            if (once.compareAndSet(false, true)) {
                promote("production", 2);
                join(() -> rig.host.advance(LONGEST));
            }
            hear(status);
        });
        // runs in the same go before the poll that is due, which thereby can't be taken back any more
        rig.host.schedule(
                Duration.ofSeconds(-1), () -> parts.environmentReader().watch(STAGING, status -> {}));

        rig.host.advance(Duration.ZERO);
        rig.host.advance(LONGEST);

        assertThat(heard).endsWith(2L);
    }

    private static void join(Runnable work) {
        Thread thread = new Thread(work);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closingWaitsForThePollUnderWay() throws InterruptedException {
        Thread closing = Thread.currentThread();
        CountDownLatch asked = new CountDownLatch(1);
        Parts onRealThreads = Parts.open(
                new FaultyBackend(rig.store.open(), faults),
                RegistryOptions.defaults().withCacheFolder(cache),
                Host.system(),
                Mode.OPEN);
        faults.set(call -> {
            asked.countDown();
            while (closing.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            return Fault.NONE;
        });
        onRealThreads.environmentReader().watch(PRODUCTION, status -> {});
        asked.await();

        onRealThreads.close();

        assertThat(onRealThreads.environmentReader().isIdle()).isTrue();
    }

    @Test
    void aPollThatOutlastsItsRegistrySaysNothingAboutTheStore() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        listen(PRODUCTION);
        rig.host.advance(Duration.ZERO);
        heard.clear();
        faults.set(call -> {
            asked.countDown();
            await(closed);
            return Fault.NONE;
        });
        Thread poll = new Thread(() -> rig.host.advance(LONGEST));

        try (CapturedLog log = new CapturedLog()) {
            poll.start();
            asked.await();
            parts.close();
            closed.countDown();
            poll.join();

            assertThat(log.warnings()).isEmpty();
        }
        assertThat(heard).isEmpty();
        assertThat(status(PRODUCTION).freshness()).isEqualTo(Freshness.CONFIRMED);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aReaderThatWasSlowerThanANewerChangeDoesNotPutTheOlderOneBack() {
        AtomicBoolean once = new AtomicBoolean();
        faults.set(call -> {
            if (call.key().equals("versions/tumor/0000000001.json") && once.compareAndSet(false, true)) {
                promote("production", 2);
                listen(PRODUCTION);
                rig.host.advance(Duration.ZERO);
            }
            return Fault.NONE;
        });

        long slow = resolve();
        heard.clear();
        parts.environmentReader().watch(STAGING, status -> {});
        rig.host.advance(Duration.ZERO);

        assertThat(slow).as("what was right when it asked").isEqualTo(1);
        assertThat(heard).doesNotContain(1L);
        assertThat(status(PRODUCTION)
                        .deployment()
                        .orElseThrow()
                        .served()
                        .stable()
                        .version())
                .isEqualTo(2);
    }
}
