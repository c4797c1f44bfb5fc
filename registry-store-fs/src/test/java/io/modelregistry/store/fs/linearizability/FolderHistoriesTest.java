package io.modelregistry.store.fs.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.testkit.linearizability.RegistryLoad;
import io.modelregistry.testkit.linearizability.TimedOperation;
import io.modelregistry.testkit.linearizability.TimedOperation.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What threads and processes on one folder were told is what one stream, one operation after the other, could have told them. */
class FolderHistoriesTest {
    private static final String ONE_CLOCK =
            "System.nanoTime() is known to be one clock for all processes only where it reads CLOCK_MONOTONIC";

    @TempDir
    Path scratch;

    private int histories;
    private long operations;
    private long reads;
    private int folders;

    @Test
    void historiesOfThreadsAreLinearizable() throws Exception {
        runThreads(3, 2, 12, 1);

        assertThat(reads).isPositive();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = ONE_CLOCK)
    void historiesOfProcessesAreLinearizable() throws Exception {
        runProcesses(2, 20, 1);

        assertThat(reads).isPositive();
    }

    @Test
    @Tag("proof")
    void historiesOfThreadsAreLinearizableForAsLongAsOneLikes() throws Exception {
        long end = end();
        for (long seed = 100; System.nanoTime() < end; seed++) {
            runThreads(2 + (int) (seed % 3), 3, 15, seed);
        }

        print("folder, threads");
    }

    @Test
    @Tag("proof")
    @EnabledOnOs(value = OS.LINUX, disabledReason = ONE_CLOCK)
    void historiesOfProcessesAreLinearizableForAsLongAsOneLikes() throws Exception {
        long end = end();
        for (long seed = 100; System.nanoTime() < end; seed++) {
            runProcesses(4, 40, seed);
        }

        print("folder, processes");
    }

    private static long end() {
        return System.nanoTime() + Integer.getInteger("proof.seconds", 5) * 1_000_000_000L;
    }

    private void print(String where) {
        System.out.println("proof: linearizability: " + where + ": " + histories + " histories, " + operations
                + " operations, " + reads + " of them reads");
    }

    /** Each registry knows what one process knows. */
    private void runThreads(int registries, int threadsEach, int operationsEach, long seed) throws Exception {
        Path folder = newFolder();
        RegistryLoad load = new RegistryLoad(System::nanoTime);
        List<ModelRegistry> opened = new ArrayList<>();
        for (int i = 0; i < registries; i++) {
            opened.add(ModelRegistry.open(folder.toUri().toString(), options()).as("client-" + i));
        }

        load.run("client", opened, threadsEach, operationsEach, seed);

        opened.forEach(ModelRegistry::close);
        assertLinearizable(folder, load);
    }

    private void runProcesses(int processes, int operationsEach, long seed) throws Exception {
        Path folder = newFolder();
        RegistryLoad load = new RegistryLoad(System::nanoTime);
        List<HistoryProcess> started = new ArrayList<>();
        try {
            for (int i = 0; i < processes; i++) {
                Path results = folder.resolveSibling(folder.getFileName() + "-" + i);
                started.add(
                        HistoryProcess.start(folder, results, "process-" + i, operationsEach, seed * processes + i));
            }
            for (HistoryProcess process : started) {
                process.awaitReady();
            }

            for (HistoryProcess process : started) {
                process.go();
            }

            for (HistoryProcess process : started) {
                process.collect(load);
            }
        } finally {
            started.forEach(HistoryProcess::close);
        }
        assertLinearizable(folder, load);
    }

    private Path newFolder() {
        folders++;
        Path folder = scratch.resolve("registry-" + folders);
        ModelRegistry.initialise(folder.toUri().toString(), options()).close();
        return folder;
    }

    private void assertLinearizable(Path folder, RegistryLoad load) {
        try (ModelRegistry afterwards = ModelRegistry.open(folder.toUri().toString(), options())) {
            assertThat(load.check(afterwards)).isEmpty();
            assertThat(afterwards.verify().errors()).isEmpty();
        }
        histories += 2;
        operations += load.size();
        reads += Stream.of(load.registrations(), load.promotions())
                .flatMap(history -> history.operations().stream())
                .map(TimedOperation::kind)
                .filter(kind -> kind == Kind.READ)
                .count();
    }

    private RegistryOptions options() {
        return RegistryOptions.defaults().withCacheFolder(scratch.resolve("cache"));
    }
}
