package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.environment.Deployment;
import io.modelregistry.version.ModelVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight processes on one folder, killed at random moments and started again: what was acknowledged stands, and nothing is half. */
class ManyProcessesTest {
    private static final int PROCESSES = 8;
    private static final int LIVES_EACH = 3;
    private static final int MOST_LINES_OF_A_LIFE = 8;

    @TempDir
    Path scratch;

    /** What the processes said was done: version to weights, revision to version. */
    private final Map<Long, String> versions = new ConcurrentHashMap<>();

    private final Map<Long, Long> revisions = new ConcurrentHashMap<>();
    private final AtomicInteger kills = new AtomicInteger();

    @Test
    void everyAcknowledgedChangeSurvivesRandomKills() throws Exception {
        ExecutorService keepers = Executors.newFixedThreadPool(PROCESSES);
        List<Future<?>> ends = new ArrayList<>();
        for (int process = 0; process < PROCESSES; process++) {
            int me = process;
            ends.add(keepers.submit(() -> live(me)));
        }
        for (Future<?> end : ends) {
            end.get();
        }
        keepers.shutdown();

        try (ModelRegistry registry = ModelRegistry.open(
                scratch.resolve("registry").toUri().toString(),
                RegistryOptions.defaults().withCacheFolder(scratch.resolve("cache")))) {
            assertThat(kills.get()).isEqualTo(PROCESSES * (LIVES_EACH - 1));
            assertThat(registry.verify().errors()).isEmpty();
            assertVersions(registry);
            assertRevisions(registry);
        }
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

    /** Several lives of one process; each but the last ends when it has said a random number of lines. */
    private void live(int process) {
        Random random = new Random(process);
        for (int life = 1; life <= LIVES_EACH; life++) {
            try {
                String name = "p" + process + "-" + life;
                Process worker = start(name);
                int lines = 1 + random.nextInt(MOST_LINES_OF_A_LIFE);
                listen(worker, lines, life < LIVES_EACH);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void listen(Process worker, int lines, boolean kill) throws IOException {
        try (BufferedReader output = worker.inputReader(StandardCharsets.UTF_8)) {
            int heard = 0;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                note(line);
                heard++;
                if (heard == lines && kill) {
                    kills.incrementAndGet();
                    // unlike Process.destroyForcibly this leaves what was said before to be read
                    worker.toHandle().destroyForcibly();
                } else if (heard == lines) {
                    worker.getOutputStream().write('\n');
                    worker.getOutputStream().flush();
                }
            }
            assertThat(heard)
                    .as("a process must get somewhere before it is killed")
                    .isGreaterThanOrEqualTo(lines);
        }
    }

    private void note(String line) {
        String[] words = line.split(" ", -1);
        if (words[0].equals(RegistryWorker.VERSION)) {
            versions.put(Long.parseLong(words[1]), words[2]);
        } else if (words[0].equals(RegistryWorker.REVISION)) {
            revisions.put(Long.parseLong(words[1]), Long.parseLong(words[2]));
        }
    }

    private Process start(String name) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        RegistryWorker.class.getName(),
                        scratch.resolve("registry").toString(),
                        name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
