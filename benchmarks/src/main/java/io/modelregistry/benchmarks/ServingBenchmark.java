package io.modelregistry.benchmarks;

import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.ModelName;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryListener;
import io.modelregistry.RegistryOptions;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Promotion;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Router;
import io.modelregistry.environment.Routing;
import io.modelregistry.environment.Share;
import io.modelregistry.serving.Lease;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.serving.ServingOptions;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What each prediction pays: finding out from memory which version answers. The clock is read for each resolution, so that it can say how old it is; reading it is the
 * bare operation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ServingBenchmark {
    private static final int KEYS = 1 << 12;
    private static final Rollout THREE_ARMS = Rollout.of(
            Arm.of("main", 1, Share.percent(70)), Arm.of("b", 2, Share.percent(20)), Arm.of("c", 3, Share.percent(10)));

    private final Routing[] keys = new Routing[KEYS];
    private final LongAdder heard = new LongAdder();
    private Path folder = Path.of(".");
    private ModelRegistry registry = ModelRegistry.initialise("mem:");
    private Environment one = registry.model("m").environment("one");
    private Environment three = registry.model("m").environment("three");
    private Router router = Router.of(ModelName.of("m"), THREE_ARMS);
    private ModelHandle<String> handle;
    private ModelHandle<String> watched;
    private int next;

    /** For JMH. */
    @SuppressWarnings("NullAway.Init") // by open()
    public ServingBenchmark() {}

    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = Files.createTempDirectory("serving-benchmark");
        RegistryOptions options = RegistryOptions.defaults().withCacheFolder(folder.resolve("cache"));
        registry = ModelRegistry.initialise("mem:", options).as("benchmark");
        Model model = registry.model("m");
        for (int version = 1; version <= 3; version++) {
            model.register(Registration.empty().file("model.bin", new byte[] {(byte) version}));
        }
        one = model.environment("one");
        one.promote(1, "start");
        three = model.environment("three");
        three.promote(Promotion.of(THREE_ARMS, "start"));
        router = Router.of(ModelName.of("m"), THREE_ARMS);
        for (int i = 0; i < KEYS; i++) {
            keys[i] = Routing.of("patient-" + i);
        }
        Loader<String> loader = Loader.of(files -> files.version().id().toString());
        handle = three.serve(loader);
        watched = three.serve(loader, ServingOptions.defaults().withListener(new RegistryListener() {
            @Override
            public void resolved(Receipt receipt) {
                heard.increment();
            }
        }));
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        registry.close();
        BareFiles.deleteTree(folder);
    }

    private Routing key() {
        next = (next + 1) & (KEYS - 1);
        return keys[next];
    }

    @Benchmark
    public long bareLookAtTheClock() {
        return System.nanoTime();
    }

    @Benchmark
    public Resolution resolveOneArm() {
        return one.resolve();
    }

    @Benchmark
    public int routeAKeyAmongThreeArms() {
        return router.index(key());
    }

    @Benchmark
    public Resolution resolveAKeyAmongThreeArms() {
        return three.resolve(key());
    }

    @Benchmark
    public String leaseAmongThreeArms() {
        try (Lease<String> lease = handle.acquire(key())) {
            return lease.model();
        }
    }

    @Benchmark
    public String leaseWithAListener() {
        try (Lease<String> lease = watched.acquire(key())) {
            return lease.model();
        }
    }
}
