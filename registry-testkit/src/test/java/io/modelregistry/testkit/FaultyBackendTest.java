package io.modelregistry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Generation;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What faults do to writes; {@link FaultyReadTest} has the reads. */
final class FaultyBackendTest {
    private static final byte[] FORMER = SampleContent.text("former");
    private static final byte[] CONTENT = SampleContent.text("content");

    private final MemoryStore store = new MemoryStore(new ManualHost());

    private FaultyBackend backend(Operation operation, Fault fault) {
        return new FaultyBackend(store.open(), FaultPlan.onceOn(operation, ".*", 1, fault));
    }

    private static Kind kindThrownBy(StorageBackend backend, Operation operation, String key) {
        StorageException failure = catchThrowableOfType(
                StorageException.class, () -> SampleCalls.call(backend, operation, key, new Generation("1")));
        assertThat(failure).hasMessageContaining(key);
        return failure.kind();
    }

    @ParameterizedTest
    @CsvSource({
        "LOST_REQUEST, UNKNOWN, false",
        "LOST_ANSWER, UNKNOWN, true",
        "LATE_LANDING, UNKNOWN, false",
        "CONFLICT_409, UNKNOWN, false",
        "CONFLICT_409_APPLIED, UNKNOWN, true",
        "THROTTLED_429, UNKNOWN, false",
        "THROTTLED_429_APPLIED, UNKNOWN, true",
        "UNAVAILABLE_503, UNKNOWN, false",
        "UNAVAILABLE_503_APPLIED, UNKNOWN, true",
        "UNAVAILABLE, UNAVAILABLE, false",
        "DENIED, DENIED, false",
        "FULL, FULL, false"
    })
    void aWriteThatFailsIsAppliedOrNot(FaultType type, Kind kind, boolean applied) {
        for (Operation operation : Operation.values()) {
            if (operation.isWrite()) {
                String key = operation.name().toLowerCase(Locale.ROOT);
                if (operation == Operation.DELETE || operation == Operation.OVERWRITE) {
                    store.open().create(key, FORMER);
                }
                Generation generation =
                        store.open().stat(key).map(info -> info.generation()).orElse(new Generation(""));
                FaultyBackend backend = backend(operation, Fault.of(type));

                StorageException failure = catchThrowableOfType(
                        StorageException.class, () -> SampleCalls.call(backend, operation, key, generation));

                assertThat(failure.kind()).isEqualTo(kind);
                assertThat(failure).hasMessageContaining(key);
                assertThat(isApplied(operation, key))
                        .as("%s applied", operation)
                        .isEqualTo(applied);
                assertThat(backend.faults())
                        .containsExactly(new InjectedFault(new Call(1, operation, key), Fault.of(type)));
            }
        }
    }

    private boolean isApplied(Operation operation, String key) {
        return switch (operation) {
            case CREATE, UPLOAD -> store.bytes(key).isPresent();
            case OVERWRITE -> store.bytes(key).orElseThrow().length != FORMER.length;
            default -> store.bytes(key).isEmpty();
        };
    }

    @Test
    void onlyThePlannedCallGoesWrong() {
        FaultyBackend backend = backend(Operation.CREATE, Fault.LOST_ANSWER);

        assertThat(backend.get("a", 10)).isEmpty();
        assertThat(kindThrownBy(backend, Operation.CREATE, "a")).isEqualTo(Kind.UNKNOWN);
        assertThat(backend.create("a", CONTENT)).isEqualTo(CreateOutcome.EXISTS);

        assertThat(backend.calls())
                .containsExactly(
                        new Call(1, Operation.GET, "a"),
                        new Call(2, Operation.CREATE, "a"),
                        new Call(3, Operation.CREATE, "a"));
        assertThat(backend.faults()).hasToString("[#2 create a: LOST_ANSWER]");
    }

    @Test
    void aDuplicateIsToldTheSecondAnswer() {
        assertThat(backend(Operation.CREATE, Fault.DUPLICATE).create("a", CONTENT))
                .isEqualTo(CreateOutcome.EXISTS);
        assertThat(backend(Operation.UPLOAD, Fault.DUPLICATE).upload("b", SampleCalls.BLOB))
                .isEqualTo(CreateOutcome.EXISTS);

        assertThat(store.bytes("a")).hasValue(CONTENT);
        assertThat(store.keys()).containsExactly("a", "b");
    }

    @Test
    void aLateCreateLandsWhenTheTestSaysSo() {
        FaultyBackend backend = backend(Operation.CREATE, Fault.LATE_LANDING);
        byte[] content = CONTENT.clone();
        assertThatThrownBy(() -> backend.create("a", content)).isInstanceOf(StorageException.class);
        content[0] = 'X';
        assertThat(backend.get("a", 10)).isEmpty();
        assertThat(backend.lateRequests()).isEqualTo(1);

        assertThat(backend.landLate()).isEqualTo(1);

        assertThat(store.bytes("a")).hasValue(CONTENT);
        assertThat(backend.landLate()).isZero();
    }

    @Test
    void aLateCreateDoesNotOverwrite() {
        FaultyBackend backend = backend(Operation.CREATE, Fault.LATE_LANDING);
        assertThat(kindThrownBy(backend, Operation.CREATE, "a")).isEqualTo(Kind.UNKNOWN);
        store.open().create("a", CONTENT);

        backend.landLate();

        assertThat(store.bytes("a")).hasValue(CONTENT);
    }

    @Test
    void aLateRequestMayLandByItselfSomeCallsLater() {
        FaultyBackend backend = backend(Operation.OVERWRITE, Fault.lateLandingBefore(2));
        assertThatThrownBy(() -> backend.overwrite("a", CONTENT)).isInstanceOf(StorageException.class);

        assertThat(backend.get("a", 10)).isEmpty();
        assertThat(backend.get("a", 10)).isPresent();
    }

    @Test
    void aLateUploadDoesNotNeedItsSourceAnyMore() {
        SampleBlob blob = SampleBlob.of(1, 1_000);
        FaultyBackend backend = backend(Operation.UPLOAD, Fault.LATE_LANDING);
        assertThatThrownBy(() -> backend.upload("a", blob)).isInstanceOf(StorageException.class);
        assertThat(blob.opened).hasValue(1);

        backend.landLate();

        assertThat(store.bytes("a")).hasValue(blob.range(0, 1_000));
        assertThat(blob.opened).hasValue(1);
    }

    @Test
    void aLateRequestOutlivesAClientThatIsClosed() {
        FaultyBackend backend = backend(Operation.CREATE, Fault.LATE_LANDING);
        assertThatThrownBy(() -> backend.create("a", CONTENT)).isInstanceOf(StorageException.class);

        backend.close();
        assertThatThrownBy(() -> backend.stat("a")).isInstanceOf(IllegalStateException.class);
        backend.landLate();

        assertThat(store.bytes("a")).hasValue(CONTENT);
    }

    @Test
    void aCrashBeforeTheCallLeavesNothingAndLastsForEver() {
        FaultyBackend backend = new FaultyBackend(store.open(), FaultPlan.onCall(2, Fault.CRASH_BEFORE));
        backend.create("a", CONTENT);
        assertThat(backend.isCrashed()).isFalse();

        assertThatThrownBy(() -> backend.create("b", CONTENT))
                .isInstanceOf(SimulatedCrash.class)
                .hasMessage("Crashed at call #2 create b");
        assertThatThrownBy(() -> backend.get("a", 10)).isInstanceOf(SimulatedCrash.class);
        assertThatThrownBy(backend::storeTime).isInstanceOf(SimulatedCrash.class);

        assertThat(backend.isCrashed()).isTrue();
        assertThat(store.keys()).containsExactly("a");
        assertThat(backend.calls()).hasSize(2);
        backend.close();
    }

    @Test
    void aCrashAfterTheCallLeavesItsEffect() {
        FaultyBackend backend = backend(Operation.CREATE, Fault.CRASH_AFTER);

        assertThatThrownBy(() -> backend.create("a", CONTENT)).isInstanceOf(SimulatedCrash.class);

        assertThat(store.bytes("a")).hasValue(CONTENT);
    }

    @Test
    void aLateRequestOutlivesAClientThatCrashed() {
        FaultyBackend backend = new FaultyBackend(
                store.open(), FaultPlan.onCall(1, Fault.LATE_LANDING).then(FaultPlan.onCall(2, Fault.CRASH_BEFORE)));
        assertThatThrownBy(() -> backend.create("a", CONTENT)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> backend.create("a", CONTENT)).isInstanceOf(SimulatedCrash.class);

        backend.landLate();

        assertThat(store.bytes("a")).hasValue(CONTENT);
    }

    @Test
    void aFaultThatCannotBefallTheOperationFailsTheTest() {
        FaultyBackend backend = backend(Operation.CREATE, Fault.TORN);

        assertThatThrownBy(() -> backend.create("a", CONTENT))
                .isInstanceOf(AssertionError.class)
                .hasMessage("The plan has TORN for #1 create a, which cannot happen to it");
    }
}
