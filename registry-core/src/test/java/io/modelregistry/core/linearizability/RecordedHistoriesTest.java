package io.modelregistry.core.linearizability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.Call;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultRates;
import io.modelregistry.testkit.FaultType;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.Operation;
import io.modelregistry.testkit.linearizability.History;
import io.modelregistry.testkit.linearizability.History.Found;
import io.modelregistry.testkit.linearizability.RegistryLoad;
import io.modelregistry.testkit.linearizability.StreamLinearizability;
import io.modelregistry.testkit.linearizability.TimedOperation;
import io.modelregistry.testkit.linearizability.TimedOperation.Kind;
import io.modelregistry.testkit.linearizability.TimedOperation.Outcome;
import io.modelregistry.version.Registration;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real threads of several registries were told is what one stream, one operation after the other, could have told them. */
class RecordedHistoriesTest {
    private static final FaultRates NETWORK = FaultRates.none()
            .with(FaultType.LOST_REQUEST, 0.06)
            .with(FaultType.LOST_ANSWER, 0.06)
            .with(FaultType.LATE_LANDING, 0.08)
            .with(FaultType.DUPLICATE, 0.03)
            .with(FaultType.CONFLICT_409_APPLIED, 0.03)
            .with(FaultType.THROTTLED_429_APPLIED, 0.03)
            .with(FaultType.UNAVAILABLE_503_APPLIED, 0.03)
            .with(FaultType.UNAVAILABLE, 0.04);

    private static final int CREATES_BETWEEN_OUTAGES = 80;
    private static final int CREATES_OF_AN_OUTAGE = 20;

    @TempDir
    Path cache;

    private int histories;
    private long operations;
    private long reads;
    private long refused;
    private long unknown;
    private long faults;

    @Test
    void historiesWithoutFaultsAreLinearizable() throws Exception {
        for (long seed = 1; seed <= 3; seed++) {
            assertLinearizable(new RecordedRun(cache, 3, 12, load -> FaultPlan.none(), seed));
        }

        assertThat(reads).isPositive();
        assertThat(refused).as("promotions that met another").isPositive();
        assertThat(unknown).isZero();
    }

    @Test
    void historiesWithLostAndLateRequestsAreLinearizable() throws Exception {
        for (long seed = 1; seed <= 3; seed++) {
            long thisSeed = seed;
            RecordedRun run = new RecordedRun(cache, 3, 12, load -> network(load, thisSeed), seed);

            assertLinearizable(run);
            assertThat(run.count(Outcome.UNKNOWN))
                    .as("outcomes that stayed unknown")
                    .isPositive();
        }

        assertThat(reads).isPositive();
        assertThat(faults).isPositive();
    }

    @Test
    void aStoreWhoseReadsAreStaleIsNoticed() {
        MemoryStore store = new MemoryStore(new ManualHost());
        AtomicBoolean stale = new AtomicBoolean();
        FaultyBackend backend = new FaultyBackend(
                store.open(), call -> stale.get() && call.key().startsWith("environments/") ? Fault.STALE : Fault.NONE);
        History history = new History(System::nanoTime);
        try (ModelRegistry ada = open(store.open());
                ModelRegistry ben = open(backend)) {
            ada.model("tumor").register(Registration.empty().file("model.bin", new byte[1]));
            promote(history, ada, "first");
            read(history, ben);
            promote(history, ada, "second");
            stale.set(true);
            read(history, ben);

            assertThat(StreamLinearizability.check(history.operations(), List.of("first", "second")))
                    .singleElement()
                    .satisfies(violation -> assertThat(violation.operations())
                            .extracting(TimedOperation::client, TimedOperation::position)
                            .containsExactly(tuple("ada", 2L), tuple("ben", 1L)));
        }
    }

    @Test
    @Tag("proof")
    void historiesAreLinearizableForAsLongAsOneLikes() throws Exception {
        long end = System.nanoTime() + Integer.getInteger("proof.seconds", 5) * 1_000_000_000L;
        for (long seed = 100; System.nanoTime() < end; seed++) {
            long thisSeed = seed;
            assertLinearizable(new RecordedRun(
                    cache,
                    2 + (int) (seed % 3),
                    20,
                    load -> thisSeed % 4 == 0 ? FaultPlan.none() : network(load, thisSeed),
                    seed));
        }

        assertThat(unknown).isPositive();
        System.out.println("proof: linearizability: memory: " + histories + " histories, " + operations
                + " operations, "
                + reads + " of them reads, " + refused + " refused, " + unknown + " of unknown outcome, " + faults
                + " faults");
    }

    /**
     * At first nothing goes wrong but that no entry arrives until somebody has given up, whoever that is: what was sent by then arrives when all is over.
     * After that single faults, and every now and then several creates in a row that get lost on their way for a while.
     */
    private static FaultPlan network(RegistryLoad load, long seed) {
        AtomicInteger creates = new AtomicInteger();
        FaultPlan outages = call -> {
            boolean out = call.operation() == Operation.CREATE
                    && creates.getAndIncrement() % CREATES_BETWEEN_OUTAGES < CREATES_OF_AN_OUTAGE;
            return out ? Fault.lateLandingBefore(CREATES_BETWEEN_OUTAGES) : Fault.NONE;
        };
        FaultPlan later = outages.then(FaultPlan.seeded(seed, NETWORK));
        return call -> {
            if (someOutcomeIsUnknown(load)) {
                return later.faultFor(call);
            }
            return isEntry(call) ? Fault.LATE_LANDING : Fault.NONE;
        };
    }

    private static boolean isEntry(Call call) {
        return call.operation() == Operation.CREATE
                && (call.key().startsWith("versions/") || call.key().startsWith("environments/"));
    }

    private static boolean someOutcomeIsUnknown(RegistryLoad load) {
        return Stream.of(load.registrations(), load.promotions())
                .flatMap(history -> history.operations().stream())
                .anyMatch(operation -> operation.outcome() == Outcome.UNKNOWN);
    }

    private ModelRegistry open(StorageBackend backend) {
        return ModelRegistry.on(backend, RegistryOptions.defaults().withCacheFolder(cache), new ManualHost())
                .as("ada");
    }

    private static void promote(History history, ModelRegistry registry, String reason) {
        history.write(
                "ada",
                reason,
                () -> registry.model("tumor")
                        .environment("production")
                        .promote(1, reason)
                        .revision()
                        .sequence());
    }

    private static void read(History history, ModelRegistry registry) {
        history.read(
                "ben",
                () -> registry.model("tumor")
                        .environment("production")
                        .current()
                        .map(d -> new Found(d.revision().sequence(), d.reason())));
    }

    private void assertLinearizable(RecordedRun run) {
        assertThat(run.violations()).isEmpty();
        assertThat(run.errors()).isEmpty();
        histories += 2;
        operations += run.operations().size();
        reads += run.operations().stream().filter(o -> o.kind() == Kind.READ).count();
        refused += run.count(Outcome.REFUSED);
        unknown += run.count(Outcome.UNKNOWN);
        faults += run.faults();
    }
}
