package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.environment.Deployment;
import io.modelregistry.version.ModelVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes on one folder, killed at random moments and started again: what was acknowledged stands, nothing is half, and a request that
 * its process was killed in and repeated is carried out once.
 */
class ManyProcessesTest {
    private static final int PROCESSES = 8;
    private static final int LIVES_EACH = 3;
    private static final int MOST_LINES_OF_A_LIFE = 12;
    private static final int LONGEST_REST_MILLIS = 40;

    @TempDir
    Path scratch;

    /** What the processes said was done: version to weights, revision to version, and how far each came with its own model. */
    private final Map<Long, String> versions = new ConcurrentHashMap<>();

    private final Map<Long, Long> revisions = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> ownChanges = new ConcurrentHashMap<>();
    private final AtomicInteger kills = new AtomicInteger();

    @Test
    void everyAcknowledgedChangeSurvivesRandomKills() throws Exception {
        run(PROCESSES, life -> life < LIVES_EACH);

        assertThat(kills).hasValue(PROCESSES * (LIVES_EACH - 1));
        assertNothingIsLost();
    }

    @Test
    @Tag("proof")
    void everyAcknowledgedChangeSurvivesKillsForAsLongAsTheyGoOn() throws Exception {
        int processes = 2 * Runtime.getRuntime().availableProcessors();
        long end = System.nanoTime() + Sampling.time().toNanos();

        run(processes, life -> System.nanoTime() - end < 0);

        RegistryFolder folder = assertNothingIsLost();
        System.out.println("proof: random kills: " + processes + " processes at a time, " + kills + " killed, "
                + folder.entries() + " entries, "
                + (versions.size()
                        + revisions.size()
                        + ownChanges.values().stream().mapToInt(n -> n + 1).sum())
                + " acknowledged changes, " + folder.temporaries().size() + " temporaries left behind");
    }

    private void run(int processes, IntPredicate isKilled) throws Exception {
        ExecutorService keepers = Executors.newFixedThreadPool(processes);
        List<Future<?>> ends = new ArrayList<>();
        for (int process = 0; process < processes; process++) {
            int me = process;
            ends.add(keepers.submit(() -> {
                live(me, isKilled);
                return null;
            }));
        }
        keepers.shutdown();
        for (Future<?> end : ends) {
            try {
                end.get();
            } catch (ExecutionException e) {
                throw new AssertionError("A process went wrong: " + e.getCause(), e);
            }
        }
    }

    private Path registry() {
        return scratch.resolve("registry");
    }

    private RegistryFolder assertNothingIsLost() {
        RegistryFolder folder = RegistryFolder.read(registry());
        folder.assertSound(Form.LINKS);
        // each may be staging two files and writing two hints when it is killed
        assertThat(folder.temporaries()).hasSizeLessThanOrEqualTo(4 * kills.get());
        ownChanges.forEach((process, last) -> {
            for (int change = 0; change <= last; change++) {
                assertThat(folder.carriedOut(name(process) + "/" + change)).isEqualTo(1);
            }
        });
        try (ModelRegistry registry = ModelRegistry.open(
                registry().toUri().toString(), RegistryOptions.defaults().withCacheFolder(scratch.resolve("cache")))) {
            assertVersions(registry);
            assertRevisions(registry);
        }
        return folder;
    }

    private void assertVersions(ModelRegistry registry) {
        List<ModelVersion> standing =
                registry.model(RegistryWorker.MODEL).versions().toList();
        assertThat(standing)
                .extracting(ModelVersion::number)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, standing.size()).boxed().toList());
        assertThat(versions).isNotEmpty();
        versions.forEach((number, weights) -> assertThat(
                        standing.get(Math.toIntExact(number) - 1).parameters())
                .containsEntry("weights", weights));
        assertThat(standing)
                .extracting(v -> v.parameters().get("weights"))
                .as("no request was carried out twice")
                .doesNotHaveDuplicates();
    }

    private void assertRevisions(ModelRegistry registry) {
        List<Deployment> history =
                registry.model(RegistryWorker.MODEL).environment("production").history();
        revisions.forEach((revision, version) -> assertThat(history.get(Math.toIntExact(revision) - 1)
                        .rollout()
                        .orElseThrow()
                        .single())
                .hasValue(version));
    }

    /** Several lives of one process; each but the last ends when it has said a random number of lines, or some moments later. */
    private void live(int process, IntPredicate isKilled) throws IOException, InterruptedException {
        Random random = new Random();
        boolean killed = true;
        for (int life = 1; killed; life++) {
            killed = isKilled.test(life);
            int firstOwn = ownChanges.getOrDefault(process, -1) + 1;
            Process worker = Jvm.plain().start(RegistryWorker.class, registry(), name(process), life, firstOwn);
            listen(process, worker, random, killed);
        }
    }

    private static String name(int process) {
        return "p" + process;
    }

    private void listen(int process, Process worker, Random random, boolean kill)
            throws IOException, InterruptedException {
        int lines = 1 + random.nextInt(MOST_LINES_OF_A_LIFE);
        try (BufferedReader output = worker.inputReader(StandardCharsets.UTF_8)) {
            int heard = 0;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                note(process, line);
                heard++;
                if (heard == lines && kill) {
                    kills.incrementAndGet();
                    worker.waitFor(random.nextInt(LONGEST_REST_MILLIS), TimeUnit.MILLISECONDS);
                    // unlike Process.destroyForcibly this leaves what was said before to be read
                    worker.toHandle().destroyForcibly();
                } else if (heard == lines) {
                    Jvm.letGo(worker);
                }
            }
            assertThat(heard)
                    .as("a process must get somewhere before it is killed")
                    .isGreaterThanOrEqualTo(lines);
        }
    }

    private void note(int process, String line) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case RegistryWorker.VERSION -> versions.put(Long.parseLong(words[1]), words[2]);
            case RegistryWorker.REVISION -> revisions.put(Long.parseLong(words[1]), Long.parseLong(words[2]));
            case RegistryWorker.OWN -> ownChanges.put(process, Integer.parseInt(words[1]));
            default -> throw new AssertionError(line);
        }
    }
}
