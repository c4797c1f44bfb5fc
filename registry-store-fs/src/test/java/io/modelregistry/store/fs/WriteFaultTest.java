package io.modelregistry.store.fs;

import static io.modelregistry.store.fs.FaultyFiles.error;
import static io.modelregistry.store.fs.Fixture.CONTENT;
import static io.modelregistry.store.fs.Fixture.OTHER_CONTENT;
import static io.modelregistry.store.fs.Fixture.assertFailure;
import static io.modelregistry.store.fs.Fixture.failureOf;
import static io.modelregistry.store.fs.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.Host;
import io.modelregistry.storage.BlobSource;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.fs.FaultyFiles.Step;
import io.modelregistry.testkit.ManualHost;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors while overwriting, uploading and deleting. */
final class WriteFaultTest {

    @TempDir
    private Path folder;

    @Test
    void anOverwriteThatFailsBeforeItsRenameLeavesTheFormerContent() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        fixture.backend.overwrite("hints/a", CONTENT);
        for (Step step : new Step[] {Step.CREATE_FILE, Step.WRITE, Step.RENAME}) {
            fixture.files.fail(step, error(SystemErrors.EDQUOT));

            assertFailure(
                    failureOf(() -> fixture.backend.overwrite("hints/a", OTHER_CONTENT)),
                    Kind.FULL,
                    "overwrite hints/a",
                    "Disk quota exceeded",
                    "9 bytes are needed",
                    "Nothing was changed");
            fixture.files.heal();
            assertThat(text(fixture.other, "hints/a")).isEqualTo("content 1");
            assertThat(fixture.temporaries()).isEmpty();
        }
    }

    @Test
    void anOverwriteWhoseRenameFailsWithoutAReasonIsUnknown() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        fixture.backend.overwrite("hints/a", CONTENT);
        fixture.files.fail(Step.RENAME, error(SystemErrors.EIO));

        assertFailure(
                failureOf(() -> fixture.backend.overwrite("hints/a", OTHER_CONTENT)),
                Kind.UNKNOWN,
                "overwrite hints/a",
                "Input/output error");
    }

    @Test
    void anUploadThatFillsTheDiskLeavesNothingAndNamesTheBytes() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        AtomicInteger writes = new AtomicInteger();
        fixture.files.failWhere(Step.WRITE, path -> writes.incrementAndGet() == 2, error(SystemErrors.ENOSPC));

        assertFailure(
                failureOf(() -> fixture.backend.upload("blobs/a", new TextBlob("x".repeat(3 << 20)))),
                Kind.FULL,
                "upload blobs/a",
                "No space left on device",
                "3145728 bytes are needed",
                "Nothing was changed");
        assertThat(fixture.temporaries()).isEmpty();
        assertThat(fixture.other.stat("blobs/a")).isEmpty();
    }

    @Test
    void aSourceThatFailsInTheGuiseOfTheStoreIsStillTheSource() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        IOException failure = new IOException("No space left on device");
        BlobSource source = new BlobSource() {
            @Override
            public long sizeBytes() {
                return 10;
            }

            @Override
            public String sha256() {
                return "0".repeat(64);
            }

            @Override
            public InputStream open() throws IOException {
                throw failure;
            }
        };

        assertThatThrownBy(() -> fixture.backend.upload("blobs/a", source))
                .isInstanceOf(UncheckedIOException.class)
                .hasCause(failure);
        assertThat(fixture.temporaries()).isEmpty();
    }

    @Test
    void anUploadWhoseFlushIsInterruptedReadsItsSourceAgain() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        fixture.files.failOnce(Step.SYNC_FILE, (step, path) -> {
            throw new ClosedByInterruptException();
        });

        assertThat(fixture.backend.upload("blobs/a", new TextBlob("blob"))).isEqualTo(CreateOutcome.CREATED);
        assertThat(text(fixture.other, "blobs/a")).isEqualTo("blob");
    }

    private static Generation generation(FileBackend backend, String key) {
        return backend.stat(key).orElseThrow().generation();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aDeleteThatIsRefusedChangesNothing(Form form) {
        Fixture fixture = new Fixture(folder, form);
        fixture.backend.create("probe/a", CONTENT);
        Generation generation = generation(fixture.backend, "probe/a");
        fixture.files.fail(Step.RENAME, error(SystemErrors.EACCES));

        assertFailure(
                failureOf(() -> fixture.backend.delete("probe/a", generation)),
                Kind.DENIED,
                "delete probe/a",
                "Permission denied",
                "Nothing was changed");
        assertThat(text(fixture.other, "probe/a")).isEqualTo("content 1");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aDeleteWhoseEffectIsOpenIsUnknown(Form form) {
        for (Step step : new Step[] {Step.RENAME, Step.SYNC_FOLDER}) {
            Fixture fixture = new Fixture(folder, form);
            fixture.backend.create("probe/a", CONTENT);
            Generation generation = generation(fixture.other, "probe/a");
            fixture.files.fail(step, error(SystemErrors.EIO));

            assertFailure(
                    failureOf(() -> fixture.freshProcess().delete("probe/a", generation)),
                    Kind.UNKNOWN,
                    "delete probe/a",
                    "Input/output error");
            fixture.other.delete("probe/a", generation);
        }
    }

    @Test
    void aDeleteWhoseAnswerWasLostCountsAsWhatItDid() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        fixture.backend.create("probe/a", CONTENT);
        Generation generation = generation(fixture.backend, "probe/a");
        fixture.files.failAfterWhere(Step.RENAME, path -> true, error(SystemErrors.ENOENT));

        fixture.backend.delete("probe/a", generation);

        assertThat(fixture.other.get("probe/a", 10)).isEmpty();
        assertThat(fixture.temporaries()).isEmpty();
    }

    @Test
    void aFullDiskKeepsNobodyFromDeleting() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        fixture.backend.create("probe/a", CONTENT);
        Generation generation = generation(fixture.backend, "probe/a");
        fixture.files.fail(Step.CREATE_FILE, error(SystemErrors.ENOSPC));

        fixture.backend.delete("probe/a", generation);

        assertThat(fixture.other.get("probe/a", 10)).isEmpty();
    }

    /** The process sleeps between its look and its step; meanwhile the object is deleted and written again. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void aDeleteThatComesTooLatePutsTheNewIncarnationBack(Form form) {
        Fixture fixture = new Fixture(folder, form);
        fixture.backend.create("blobs/a", CONTENT);
        Generation former = generation(fixture.backend, "blobs/a");
        AtomicInteger times = new AtomicInteger();
        fixture.files.failWhere(Step.RENAME, path -> times.getAndIncrement() == 0, (step, path) -> {
            fixture.other.delete("blobs/a", former);
            fixture.other.create("blobs/a", OTHER_CONTENT);
        });

        fixture.backend.delete("blobs/a", former);

        assertThat(text(fixture.other, "blobs/a")).isEqualTo("content 2");
        assertThat(fixture.temporaries()).isEmpty();
    }

    @Test
    void aNewIncarnationThatCannotBePutBackIsReportedWithItsPath() {
        Fixture fixture = new Fixture(folder, Form.LINKS);
        fixture.backend.create("blobs/a", CONTENT);
        Generation former = generation(fixture.backend, "blobs/a");
        fixture.files.failOnce(Step.RENAME, (step, path) -> {
            fixture.other.delete("blobs/a", former);
            fixture.other.create("blobs/a", OTHER_CONTENT);
        });
        fixture.files.fail(Step.LINK, error(SystemErrors.EIO));

        assertFailure(
                failureOf(() -> fixture.backend.delete("blobs/a", former)),
                Kind.UNKNOWN,
                "delete blobs/a",
                fixture.path("blobs/a") + " was written again while it was deleted, and now lies in "
                        + fixture.path("blobs"));
        assertThat(fixture.temporaries()).hasSize(1);
    }

    /** A file system whose clock moves every second, and which gives every file the same identity. */
    private static final class CoarseFiles extends ForwardingFiles {
        private final Host host;
        private final Map<String, Instant> times = new ConcurrentHashMap<>();

        CoarseFiles(Host host) {
            this.host = host;
        }

        @Override
        public NewFile createFile(Path file) throws IOException {
            NewFile created = super.createFile(file);
            times.put(super.facts(file).identity(), host.now().truncatedTo(ChronoUnit.SECONDS));
            return created;
        }

        @Override
        public FileFacts facts(Path path) throws IOException {
            FileFacts real = super.facts(path);
            Instant time = times.getOrDefault(real.identity(), real.modified());
            return new FileFacts(real.kind(), real.sizeBytes(), time, time, "1", real.mode(), real.group());
        }
    }

    @Test
    void anIdentityUsedAgainAtOnceStillMakesAnotherGeneration() {
        ManualHost host = new ManualHost();
        FileBackend backend = new FileBackend(folder.resolve("registry"), host, new CoarseFiles(host));
        backend.create("probe/a", CONTENT);
        Generation former = generation(backend, "probe/a");

        backend.delete("probe/a", former);
        backend.create("probe/a", CONTENT);

        assertThat(generation(backend, "probe/a")).isNotEqualTo(former);
        assertThat(host.now()).isEqualTo(ManualHost.START.plusSeconds(1));
    }
}
