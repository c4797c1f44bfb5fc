package io.modelregistry.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Environment;
import io.modelregistry.Host;
import io.modelregistry.Model;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.Revision;
import io.modelregistry.environment.Routing;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.serving.ServingListener;
import io.modelregistry.serving.ServingOptions;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Native sessions under load: models are swapped while predictions run, and each session is closed once, when nobody predicts with it any more. */
@Timeout(300)
class SessionLeakTest {
    private static final int THREADS = 2;
    private static final int SWAPS = 100;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

    private final BreastCancerData data = BreastCancerData.load();
    private final Split split = Split.of(data);
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private final AtomicInteger closedTwice = new AtomicInteger();
    private final AtomicLong predictions = new AtomicLong();

    @TempDir
    private Path directory;

    /** What each version says of the first patient who was held out. */
    private Map<Long, Double> expected;

    @Test
    void everySessionIsClosedOnceWhenNobodyPredictsWithItAnyMore() throws Exception {
        int swaps = swap(done -> done < SWAPS);

        assertNoneOpenedInVain(swaps);
    }

    @Test
    @Tag("proof")
    void noSessionLeaksHoweverManySwapsThereAre() throws Exception {
        swap(done -> done < SWAPS); // the allocators have what they need after this
        Optional<Long> before = residentMegabytes();
        opened.set(0);
        predictions.set(0);
        long end = System.nanoTime()
                + Duration.ofSeconds(Integer.getInteger("proof.seconds", 5)).toNanos();

        int swaps = swap(done -> System.nanoTime() < end);

        assertNoneOpenedInVain(swaps);
        System.out.println(
                "proof: native sessions: " + swaps + " swaps under " + predictions + " predictions, " + opened
                        + " sessions opened and closed, at most " + mostOpen + " open"
                        + before.map(mb -> ", resident memory " + mb + " MB before and "
                                        + residentMegabytes().orElseThrow() + " MB after")
                                .orElse(""));
    }

    /** At most: a version that is wanted again while somebody predicts with it still is not opened again. */
    private void assertNoneOpenedInVain(int swaps) {
        assertThat(opened.get()).isBetween(2, swaps + 1);
    }

    private int swap(IntPredicate goOn) throws Exception {
        Host host = Host.system();
        RegistryOptions options = RegistryOptions.defaults()
                .withPollInterval(POLL_INTERVAL)
                .withCacheFolder(Files.createTempDirectory(directory, "cache"));
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        BlockingQueue<Revision> served = new LinkedBlockingQueue<>();
        ServingOptions listening = ServingOptions.defaults().withListener(new ServingListener() {
            @Override
            public void swapped(HandleStatus status) {
                served.add(status.deployment().orElseThrow().revision());
            }
        });
        int swaps = 0;
        try (ModelRegistry registry =
                ModelRegistry.on(new MemoryStore(host).open(), options, host).as("u-4711")) {
            Model model = registry.model("tumor");
            expected = Map.of(
                    register(model, Recipe.oneEpoch(split)), said(Recipe.oneEpoch(split)),
                    register(model, Recipe.twentyEpochs(split)), said(Recipe.twentyEpochs(split)));
            assertThat(expected.values()).doesNotHaveDuplicates();
            Environment production = model.environment("production");
            production.promote(1, "start");
            List<Future<?>> clients = new ArrayList<>();
            try (ModelHandle<OnnxClassifier> handle = production.serve(loader(), listening)) {
                assertThat(served.take().sequence()).isEqualTo(1);
                for (int i = 0; i < THREADS; i++) {
                    clients.add(threads.submit(() -> predictUntil(stop, handle)));
                }
                for (; goOn.test(swaps); swaps++) {
                    Revision promoted =
                            production.promote(1 + (swaps + 1) % 2, "swap").revision();
                    assertThat(served.take()).isEqualTo(promoted);
                }
                stop.set(true);
                for (Future<?> client : clients) {
                    client.get();
                }
            }
        } finally {
            stop.set(true);
            threads.shutdown();
        }

        assertThat(open).hasValue(0);
        assertThat(closedTwice).hasValue(0);
        assertThat(mostOpen.get()).isLessThanOrEqualTo(2);
        return swaps;
    }

    private void predictUntil(AtomicBoolean stop, ModelHandle<OnnxClassifier> handle) {
        double[][] patient = {split.heldOut().get(0).features()};
        for (int i = 0; !stop.get(); i++) {
            double risk = handle.use(Routing.of("patient-" + i % 100), served -> {
                double said = served.model().predict(patient).get(0).malignancy();
                assertThat(said).isEqualTo(expected.get(served.version().number()));
                return said;
            });
            assertThat(risk).isBetween(0.0, 1.0);
            predictions.incrementAndGet();
        }
    }

    private Loader<OnnxClassifier> loader() {
        return Loader.of(files -> {
                    OnnxClassifier session = OnnxClassifier.open(files.file("model.onnx"), files.file("scaler.json"));
                    opened.incrementAndGet();
                    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
                    return session;
                })
                .warmUp(session ->
                        session.predict(new double[][] {split.heldOut().get(1).features()}))
                .close(session -> {
                    try {
                        session.close();
                    } catch (IllegalStateException e) { // of ONNX Runtime, for a session that is closed
                        closedTwice.incrementAndGet();
                    }
                    open.decrementAndGet();
                });
    }

    private long register(Model model, Recipe recipe) throws IOException {
        ArtifactFiles files = write(recipe);
        return model.register(Registration.of(files.directory())).number();
    }

    private double said(Recipe recipe) throws IOException {
        ArtifactFiles files = write(recipe);
        try (OnnxClassifier classifier = OnnxClassifier.open(files.model(), files.scaler())) {
            return classifier
                    .predict(new double[][] {split.heldOut().get(0).features()})
                    .get(0)
                    .malignancy();
        }
    }

    private ArtifactFiles write(Recipe recipe) throws IOException {
        ArtifactFiles files = new ArtifactFiles(Files.createTempDirectory(directory, "trained"));
        files.write(new Trainer(data.columns()).train(recipe), split.heldOut());
        return files;
    }

    /** What the operating system gave this process, where it says so; native memory included. */
    private static Optional<Long> residentMegabytes() {
        Path status = Path.of("/proc/self/status");
        try {
            return Files.exists(status)
                    ? Files.readAllLines(status).stream()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                            .findFirst()
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
