package io.modelregistry.core;

import static io.modelregistry.core.Rig.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Environment;
import io.modelregistry.IntegrityException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.RegistryOptions;
import io.modelregistry.RegistryProvider.Mode;
import io.modelregistry.StaleException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.environment.Consistency;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.ServingStatus.Freshness;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ManualHost;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that run, and start, while the store is away. */
class OfflineTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofSeconds(36);

    @TempDir
    Path folder;

    private final ManualHost host = new ManualHost();
    private final Rig.Switch faults = new Rig.Switch();
    private final List<ModelRegistry> opened = new ArrayList<>();
    private MemoryStore store = new MemoryStore(host);
    private Path cache;
    private Environment production;

    @BeforeEach
    void promoteOne() {
        cache = folder.resolve("cache");
        // who writes has a cache of its own
        ModelRegistry ada = open(RegistryOptions.defaults().withCacheFolder(folder.resolve("ada")))
                .as("ada");
        ada.model("tumor").register(model("one"));
        ada.model("tumor").register(model("two"));
        production = ada.model("tumor").environment("production");
        production.promote(1, "start");
    }

    @AfterEach
    void closeAll() {
        opened.forEach(ModelRegistry::close);
    }

    private RegistryOptions options() {
        return RegistryOptions.defaults().withCacheFolder(cache);
    }

    /** Another process on this machine. */
    private ModelRegistry open(RegistryOptions options) {
        ModelRegistry registry = LogBackedRegistry.open(
                located(new FaultyBackend(store.open(), faults)), options, host, Mode.INITIALISE);
        opened.add(registry);
        return registry;
    }

    private ModelRegistry open() {
        return open(options());
    }

    /** Of a store in memory nothing is kept; this one says that it is somewhere. */
    private static StorageBackend located(StorageBackend backend) {
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(),
                new Class<?>[] {StorageBackend.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("location")) {
                        return "test://models";
                    }
                    try {
                        return method.invoke(backend, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void storeIsAway() {
        faults.set(call -> Fault.UNAVAILABLE);
    }

    private void storeIsBack() {
        faults.set(FaultPlan.none());
    }

    private static Resolution resolve(ModelRegistry registry) {
        return registry.resolve("tumor:production");
    }

    /** What a process leaves behind that served and downloaded. */
    private void serveOnce() {
        try (ModelRegistry registry = open()) {
            resolve(registry);
            registry.version("tumor:production").download();
        }
    }

    private List<Path> kept() throws IOException {
        List<Path> kept = new ArrayList<>();
        Files.walkFileTree(cache, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String parent = String.valueOf(file.getParent().getFileName());
                if (parent.equals("kept") || parent.equals("locations")) {
                    kept.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return kept;
    }

    @Test
    void aProcessThatStartsWithoutTheStoreServesWhatThisMachineKnewAndSaysHowOldItIs() throws IOException {
        serveOnce();
        storeIsAway();
        host.advance(HOUR);

        ModelRegistry registry = open();
        Resolution resolution = resolve(registry);
        Path file = registry.version("tumor:production").download().file("model.bin");

        assertThat(resolution.version().number()).isEqualTo(1);
        assertThat(resolution.age()).isBetween(HOUR, HOUR.plusMinutes(5));
        assertThat(Files.readString(file)).isEqualTo("one");
        assertThat(registry.resolve("tumor@1").version()).isEqualTo(resolution.version());
        assertThat(registry.serving())
                .singleElement()
                .satisfies(status -> assertThat(status.freshness()).isEqualTo(Freshness.UNCONFIRMED));
        assertThatThrownBy(() -> registry.as("ada")
                        .model("tumor")
                        .environment("production")
                        .promote(2, "next"))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void whenTheStoreIsBackEverythingGoesOnWithoutARestart() {
        serveOnce();
        storeIsAway();
        ModelRegistry registry = open();
        resolve(registry);
        storeIsBack();
        production.promote(2, "next");

        host.advance(LONGEST);

        assertThat(resolve(registry).version().number()).isEqualTo(2);
        assertThat(resolve(registry).age()).isZero();
        registry.as("ben").model("tumor").environment("production").promote(1, "back");
        assertThat(resolve(registry).version().number()).isEqualTo(1);
    }

    @Test
    void nothingThatWasKeptIsServedOnceTheStoreAnswers() {
        serveOnce();
        storeIsAway();
        ModelRegistry registry = open();
        resolve(registry);
        List<String> asked = new ArrayList<>();
        faults.set(call -> {
            asked.add(call.key());
            return Fault.NONE;
        });

        host.advance(LONGEST);
        resolve(registry);

        assertThat(asked)
                .startsWith("registry.json")
                .contains("environments/production/tumor/0000000001.json", "versions/tumor/0000000001.json");
    }

    @Test
    void theLimitOnStalenessCountsFromTheLastConfirmation() {
        serveOnce();
        storeIsAway();
        RegistryOptions limited = options().withMaxStaleness(HOUR).withOperationTimeout(Duration.ofNanos(1));
        host.advance(Duration.ofMinutes(59));
        assertThat(resolve(open(limited)).version().number()).isEqualTo(1);
        host.advance(Duration.ofMinutes(2));

        ModelRegistry registry = open(limited);

        assertThatThrownBy(() -> resolve(registry)).isInstanceOf(StaleException.class);
        storeIsBack();
        host.advance(LONGEST);
        assertThat(resolve(registry).age()).isZero();
    }

    /** Before the kept record of a version is read, the store is asked for it, in vain and at length. */
    @Test
    void theTimeThatStartingWithoutTheStoreTakesCountsToo() {
        serveOnce();
        Instant confirmed = host.now();
        storeIsAway();

        Resolution resolution = resolve(open());

        assertThat(resolution.age()).isEqualTo(Duration.between(confirmed, host.now()));
    }

    @Test
    void aClockThatWentBackMakesNothingYoungerThanItsEntry() {
        host.advance(HOUR);
        serveOnce();
        storeIsAway();
        host.turnWallClock(Duration.ofMinutes(-30));

        Resolution resolution = resolve(open());

        assertThat(resolution.age()).isBetween(Duration.ofMinutes(30), Duration.ofMinutes(31));
        host.turnWallClock(Duration.ofDays(-365));
        ModelRegistry limited = open(options().withMaxStaleness(Duration.ofDays(30)));
        assertThatThrownBy(() -> resolve(limited)).isInstanceOf(StaleException.class);
    }

    @Test
    void whatWasPrefetchedIsServedAndUsedWithoutTheStore() throws IOException {
        try (ModelRegistry registry = open()) {
            registry.model("tumor").environment("production").prefetch();
            registry.version("tumor@2").prefetch();
            registry.model("tumor").environment("staging").prefetch();
        }
        storeIsAway();

        ModelRegistry registry = open();

        assertThat(resolve(registry).version().number()).isEqualTo(1);
        assertThat(Files.readString(
                        registry.version("tumor:production").download().file("model.bin")))
                .isEqualTo("one");
        assertThat(Files.readString(registry.version("tumor@2").download().file("model.bin")))
                .isEqualTo("two");
    }

    @Test
    void pollsKeepTheTimeOfTheConfirmation() {
        ModelRegistry serving = open();
        resolve(serving);
        for (int poll = 0; poll < 100; poll++) {
            host.advance(LONGEST);
            resolve(serving);
        }
        storeIsAway();

        assertThat(resolve(open()).age()).isLessThan(Duration.ofMinutes(2));
    }

    @Test
    void aMachineThatKnowsNothingOfTheRegistrySaysThatTheStoreIsAway() {
        storeIsAway();

        assertThatThrownBy(this::open).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void aPlaceThatThisMachineNeverServedIsNotMadeUp() {
        serveOnce();
        storeIsAway();
        ModelRegistry registry = open();

        assertThatThrownBy(() -> registry.resolve("tumor:staging")).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> registry.resolve("tumor@2")).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(
                        () -> registry.model("tumor").environment("production").resolve(Consistency.STRONG))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void anotherRegistryInThePlaceOfTheOneThatWasKnownIsRefused() {
        serveOnce();
        storeIsAway();
        ModelRegistry registry = open();
        storeIsBack();
        store = new MemoryStore(host);
        UnconfirmedBackend returned = new UnconfirmedBackend(located(store.open()), registry.id());

        assertThatThrownBy(() -> returned.get("versions/tumor/0000000001.json", 10))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining(
                        "At test://models stands no registry, though this machine knew the registry " + registry.id());
        open(RegistryOptions.defaults().withCacheFolder(folder.resolve("other")));
        assertThatThrownBy(() -> returned.create("versions/tumor/0000000001.json", new byte[0]))
                .isInstanceOf(IntegrityException.class)
                .hasMessageContaining("At test://models stands the registry ");
        assertThat(store.keys()).noneMatch(key -> key.startsWith("versions/"));
    }

    @Test
    void whatIsTornGarbledOversizedOrForeignIsIgnoredAndReplaced() throws IOException {
        serveOnce();
        List<Path> kept = kept();
        assertThat(kept).hasSize(3);
        for (Path file : kept) {
            byte[] whole = Files.readAllBytes(file);
            byte[] flipped = whole.clone();
            flipped[whole.length / 2] ^= 1;
            byte[] foreign = Files.readAllBytes(kept.get((kept.indexOf(file) + 1) % kept.size()));
            for (byte[] damaged : List.of(
                    new byte[0],
                    new byte[whole.length],
                    flipped,
                    java.util.Arrays.copyOf(whole, whole.length - 1),
                    new byte[3 << 20],
                    foreign)) {
                Files.write(file, damaged);
                storeIsAway();

                assertThatThrownBy(() -> resolve(open())).isInstanceOf(StoreUnavailableException.class);

                storeIsBack();
                serveOnce();
                assertThat(Files.readAllBytes(file)).as("replaced").isNotEqualTo(damaged);
            }
        }
        storeIsAway();
        assertThat(resolve(open()).version().number()).isEqualTo(1);
    }

    @Test
    void anOlderEntryPlantedInTheCacheNeverBeatsWhatTheProcessHasSeen() throws IOException {
        serveOnce();
        List<byte[]> old = new ArrayList<>();
        List<Path> files = kept();
        for (Path file : files) {
            old.add(Files.readAllBytes(file));
        }
        production.promote(2, "next");
        ModelRegistry serving = open();
        assertThat(resolve(serving).version().number()).isEqualTo(2);
        for (int i = 0; i < files.size(); i++) {
            Files.write(files.get(i), old.get(i));
        }
        storeIsAway();

        host.advance(HOUR);

        assertThat(resolve(serving).version().number()).isEqualTo(2);
    }

    @Test
    void anEntryThatTheStoreLacksIsNotBelievedOnceTheStoreAnswers() {
        MemoryStore before = new MemoryStore(host);
        store.keys().forEach(key -> before.put(key, store.bytes(key).orElseThrow()));
        production.promote(2, "next");
        serveOnce();
        storeIsAway();
        store = before;
        ModelRegistry registry = open();
        assertThat(resolve(registry).version().number()).isEqualTo(2);
        storeIsBack();

        host.advance(LONGEST);

        assertThat(resolve(registry).version().number()).isEqualTo(1);
    }

    @Test
    void aCacheThatCantBeWrittenToStopsNothing() throws IOException {
        Files.createDirectories(cache);
        Files.write(cache.resolve("locations"), new byte[] {1});

        ModelRegistry registry = open();

        assertThat(resolve(registry).version().number()).isEqualTo(1);
    }

    @Test
    void whatCouldNotBeKeptAtFirstIsKeptAsSoonAsThereIsRoom() throws IOException {
        ModelRegistry registry = open();
        Path registryFolder = Files.createDirectories(cache.resolve(registry.id()));
        Path inTheWay = Files.write(registryFolder.resolve("kept"), new byte[] {1});
        resolve(registry);
        host.advance(LONGEST);
        Files.delete(inTheWay);

        for (int poll = 0; poll < 3; poll++) {
            host.advance(LONGEST);
        }
        storeIsAway();

        assertThat(resolve(open()).version().number()).isEqualTo(1);
    }

    @Test
    void twoProcessesKeepAtOnce() {
        ModelRegistry one = open();
        ModelRegistry two = open();
        resolve(one);
        resolve(two);
        production.promote(2, "next");
        host.advance(LONGEST);
        host.advance(LONGEST);
        storeIsAway();

        assertThat(resolve(open()).version().number()).isEqualTo(2);
    }

    @Test
    void ofAStoreInMemoryNothingIsKept() {
        try (ModelRegistry registry = ModelRegistry.on(store.open(), options(), host)) {
            resolve(registry);
        }

        assertThat(cache).doesNotExist();
    }
}
