package io.modelregistry.benchmarks;

import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Resolution;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
 * A registry in a folder beside the bare operations it can't do without. A promotion is one durable create and the reads that the rules ask for; a
 * strong resolution is one look for a file that isn't there.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 4, time = 3)
@Fork(1)
public class FileRegistryBenchmark {
    /** About what an entry of an environment takes. */
    private static final int ENTRY_BYTES = 1_200;

    private static final int MODEL_BYTES = 64 << 20;

    private final byte[] entry = new byte[ENTRY_BYTES];
    private final byte[] weights = new byte[MODEL_BYTES];
    private Path folder = Path.of(".");
    private ModelRegistry registry = ModelRegistry.initialise("mem:");
    private Environment production = registry.model("m").environment("production");
    private long counter;

    /** For JMH. */
    public FileRegistryBenchmark() {}

    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = Files.createTempDirectory("registry-benchmark");
        Files.createDirectory(folder.resolve("bare"));
        RegistryOptions options = RegistryOptions.defaults().withCacheFolder(folder.resolve("cache"));
        registry = ModelRegistry.initialise(folder.resolve("registry").toUri().toString(), options)
                .as("benchmark");
        Model model = registry.model("m");
        model.register(Registration.empty().file("model.bin", new byte[] {1}));
        model.register(Registration.empty().file("model.bin", new byte[] {2}));
        production = model.environment("production");
        production.promote(1, "start");
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        registry.close();
        BareFiles.deleteTree(folder);
    }

    @Benchmark
    public void bareDurableCreate() throws IOException {
        counter++;
        BareFiles.create(folder.resolve("bare").resolve("entry-" + counter), entry);
    }

    @Benchmark
    public long promote() {
        counter++;
        return production.promote(1 + counter % 2, "benchmark").revision().sequence();
    }

    @Benchmark
    public boolean bareLookForAMissingFile() {
        return Files.exists(folder.resolve("bare").resolve("missing"));
    }

    @Benchmark
    public Resolution resolveStrongly() {
        return production.resolve(Consistency.STRONG);
    }

    @Benchmark
    public Resolution resolveFromMemory() {
        return production.resolve();
    }

    @Benchmark
    public void bareDurableCreateOf64MiB() throws IOException {
        counter++;
        Path file = folder.resolve("bare").resolve("blob-" + counter);
        BareFiles.create(file, scrambled());
        Files.delete(file);
    }

    @Benchmark
    public long registerOf64MiB() {
        counter++;
        return registry.model("large")
                .register(Registration.empty().file("model.bin", scrambled()))
                .number();
    }

    /** Different bytes each time, so that nothing is recognised. */
    private byte[] scrambled() {
        for (int i = 0; i < Long.BYTES; i++) {
            weights[i] = (byte) (counter >>> (8 * i));
        }
        return weights;
    }
}
