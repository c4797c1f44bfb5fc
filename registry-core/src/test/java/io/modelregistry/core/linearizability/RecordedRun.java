package io.modelregistry.core.linearizability;

import io.modelregistry.Host;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.linearizability.RegistryLoad;
import io.modelregistry.testkit.linearizability.StreamLinearizability.Violation;
import io.modelregistry.testkit.linearizability.TimedOperation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;

/** One store in memory, several registries on it, and what their threads were told while faults went on. Used once. */
final class RecordedRun {
    private static final int THREADS_EACH = 3;
    /** Short, because everybody's pauses move the one clock. */
    private static final Duration TIMEOUT = Duration.ofMillis(100);

    private final RegistryLoad load = new RegistryLoad(System::nanoTime);
    private final List<FaultyBackend> backends = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    /**
     * Runs and checks.
     *
     * @param plans what happens to the requests of each registry; may depend on what was recorded so far
     * @param seed decides what each thread does
     */
    RecordedRun(Path cache, int registries, int operationsEach, Function<RegistryLoad, FaultPlan> plans, long seed)
            throws InterruptedException {
        FaultPlan plan = plans.apply(load);
        ManualHost host = new ManualHost();
        MemoryStore store = new MemoryStore(host);
        RegistryOptions options =
                RegistryOptions.defaults().withCacheFolder(cache).withOperationTimeout(TIMEOUT);
        AtomicBoolean faulty = new AtomicBoolean();
        List<ModelRegistry> opened = new ArrayList<>();
        for (int i = 0; i < registries; i++) {
            FaultyBackend backend =
                    new FaultyBackend(store.open(), call -> faulty.get() ? plan.faultFor(call) : Fault.NONE);
            backends.add(backend);
            opened.add(open(backend, options, host.another(Duration.ZERO)));
        }
        faulty.set(true);
        load.run("client", opened, THREADS_EACH, operationsEach, seed);
        faulty.set(false);
        backends.forEach(FaultyBackend::landLate);
        opened.forEach(ModelRegistry::close);
        try (ModelRegistry afterwards = open(store.open(), options, host)) {
            violations.addAll(load.check(afterwards));
            afterwards.verify().errors().forEach(error -> errors.add(error.toString()));
        }
    }

    private static ModelRegistry open(StorageBackend backend, RegistryOptions options, Host host) {
        return ModelRegistry.on(backend, options, host).as("ada");
    }

    List<Violation> violations() {
        return violations;
    }

    /** What {@code verify} found wrong afterwards. */
    List<String> errors() {
        return errors;
    }

    List<TimedOperation> operations() {
        return Stream.of(load.registrations(), load.promotions())
                .flatMap(history -> history.operations().stream())
                .toList();
    }

    long faults() {
        return backends.stream().mapToLong(backend -> backend.faults().size()).sum();
    }

    long count(TimedOperation.Outcome outcome) {
        return operations().stream().filter(o -> o.outcome() == outcome).count();
    }
}
