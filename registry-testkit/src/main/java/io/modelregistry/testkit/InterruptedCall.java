package io.modelregistry.testkit;

import static io.modelregistry.testkit.ContractFixture.contentOf;
import static io.modelregistry.testkit.ContractFixture.infoOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One call that an interrupt may hit, what it said, and whether that is true. */
final class InterruptedCall {
    private static final byte[] FORMER = SampleContent.text("former");

    private final StorageBackend backend;
    private final Operation operation;
    private final String key;
    private Generation generation = new Generation("");
    private StorageException.@Nullable Kind failure;

    InterruptedCall(StorageBackend backend, Operation operation, String key) {
        this.backend = backend;
        this.operation = operation;
        this.key = key;
    }

    void prepare() {
        if (operation != Operation.CREATE && operation != Operation.UPLOAD) {
            backend.create(key, FORMER);
            generation = infoOf(backend, key).generation();
        }
    }

    void make() {
        try {
            makeAndCheckAnswer();
        } catch (StorageException e) {
            failure = e.kind();
        }
    }

    private void makeAndCheckAnswer() {
        switch (operation) {
            case CREATE -> assertThat(backend.create(key, SampleCalls.CONTENT)).isEqualTo(CreateOutcome.CREATED);
            case UPLOAD -> assertThat(backend.upload(key, SampleCalls.BLOB)).isEqualTo(CreateOutcome.CREATED);
            case OVERWRITE -> backend.overwrite(key, SampleCalls.CONTENT);
            case DELETE -> backend.delete(key, generation);
            case GET -> assertThat(contentOf(backend, key)).isEqualTo(FORMER);
            case STAT -> assertThat(infoOf(backend, key).generation()).isEqualTo(generation);
            case LIST ->
                assertThat(backend.list("", Depth.ALL, "", 1_000).keys()).contains(key);
            case READ -> readToTheEnd();
            case STORE_TIME -> backend.storeTime();
        }
    }

    private void readToTheEnd() {
        try (InputStream in = backend.read(key, 0, Long.MAX_VALUE)) {
            assertThat(in.readAllBytes()).isEqualTo(FORMER);
        } catch (IOException e) {
            failure = StorageException.Kind.UNAVAILABLE;
        }
    }

    /** Compares what the call said with what another client sees, now that nothing is interrupted. */
    void assertOutcomeIsTrue(StorageBackend other) {
        if (failure == null) {
            assertApplied(other);
        } else if (operation.isWrite() && failure == StorageException.Kind.UNKNOWN) {
            if (!isUnchanged(other)) {
                assertApplied(other);
            }
        } else {
            assertThat(failure).as("kind of failure of %s", operation).isEqualTo(StorageException.Kind.UNAVAILABLE);
            assertThat(isUnchanged(other)).as("nothing has changed").isTrue();
        }
    }

    private boolean isUnchanged(StorageBackend other) {
        byte[] standing = standing(other);
        return switch (operation) {
            case CREATE, UPLOAD -> standing == null;
            default -> Arrays.equals(standing, FORMER);
        };
    }

    private void assertApplied(StorageBackend other) {
        byte[] expected = switch (operation) {
            case CREATE, OVERWRITE -> SampleCalls.CONTENT;
            case UPLOAD -> SampleCalls.BLOB.range(0, (int) SampleCalls.BLOB.sizeBytes());
            case DELETE -> null;
            default -> FORMER;
        };
        assertThat(standing(other)).as("at %s after %s", key, operation).isEqualTo(expected);
    }

    private byte @Nullable [] standing(StorageBackend other) {
        return other.get(key, ContractFixture.WHOLE)
                .map(object -> object.content())
                .orElse(null);
    }
}
