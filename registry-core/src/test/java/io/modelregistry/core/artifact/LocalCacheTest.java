package io.modelregistry.core.artifact;

import static io.modelregistry.core.artifact.ArtifactRig.bytes;
import static io.modelregistry.core.artifact.ArtifactRig.noise;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.Operation;
import io.modelregistry.testkit.SimulatedCrash;
import io.modelregistry.version.LocalArtifact;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Progress;
import io.modelregistry.version.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

@Timeout(60)
class LocalCacheTest {
    private static final byte[] WEIGHTS = noise(1, 300_000);
    private static final byte[] CONFIG = bytes("{}");

    @TempDir
    Path folder;

    private ArtifactRig rig;
    private ModelVersion version;

    @BeforeEach
    void register() {
        rig = new ArtifactRig(folder.resolve("cache"));
        version = rig.register(Registration.empty()
                .file("weights.bin", WEIGHTS)
                .file("sub/config.json", CONFIG)
                .file("sub/deep/__init__.py", new byte[0])
                .file("copy.bin", WEIGHTS));
    }

    @Test
    void nothingIsCreatedBeforeTheFirstDownload() {
        assertThat(rig.cacheFolder).doesNotExist();
    }

    @Test
    void whatIsInTheCacheIsNotFetchedAgain() {
        Path first = rig.download(version);
        rig.backend.reset();

        assertThat(rig.download(version)).isEqualTo(first);
        assertThat(rig.another(rig.backend).download(version, Progress.none()).folder())
                .isEqualTo(first);
        assertThat(rig.backend.counts()).isEmpty();
        assertHoldsEverything(first);
    }

    @Test
    void whatIsInTheCacheServesWhileTheStoreIsDown() {
        Registration many = Registration.empty();
        for (int i = 0; i < 300; i++) {
            many = many.file("part-" + i, bytes("content " + i));
        }
        ModelVersion large = rig.register(many);
        rig.download(large);
        Artifacts cutOff = rig.another(new FaultyBackend(rig.memory.open(), call -> Fault.UNAVAILABLE));

        assertThat(cutOff.download(large, Progress.none()).files()).hasSize(300);
    }

    @Test
    void aDamagedManifestInTheCacheIsFetchedAgain() throws IOException {
        Registration many = Registration.empty();
        for (int i = 0; i < 300; i++) {
            many = many.file("part-" + i, bytes("content " + i));
        }
        ModelVersion large = rig.register(many);
        rig.download(large);
        rig.backend.reset();
        overwrite(
                rig.cache()
                        .resolve("manifests")
                        .resolve(large.artifact().manifest().hex()),
                bytes("{}"));

        assertThat(rig.artifacts.download(large, Progress.none()).files()).hasSize(300);
        assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.READ, 1));
    }

    @Test
    void versionsShareTheirContentsOnDisk() throws IOException {
        ModelVersion second =
                rig.register(Registration.empty().file("weights.bin", WEIGHTS).file("config.json", bytes("{\"v\":2}")));
        Path one = rig.download(version);
        rig.backend.reset();

        Path two = rig.download(second);

        assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.READ, 1));
        assertThat(Files.isSameFile(one.resolve("weights.bin"), two.resolve("weights.bin")))
                .isTrue();
        assertThat(Files.isSameFile(one.resolve("weights.bin"), one.resolve("copy.bin")))
                .isTrue();
        assertThat(Files.isSameFile(one.resolve("weights.bin"), rig.cachedBlob(WEIGHTS)))
                .isTrue();
    }

    @Test
    void filesAreReadOnlyAndTheFolderIsTheUsersOwn() throws IOException {
        Path files = rig.download(version);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.resolve("weights.bin"))))
                .isEqualTo("r--r--r--");
        for (Path own : List.of(
                rig.cacheFolder,
                rig.cache(),
                rig.cache().resolve("blobs"),
                rig.cache().resolve("temp"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                    .isEqualTo("rwx------");
        }
        assertThat(rig.cache().resolve("temp")).isEmptyDirectory();
    }

    /** What can befall a cached file between two downloads. */
    @FunctionalInterface
    interface Damage {
        void befall(Path file) throws IOException;
    }

    record Named(String name, Damage damage) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Named> DAMAGES = List.of(
            new Named("flipped", file -> {
                byte[] flipped = WEIGHTS.clone();
                flipped[123_456] ^= 1;
                overwrite(file, flipped);
            }),
            new Named("truncated", file -> overwrite(file, noise(1, 100_000))),
            new Named("extended", file -> overwrite(file, noise(1, 300_001))),
            new Named("zero-filled", file -> overwrite(file, new byte[300_000])),
            new Named("empty", file -> overwrite(file, new byte[0])),
            new Named("a folder", file -> {
                Files.delete(file);
                Files.createDirectories(file.resolve("inside"));
            }),
            new Named("a link to another file", file -> {
                Files.delete(file);
                Path other =
                        Files.write(file.resolveSibling("../../../elsewhere").normalize(), WEIGHTS);
                Files.createSymbolicLink(file, other);
            }),
            new Named("a link to nowhere", file -> {
                Files.delete(file);
                Files.createSymbolicLink(file, Path.of("nowhere"));
            }));

    @ParameterizedTest
    @FieldSource("DAMAGES")
    void aDamagedBlobIsFoundAndFetchedAgainOnce(Named damage) throws IOException {
        Path files = rig.download(version);
        rig.backend.reset();
        // links to it go with it, as when the disk is damaged
        Files.delete(files.resolve("copy.bin"));
        Files.delete(files.resolve("weights.bin"));
        damage.damage.befall(rig.cachedBlob(WEIGHTS));

        try (CapturedLog log = new CapturedLog()) {
            assertHoldsEverything(rig.download(version));

            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains("A file in the cache was damaged and is replaced: " + rig.cachedBlob(WEIGHTS));
        }
        assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.READ, 1));
        assertThat(rig.cachedBlob(WEIGHTS)).hasBinaryContent(WEIGHTS);
        assertThat(Files.isRegularFile(rig.cachedBlob(WEIGHTS), NOFOLLOW_LINKS)).isTrue();
    }

    @ParameterizedTest
    @FieldSource("DAMAGES")
    void aDamagedFileOfAnArtifactIsReplacedFromTheBlob(Named damage) throws IOException {
        Path files = rig.download(version);
        rig.backend.reset();
        Path file = files.resolve("weights.bin");
        Files.delete(file);
        Files.write(file, WEIGHTS);
        damage.damage.befall(file);

        assertHoldsEverything(rig.download(version));

        assertThat(rig.backend.counts()).isEmpty();
        assertThat(Files.isRegularFile(file, NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    void aFileThatSharesItsDiskBlocksWithADamagedBlobIsReplacedWithIt() throws IOException {
        Path files = rig.download(version);
        rig.backend.reset();
        overwrite(rig.cachedBlob(WEIGHTS), new byte[300_000]);

        assertHoldsEverything(rig.download(version));

        assertThat(rig.backend.counts()).isEqualTo(Map.of(Operation.READ, 1));
        assertHoldsEverything(files);
    }

    @Test
    void aBlobThatIsGoneIsMadeFromTheFilesThatStillHaveIt() throws IOException {
        rig.download(version);
        rig.backend.reset();
        Files.delete(rig.cachedBlob(WEIGHTS));

        assertHoldsEverything(rig.download(version));

        assertThat(rig.backend.counts()).isEmpty();
        assertThat(rig.cachedBlob(WEIGHTS)).hasBinaryContent(WEIGHTS);
    }

    @Test
    void whatDoesNotBelongToAnArtifactIsRemoved() throws IOException {
        Path files = rig.download(version);
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("precious"), "stays");
        Files.writeString(files.resolve("sub/evil.py"), "print('harm')");
        Files.createSymbolicLink(files.resolve("outside"), elsewhere);
        Files.createDirectories(files.resolve("more/inside"));

        assertHoldsEverything(rig.download(version));

        assertThat(files.resolve("sub/evil.py")).doesNotExist();
        assertThat(files.resolve("outside")).doesNotExist();
        assertThat(files.resolve("more")).doesNotExist();
        assertThat(elsewhere.resolve("precious")).exists();
    }

    @Test
    void aLinkInPlaceOfAnArtifactsFolderIsReplacedAndNotFollowed() throws IOException {
        Path files = rig.download(version);
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        for (Path planted : List.of(files, files.resolve("sub"))) {
            FileTrees.delete(planted);
            Files.createSymbolicLink(planted, elsewhere);

            assertHoldsEverything(rig.download(version));

            assertThat(Files.isDirectory(planted, NOFOLLOW_LINKS)).isTrue();
            assertThat(elsewhere).isEmptyDirectory();
        }
    }

    @Test
    void aLinkInPlaceOfTheCachesOwnFoldersIsRefused() throws IOException {
        rig.download(version);
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        for (String own : List.of("blobs", "artifacts", "used", "temp", "manifests")) {
            Path planted = rig.cache().resolve(own);
            Files.move(planted, folder.resolve("aside"));
            Files.createSymbolicLink(planted, elsewhere);

            assertThatThrownBy(() -> rig.download(version))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("The cache folder " + planted
                            + " is a symbolic link or a file, not a folder, so that what lies there can't be trusted."
                            + " Choose another with RegistryOptions.withCacheFolder; one that doesn't exist yet is"
                            + " made for this user alone");

            Files.delete(planted);
            Files.move(folder.resolve("aside"), planted);
        }
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aCacheThatEveryoneMayWriteToIsRefused() throws IOException {
        rig.download(version);
        for (Path own : List.of(rig.cacheFolder, rig.cache(), rig.cache().resolve("blobs"))) {
            Set<PosixFilePermission> before = Files.getPosixFilePermissions(own);
            Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));

            assertThatThrownBy(() -> rig.download(version))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith(
                            "The cache folder " + own + " may be written to by every user of this machine");

            Files.setPosixFilePermissions(own, before);
        }
    }

    @Test
    void aCacheMayLieInAStickyFolder() throws IOException {
        Files.createDirectory(rig.cacheFolder);
        Files.setAttribute(rig.cacheFolder, "unix:mode", 01777);

        assertHoldsEverything(rig.download(version));
    }

    @Test
    void aCacheOfAnotherUserIsRefused() throws IOException {
        assumeThat(System.getProperty("user.name"))
                .as("only root can give a folder away")
                .isEqualTo("root");
        rig.download(version);
        for (Path own : List.of(rig.cacheFolder, rig.cache().resolve("artifacts"))) {
            Files.setAttribute(own, "unix:uid", 54_321);

            assertThatThrownBy(() -> rig.download(version))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("The cache folder " + own + " belongs to another user (54321)");

            Files.setAttribute(own, "unix:uid", 0);
        }
    }

    @Test
    void aFileInPlaceOfTheCacheIsRefused() throws IOException {
        Files.writeString(rig.cacheFolder, "not a folder");

        assertThatThrownBy(() -> rig.download(version))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith(
                        "The cache folder " + rig.cacheFolder + " is a symbolic link or a file, not a folder");
    }

    @Test
    void whatAKilledProcessLeftIsSweptAfterADay() throws IOException {
        rig.download(version);
        Path old = rig.cache().resolve("temp/old");
        Files.createDirectories(old.resolve("sub"));
        Files.writeString(old.resolve("sub/torn"), "to");
        Files.setLastModifiedTime(old, FileTime.from(rig.host.now().minus(Duration.ofHours(25))));
        Path recent = Files.writeString(rig.cache().resolve("temp/recent"), "somebody writes");
        Files.setLastModifiedTime(recent, FileTime.from(rig.host.now().minus(Duration.ofHours(23))));

        rig.download(version);

        assertThat(old).doesNotExist();
        assertThat(recent).exists();
    }

    @Test
    void aProcessKilledHalfWayLeavesNoFinalNameAndTheNextOneFinishes() {
        for (Fault crash : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
            FaultyBackend backend = new FaultyBackend(
                    rig.memory.open(), FaultPlan.onceOn(Operation.READ, ArtifactRig.blobKey(WEIGHTS), 1, crash));

            assertThatThrownBy(() -> rig.another(backend).download(version, Progress.none()))
                    .isInstanceOf(SimulatedCrash.class);

            assertThat(rig.cachedBlob(WEIGHTS)).doesNotExist();
        }
        assertHoldsEverything(rig.download(version));
    }

    @Test
    void processesThatDownloadTheSameAtOnceAllGetItWhole() throws Exception {
        int processes = 6;
        ExecutorService threads = Executors.newFixedThreadPool(processes);
        try {
            for (int round = 0; round < 5; round++) {
                FileTrees.delete(rig.cache());
                CyclicBarrier barrier = new CyclicBarrier(processes);
                List<Future<LocalArtifact>> downloads = new ArrayList<>();
                for (int i = 0; i < processes; i++) {
                    Artifacts process = rig.another(rig.memory.open());
                    downloads.add(threads.submit(() -> {
                        barrier.await();
                        return process.download(version, Progress.none());
                    }));
                }
                for (Future<LocalArtifact> download : downloads) {
                    assertHoldsEverything(download.get().folder());
                }
                assertThat(rig.cache().resolve("temp")).isEmptyDirectory();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aFileCanHaveMoreNamesThanTheFileSystemAllowsLinks() {
        // ext4 allows 65,000 links; where that many are allowed this only shows that equal files are no problem
        Registration registration = Registration.empty();
        for (int i = 0; i < 300; i++) {
            registration = registration.file("package-" + i + "/__init__.py", new byte[0]);
        }
        ModelVersion many = rig.register(registration);

        assertThat(rig.download(many).resolve("package-299/__init__.py")).isEmptyFile();
    }

    @Test
    void listenersHearOfVerifyingAndDownloading() {
        List<Progress.Event> events = new ArrayList<>();
        rig.artifacts.download(version, events::add);

        assertThat(events).contains(new Progress.Event(Progress.Phase.DOWNLOAD, null, 300_002, 300_002));

        events.clear();
        rig.artifacts.download(version, events::add);
        assertThat(events)
                .contains(new Progress.Event(Progress.Phase.VERIFY, null, 300_002, 300_002))
                .noneMatch(event -> event.phase() == Progress.Phase.DOWNLOAD);
    }

    private static void assertHoldsEverything(Path files) {
        assertThat(files.resolve("weights.bin")).hasBinaryContent(WEIGHTS);
        assertThat(files.resolve("copy.bin")).hasBinaryContent(WEIGHTS);
        assertThat(files.resolve("sub/config.json")).hasBinaryContent(CONFIG);
        assertThat(files.resolve("sub/deep/__init__.py")).isEmptyFile();
    }

    /** Root may write to a read-only file, others must ask for it first. */
    private static void overwrite(Path file, byte[] content) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.write(file, content);
    }

    /** However the processes interleave: an artifact comes whole, or the call says that the cache is being emptied. */
    @Test
    void processesThatEvictWhatOthersDownloadDoNoHarm() throws Exception {
        ModelVersion other = rig.register(
                Registration.empty().file("weights.bin", noise(2, 50_000)).file("copy.bin", WEIGHTS));
        int processes = 4;
        ExecutorService threads = Executors.newFixedThreadPool(processes);
        try {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < processes; i++) {
                ModelVersion mine = i % 2 == 0 ? version : other;
                work.add(threads.submit(() -> {
                    for (int round = 0; round < 20; round++) {
                        rig.host.advance(Duration.ofMinutes(40));
                        RegistryOptions tight = RegistryOptions.defaults()
                                .withCacheFolder(rig.cacheFolder)
                                .withCacheBytes(1);
                        try {
                            rig.another(rig.memory.open(), tight).download(mine, Progress.none());
                        } catch (StoreUnavailableException e) {
                            assertThat(e).hasMessageContaining("vanish from the cache");
                        }
                    }
                }));
            }
            for (Future<?> task : work) {
                task.get();
            }
            assertHoldsEverything(rig.download(version));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void agesAreMeasuredWithTheHostsClock() throws IOException {
        rig.download(version);

        assertThat(Files.getLastModifiedTime(rig.cachedBlob(WEIGHTS)).toInstant())
                .isEqualTo(ManualHost.START);
    }
}
