package io.modelregistry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelregistry.storage.Generation;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What faults do to reads. */
final class FaultyReadTest {
    private static final byte[] CONTENT = SampleContent.noise(1, 1_001);

    private final MemoryStore store = new MemoryStore(new ManualHost());

    @BeforeEach
    void storeAnObject() {
        store.open().create("a", CONTENT);
    }

    private FaultyBackend backend(Operation operation, Fault fault) {
        return new FaultyBackend(store.open(), FaultPlan.everyTimeOn(operation, ".*", fault));
    }

    private StoredObject got(Fault fault, int limit) {
        return backend(Operation.GET, fault).get("a", limit).orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "LOST_REQUEST",
                "LOST_ANSWER",
                "THROTTLED_429",
                "THROTTLED_429_APPLIED",
                "UNAVAILABLE_503",
                "UNAVAILABLE_503_APPLIED",
                "UNAVAILABLE",
                "DENIED"
            })
    void aReadThatFailsIsUnavailableOrDenied(FaultType type) {
        for (Operation operation : Operation.values()) {
            if (!operation.isWrite()) {
                StorageException failure = catchThrowableOfType(
                        StorageException.class,
                        () -> SampleCalls.call(
                                backend(operation, Fault.of(type)), operation, "a", new Generation("1")));

                assertThat(failure.kind()).isEqualTo(type == FaultType.DENIED ? Kind.DENIED : Kind.UNAVAILABLE);
            }
        }
    }

    @Test
    void aTornObjectEndsInTheMiddleAndDoesNotSaySo() {
        StoredObject torn = got(Fault.TORN, 10_000);

        assertThat(torn.content()).isEqualTo(Arrays.copyOf(CONTENT, 500));
        assertThat(torn.sizeBytes()).isEqualTo(500);
    }

    @Test
    void anEmptyObjectHasNoBytes() {
        StoredObject empty = got(Fault.EMPTY, 10_000);

        assertThat(empty.content()).isEmpty();
        assertThat(empty.sizeBytes()).isZero();
    }

    @Test
    void garbageHasTheRightLengthAndIsTheSameWhenRepeated() {
        StoredObject garbage = got(Fault.GARBAGE, 10_000);

        assertThat(garbage.content()).hasSize(1_001).isNotEqualTo(CONTENT);
        assertThat(got(Fault.GARBAGE, 10_000).content()).isEqualTo(garbage.content());
    }

    @Test
    void aHugeObjectFillsWhatTheCallerLetsIt() {
        StoredObject huge = got(Fault.HUGE, 65_536);

        assertThat(huge.content()).hasSize(65_536);
        assertThat(huge.sizeBytes()).isEqualTo(50_000_000);
    }

    @Test
    void aMissingObjectIsNotMadeUp() {
        for (Fault fault : new Fault[] {Fault.TORN, Fault.EMPTY, Fault.GARBAGE, Fault.HUGE, Fault.FLIPPED}) {
            assertThat(backend(Operation.GET, fault).get("missing", 100)).isEmpty();
        }
    }

    @Test
    void oneBitIsFlipped() {
        byte[] flipped = got(Fault.flippedAt(17), 10_000).content();
        flipped[17] ^= 1;

        assertThat(flipped).isEqualTo(CONTENT);
        assertThat(store.bytes("a")).hasValue(CONTENT);
    }

    @Test
    void aStaleGetGivesTheFirstContentThisClientSaw() {
        FaultyBackend backend =
                new FaultyBackend(store.open(), FaultPlan.onceOn(Operation.GET, "hints/a", 3, Fault.STALE));
        for (String content : new String[] {"one", "two"}) {
            store.open().overwrite("hints/a", SampleContent.text(content));
            backend.get("hints/a", 100);
        }
        store.open().overwrite("hints/a", SampleContent.text("three"));

        assertThat(backend.get("hints/a", 100).orElseThrow().content()).isEqualTo(SampleContent.text("one"));
        assertThat(backend.get("hints/a", 100).orElseThrow().content()).isEqualTo(SampleContent.text("three"));
    }

    @Test
    void aStaleGetGivesWhatThisClientWroteFirst() {
        FaultyBackend backend = backend(Operation.GET, Fault.STALE);
        backend.overwrite("hints/a", SampleContent.text("one"));
        backend.overwrite("hints/a", SampleContent.text("two"));

        assertThat(backend.get("hints/a", 2).orElseThrow().content()).isEqualTo(SampleContent.text("on"));
    }

    @Test
    void aStaleGetOfAKeyNeverSeenIsOfTheTimeBeforeItWasWritten() {
        assertThat(backend(Operation.GET, Fault.STALE).get("a", 100)).isEmpty();
    }

    @Test
    void aStreamIsTruncated() throws IOException {
        assertThat(read(Fault.truncatedAt(7), 0, 1_001)).isEqualTo(Arrays.copyOf(CONTENT, 7));
        assertThat(read(Fault.TRUNCATED, 1, 1_000)).isEqualTo(Arrays.copyOfRange(CONTENT, 1, 501));
        assertThat(read(Fault.truncatedAt(0), 0, 1_001)).isEmpty();
    }

    @Test
    void aBitOfAStreamIsFlipped() throws IOException {
        byte[] flipped = read(Fault.flippedAt(900), 100, 901);
        flipped[900] ^= 1;

        assertThat(flipped).isEqualTo(Arrays.copyOfRange(CONTENT, 100, 1_001));
        assertThat(read(Fault.flippedAt(901), 100, 901)[0]).isEqualTo((byte) (CONTENT[100] ^ 1));
    }

    @Test
    void aStreamBreaks() throws IOException {
        try (InputStream in = backend(Operation.READ, Fault.brokenAt(7)).read("a", 0, 1_001)) {
            assertThat(in.readNBytes(7)).isEqualTo(Arrays.copyOf(CONTENT, 7));
            assertThatThrownBy(in::read)
                    .isInstanceOf(IOException.class)
                    .hasMessage("Simulated: connection reset after 7 bytes");
        }
    }

    @Test
    void aStreamOfACrashedClientCrashes() throws IOException {
        FaultyBackend backend = new FaultyBackend(store.open(), FaultPlan.onCall(2, Fault.CRASH_AFTER));
        try (InputStream in = backend.read("a", 0, 100)) {
            assertThat(in.read()).isEqualTo(CONTENT[0] & 0xff);
            assertThatThrownBy(() -> backend.get("a", 1)).isInstanceOf(SimulatedCrash.class);

            assertThatThrownBy(in::read).isInstanceOf(SimulatedCrash.class);
        }
    }

    private byte[] read(Fault fault, long offset, long length) throws IOException {
        try (InputStream in = backend(Operation.READ, fault).read("a", offset, length)) {
            return in.readAllBytes();
        }
    }
}
