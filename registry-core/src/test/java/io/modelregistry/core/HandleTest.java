package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.StaleException;
import io.modelregistry.serving.Lease;
import io.modelregistry.serving.LoadFailure;
import io.modelregistry.serving.LoadFailure.Stage;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.serving.ServingListener;
import io.modelregistry.serving.ServingOptions;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.version.LocalArtifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A handle over a whole registry: what it does with the poller, the cache and the registry's end. */
class HandleTest {
    private static final Duration LONGEST = Duration.ofSeconds(36);

    @TempDir
    Path folder;

    private final List<FileModel> loaded = new CopyOnWriteArrayList<>();
    private Rig rig;
    private ModelRegistry ada;

    @BeforeEach
    void promoteTheFirstOfThree() {
        rig = new Rig(folder.resolve("ada"));
        ada = rig.client("ada");
        for (String weights : List.of("one", "two", "three")) {
            ada.model("tumor").register(model(weights));
        }
        promote(1);
    }

    @AfterEach
    void closeRig() {
        rig.close();
    }

    private void promote(long version) {
        ada.model("tumor").environment("production").promote(version, "next");
    }

    private RegistryOptions options() {
        return RegistryOptions.defaults().withCacheFolder(folder.resolve("cache"));
    }

    /** A model that is read from its file when it answers, as those are that map theirs into memory. */
    private static final class FileModel implements AutoCloseable {
        private final Path file;
        private volatile boolean closed;

        FileModel(LocalArtifact files) {
            this.file = files.file("model.bin");
        }

        String answer() throws IOException {
            return Files.readString(file);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private FileModel load(LocalArtifact files) {
        FileModel model = new FileModel(files);
        loaded.add(model);
        return model;
    }

    private ModelHandle<FileModel> serve(ModelRegistry registry, Loader<FileModel> loader) {
        return registry.model("tumor").environment("production").serve(loader, ServingOptions.defaults());
    }

    private static String ask(ModelHandle<FileModel> handle) throws IOException {
        return handle.use(served -> served.model().answer());
    }

    private List<String> cachedArtifacts() throws IOException {
        List<String> contents = new ArrayList<>();
        for (Path file : filesNamed("model.bin")) {
            contents.add(Files.readString(file));
        }
        return contents;
    }

    private List<Path> filesNamed(String name) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            return files.filter(file -> file.endsWith(name)).toList();
        }
    }

    @Test
    void theLimitOnStalenessHoldsHoweverLongTheFirstLoadTook() {
        Rig.Faulty client = rig.faulty("serving", options().withMaxStaleness(Duration.ofMinutes(10)), rig.host);
        ModelHandle<FileModel> handle = serve(client.registry(), Loader.of(files -> {
            for (int i = 0; i < 20; i++) {
                rig.host.advance(LONGEST); // so long nobody resolves the place
            }
            client.faults().set(call -> Fault.UNAVAILABLE);
            return load(files);
        }));

        rig.host.advance(Duration.ofHours(1));

        assertThat(handle.status().age()).isGreaterThanOrEqualTo(Duration.ofHours(1));
        assertThatThrownBy(handle::acquire)
                .isInstanceOf(StaleException.class)
                .hasMessageContaining("longer than the 600 s allowed, and the store doesn't answer");
    }

    @Test
    void aRegistryThatIsClosedDuringTheFirstLoadLeavesNoModelOpen() {
        Rig.Faulty client = rig.faulty("serving", options(), rig.host);

        assertThatThrownBy(() -> serve(client.registry(), Loader.of(files -> {
                    client.registry().close();
                    return load(files);
                })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");

        assertThat(loaded).hasSize(1).allMatch(model -> model.closed);
    }

    @Test
    void aHandleThatAPreviewOpensEndsWithIt() {
        AtomicReference<ModelHandle<FileModel>> handle = new AtomicReference<>();

        ada.preview(trial -> handle.set(serve(trial, Loader.of(this::load))));

        assertThat(loaded).hasSize(1).allMatch(model -> model.closed);
        assertThatThrownBy(handle.get()::acquire)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void filesOfAModelThatWasClosedMakeRoomInTheCache() throws IOException {
        Rig.Faulty client = rig.faulty("serving", options().withCacheBytes(1), rig.host);
        try (ModelHandle<FileModel> handle = serve(client.registry(), Loader.of(this::load))) {
            promote(2);
            rig.host.advance(LONGEST);
            rig.host.advance(Duration.ofHours(2));

            promote(3);
            rig.host.advance(LONGEST);

            assertThat(ask(handle)).isEqualTo("three");
            assertThat(cachedArtifacts())
                    .as("1 was closed two hours ago, 2 just now")
                    .containsExactlyInAnyOrder("two", "three");
        }
    }

    @Test
    void filesOfAVersionThatCanNotBeLoadedMakeRoomInTheCache() throws IOException {
        Rig.Faulty client = rig.faulty("serving", options().withCacheBytes(1), rig.host);
        Loader<FileModel> loader = Loader.of(files -> {
            if (files.version().number() == 2) {
                throw new IllegalStateException("wrong opset");
            }
            return load(files);
        });
        try (ModelHandle<FileModel> handle = serve(client.registry(), loader)) {
            promote(2);
            for (int i = 0; i < 5; i++) {
                rig.host.advance(Duration.ofMinutes(10));
            }
            promote(1);
            rig.host.advance(LONGEST);
            rig.host.advance(Duration.ofHours(2));

            promote(3);
            rig.host.advance(LONGEST);

            assertThat(ask(handle)).isEqualTo("three");
            assertThat(cachedArtifacts()).doesNotContain("two");
        }
    }

    @Test
    void whatIsServedStaysInTheCacheThoughAnotherProcessNeedsRoom() throws IOException {
        Rig.Faulty client = rig.faulty("serving", options(), rig.host);
        Rig.Faulty other = rig.faulty("batch", options().withCacheBytes(1), rig.host);
        try (ModelHandle<FileModel> handle = serve(client.registry(), Loader.of(this::load))) {
            for (int i = 0; i < 100; i++) {
                rig.host.advance(LONGEST.multipliedBy(5));
            }

            other.registry().version("tumor@2").download();

            assertThat(ask(handle)).isEqualTo("one");
        }
    }

    @Test
    void aFileThatVanishesOrChangesBetweenDownloadAndLoadIsVerifiedAgainAndLoadedLater() throws IOException {
        List<LoadFailure> failures = new ArrayList<>();
        Rig.Faulty client = rig.faulty("serving", options(), rig.host);
        Loader<FileModel> loader = Loader.of(files -> {
            if (files.version().number() == 2 && failures.isEmpty()) {
                Files.delete(files.file("model.bin"));
            }
            return load(files);
        });
        loader = loader.warmUp(FileModel::answer);
        try (ModelHandle<FileModel> handle = client.registry()
                .model("tumor")
                .environment("production")
                .serve(loader, ServingOptions.defaults().withListener(new ServingListener() {
                    @Override
                    public void failed(LoadFailure failure) {
                        failures.add(failure);
                    }
                }))) {
            promote(2);
            rig.host.advance(LONGEST);
            String meanwhile = ask(handle);
            rig.host.advance(Duration.ofSeconds(10));

            assertThat(meanwhile).isEqualTo("one");
            assertThat(failures).extracting(LoadFailure::stage).containsExactly(Stage.WARM_UP);
            assertThat(ask(handle)).isEqualTo("two");
        }
    }

    @Test
    void whatIsInTheCacheIsVerifiedBeforeItIsLoaded() throws IOException {
        try (ModelHandle<FileModel> before =
                serve(rig.faulty("first", options(), rig.host).registry(), Loader.of(this::load))) {
            assertThat(ask(before)).isEqualTo("one");
        }
        for (Path file : filesNamed("model.bin")) {
            Files.delete(file);
            Files.writeString(file, "evil");
        }

        try (ModelHandle<FileModel> after =
                serve(rig.faulty("second", options(), rig.host).registry(), Loader.of(this::load))) {
            assertThat(ask(after)).isEqualTo("one");
        }
    }

    @Test
    void oneThreadLoadsSwapsAndClosesItsOwnRegistryWithoutWaitingForItself() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            ManualHost host = rig.host.another(Duration.ZERO, one);
            Rig.Faulty client = rig.faulty("serving", options(), host);
            ModelHandle<FileModel> handle = one.submit(() -> serve(client.registry(), Loader.of(this::load)))
                    .get();
            promote(2);
            host.advance(LONGEST);
            for (int i = 0; i < 10 && !handle.status().isComplete(); i++) {
                one.submit(() -> {}).get();
            }
            String swapped = ask(handle);
            long before = host.nanoTime();

            one.submit(client.registry()::close).get();

            assertThat(swapped).isEqualTo("two");
            assertThat(loaded).hasSize(2).allMatch(model -> model.closed);
            assertThat(host.nanoTime() - before)
                    .as("time spent waiting")
                    .isLessThan(Duration.ofSeconds(1).toNanos());
        } finally {
            one.shutdownNow();
        }
    }

    @Test
    void anInterruptedThreadGetsItsLeaseAndAnotherMayGiveItBack() throws Exception {
        Rig.Faulty client = rig.faulty("serving", options(), rig.host);
        ModelHandle<FileModel> handle = serve(client.registry(), Loader.of(this::load));
        Thread.currentThread().interrupt();

        Lease<FileModel> lease = handle.acquire();

        assertThat(Thread.interrupted()).isTrue();
        promote(2);
        rig.host.advance(LONGEST);
        assertThat(loaded.get(0).closed).isFalse();
        Thread other = new Thread(lease::close);
        other.start();
        other.join();
        assertThat(loaded.get(0).closed).isTrue();
    }
}
