package io.modelregistry.core;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.Call;
import io.modelregistry.testkit.CountingBackend;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One store in memory, one clock, and as many clients as a test needs, each with its own faults. */
final class Rig implements AutoCloseable {
    final ManualHost host = new ManualHost();
    final MemoryStore store = new MemoryStore(host);
    private final List<ModelRegistry> opened = new ArrayList<>();
    private final Path cache;

    Rig(Path cache) {
        this.cache = cache;
    }

    RegistryOptions options() {
        return RegistryOptions.defaults().withCacheFolder(cache);
    }

    /** A client that nothing happens to. */
    ModelRegistry client(String actor) {
        return track(ModelRegistry.on(store.open(), options(), host)).as(actor);
    }

    /** A client whose faults begin once it is open. */
    Faulty faulty(String actor) {
        return faulty(actor, options(), host);
    }

    Faulty faulty(String actor, RegistryOptions options, ManualHost itsHost) {
        Switch plan = new Switch();
        FaultyBackend backend = new FaultyBackend(store.open(), plan);
        return new Faulty(track(ModelRegistry.on(backend, options, itsHost)).as(actor), backend, plan);
    }

    /** A client whose requests are counted. */
    Counted counted(String actor) {
        CountingBackend backend = new CountingBackend(store.open());
        return new Counted(track(ModelRegistry.on(backend, options(), host)).as(actor), backend);
    }

    static Registration model(String weights) {
        return Registration.empty().file("model.bin", weights.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        opened.forEach(ModelRegistry::close);
    }

    private ModelRegistry track(ModelRegistry registry) {
        opened.add(registry);
        return registry;
    }

    record Counted(ModelRegistry registry, CountingBackend backend) {}

    /** A client and the handle on what happens to it. */
    record Faulty(ModelRegistry registry, FaultyBackend backend, Switch faults) {}

    /** A plan that a test sets while the client lives; what it counts starts anew each time. */
    static final class Switch implements FaultPlan {
        private volatile FaultPlan plan = FaultPlan.none();

        void set(FaultPlan next) {
            plan = next;
        }

        @Override
        public Fault faultFor(Call call) {
            return plan.faultFor(call);
        }
    }
}
