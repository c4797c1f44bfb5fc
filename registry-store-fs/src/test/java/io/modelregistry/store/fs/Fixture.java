package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Host;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A registry's folder, a backend on a file system that can be made to fail, and another one on the real thing. */
final class Fixture {
    static final byte[] CONTENT = "content 1".getBytes(StandardCharsets.US_ASCII);
    static final byte[] OTHER_CONTENT = "content 2".getBytes(StandardCharsets.US_ASCII);

    final Path root;
    final FaultyFiles files;
    final FileBackend backend;
    final FileBackend other;

    Fixture(Path folder, Form form) {
        this(folder, form, Host.system());
    }

    Fixture(Path folder, Form form, Host host) {
        try {
            root = Files.createDirectories(folder).toRealPath().resolve("registry");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files = new FaultyFiles(root, form.files());
        backend = new FileBackend(root, host, files);
        other = new FileBackend(root, Host.system(), form.files());
    }

    /** As {@link #backend}, a process that has not touched the folder yet. */
    FileBackend freshProcess() {
        return new FileBackend(root, Host.system(), files);
    }

    Path path(String key) {
        return root.resolve(key);
    }

    List<String> temporaries() {
        try (Stream<Path> all = Files.walk(root)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(TemporaryNames::isOwn)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(StorageBackend backend, String key) {
        return backend.get(key, 1 << 20)
                .map(object -> new String(object.content(), StandardCharsets.US_ASCII))
                .orElse("nothing");
    }

    static StorageException failureOf(ThrowingCallable call) {
        try {
            call.call();
        } catch (StorageException e) {
            return e;
        } catch (Throwable e) {
            throw new AssertionError("Not a StorageException", e);
        }
        throw new AssertionError("It succeeded");
    }

    static void assertFailure(StorageException failure, StorageException.Kind kind, String... said) {
        assertThat(failure).hasMessageContainingAll(said);
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
        assertThat(failure.getMessage()).doesNotContain("null");
    }
}
