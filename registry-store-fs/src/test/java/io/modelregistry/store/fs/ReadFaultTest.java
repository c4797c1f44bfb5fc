package io.modelregistry.store.fs;

import static io.modelregistry.store.fs.FaultyFiles.error;
import static io.modelregistry.store.fs.Fixture.CONTENT;
import static io.modelregistry.store.fs.Fixture.OTHER_CONTENT;
import static io.modelregistry.store.fs.Fixture.assertFailure;
import static io.modelregistry.store.fs.Fixture.failureOf;
import static io.modelregistry.store.fs.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.Depth;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.fs.FaultyFiles.Step;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors while reading, and what a network file system's memory does to a reader. */
final class ReadFaultTest {
    private static final String KEY = "models/a/1.json";

    @TempDir
    private Path folder;

    private Fixture fixture;

    @BeforeEach
    void create() {
        fixture = new Fixture(folder, Form.LINKS);
        fixture.other.create(KEY, CONTENT);
    }

    @Test
    void aMissingPermissionIsNeverAnEmptyResult() {
        for (Step step : new Step[] {Step.FACTS, Step.OPEN}) {
            fixture.files.fail(step, error(SystemErrors.EACCES));

            assertFailure(
                    failureOf(() -> fixture.backend.get(KEY, 10)),
                    Kind.DENIED,
                    "Could not read " + KEY + " in " + fixture.backend.location(),
                    "Permission denied",
                    "read permission on it, and search permission on the folders above");
            assertFailure(failureOf(() -> fixture.backend.read(KEY, 0, 1).close()), Kind.DENIED, "read " + KEY);
            fixture.files.heal();
        }
        fixture.files.fail(Step.FACTS, error(SystemErrors.EACCES));
        assertFailure(failureOf(() -> fixture.backend.stat(KEY)), Kind.DENIED, "look at " + KEY);
        assertFailure(failureOf(() -> fixture.backend.list("models/", Depth.ALL, "", 1)), Kind.DENIED, "list models/");
    }

    @ParameterizedTest
    @ValueSource(strings = {SystemErrors.EIO, SystemErrors.EMFILE, SystemErrors.ELOOP, SystemErrors.ESTALE})
    void anErrorIsUnavailableAndNamesThePath(String error) {
        fixture.files.fail(Step.FACTS, error(error));

        assertFailure(
                failureOf(() -> fixture.backend.get(KEY, 10)),
                Kind.UNAVAILABLE,
                "read " + KEY,
                fixture.root.toString(),
                error);
        assertFailure(failureOf(() -> fixture.backend.stat(KEY)), Kind.UNAVAILABLE, error);
        assertFailure(failureOf(() -> fixture.backend.read(KEY, 0, 1).close()), Kind.UNAVAILABLE, error);
        fixture.files.heal();
        fixture.files.fail(Step.VISIT, error(error));
        assertFailure(failureOf(() -> fixture.backend.list("", Depth.ONE, "", 9)), Kind.UNAVAILABLE, "list ", error);
    }

    @Test
    void aReadNeverFailsAsIfItHadWritten() {
        fixture.files.fail(Step.SYNC_FOLDER, error(SystemErrors.ENOSPC));

        assertThat(failureOf(() -> fixture.backend.get(KEY, 10)))
                .hasMessageContaining("No space left on device")
                .hasMessageNotContaining("Nothing was changed")
                .extracting("kind")
                .isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void aMissingObjectToReadIsNamed() {
        assertFailure(
                failureOf(() -> fixture.backend.read("models/a/2.json", 0, 1).close()),
                Kind.MISSING,
                "There is no models/a/2.json in " + fixture.backend.location(),
                fixture.path("models/a/2.json").toString());
    }

    @Test
    void contentAndSizeAreOfOneIncarnationHoweverOftenItIsReplaced() {
        int[] replaced = {0};
        fixture.files.failWhere(Step.OPEN, path -> replaced[0]++ < 5, (step, path) -> {
            fixture.other.overwrite(KEY, new byte[100 + replaced[0]]);
        });

        var found = fixture.backend.get(KEY, 1_000).orElseThrow();

        assertThat(found.content()).hasSize(105);
        assertThat(found.sizeBytes()).isEqualTo(105);
    }

    @Test
    void whatIsReplacedWithoutEndIsReportedSo() {
        fixture.files.fail(Step.OPEN, (step, path) -> fixture.other.overwrite(KEY, OTHER_CONTENT));

        assertFailure(
                failureOf(() -> fixture.backend.get(KEY, 10)),
                Kind.UNAVAILABLE,
                "It was replaced 100 times while it was read");
    }

    @Test
    void aHandleThatTheServerForgotIsOpenedAgain() {
        fixture.files.failOnce(Step.OPEN, error(SystemErrors.ESTALE));

        assertThat(text(fixture.backend, KEY)).isEqualTo("content 1");
    }

    /** A client that remembers what was missing until the folder is opened. */
    private static final class ForgetfulClient extends ForwardingFiles {
        private final Set<Path> missing = ConcurrentHashMap.newKeySet();
        private final Set<Path> asked = ConcurrentHashMap.newKeySet();

        @Override
        public FileFacts facts(Path path) throws IOException {
            if (missing.contains(path) && !asked.contains(path.getParent())) {
                throw new NoSuchFileException(path.toString());
            }
            return super.facts(path);
        }

        @Override
        public OpenFolder openFolder(Path folder) throws IOException {
            if (missing.contains(folder) && !asked.contains(folder.getParent())) {
                throw new NoSuchFileException(folder.toString());
            }
            asked.add(folder);
            return super.openFolder(folder);
        }

        @Override
        public boolean visitChildren(Path folder, Visitor visitor) throws IOException {
            openFolder(folder).close();
            return super.visitChildren(folder, visitor);
        }
    }

    @Test
    void whatANetworkClientRemembersAsMissingIsAskedForAgain() throws IOException {
        ForgetfulClient client = new ForgetfulClient();
        FileBackend backend = new FileBackend(fixture.root, io.modelregistry.Host.system(), client);
        client.missing.add(fixture.path("models"));
        client.missing.add(fixture.path("models/a"));
        client.missing.add(fixture.path(KEY));

        assertThat(text(backend, KEY)).isEqualTo("content 1");

        client.asked.clear();
        assertThat(backend.stat(KEY)).isPresent();
        client.asked.clear();
        assertThat(backend.list("models/a/", Depth.ALL, "", 10).keys()).containsExactly(KEY);
        client.asked.clear();
        try (InputStream in = backend.read(KEY, 8, 1)) {
            assertThat(in.read()).isEqualTo('1');
        }
    }

    @Test
    void readingNothingWritesNothing() throws IOException {
        Fixture empty = new Fixture(folder.resolve("outside"), Form.LINKS);

        assertThat(empty.backend.get(KEY, 10)).isEmpty();
        assertThat(empty.backend.stat(KEY)).isEmpty();
        assertThat(empty.backend.list("", Depth.ALL, "", 10).keys()).isEmpty();
        assertThat(empty.backend.storeTime()).isNotNull();
        empty.backend.delete(KEY, new io.modelregistry.storage.Generation("1"));

        assertThat(empty.root).doesNotExist();
    }
}
