package io.modelregistry.core.log;

import static io.modelregistry.core.log.LogFixture.VERSIONS;
import static io.modelregistry.core.log.LogFixture.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.modelregistry.core.log.LogFixture.Counted;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.Operation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults 11, 12, 13 and 46: whatever a hint says, the newest entry is found, at the price of a few requests. */
final class HintTest {
    private static final int ENTRIES = 10;
    private static final String STREAM = "\"stream\":\"versions/fraud-detector\"";

    private final LogFixture fixture = new LogFixture();

    static Stream<Arguments> hints() {
        return Stream.of(
                arguments("right", LogFixture.hint(VERSIONS, 10)),
                arguments("of an older time", LogFixture.hint(VERSIONS, 1)),
                arguments("stale by five", LogFixture.hint(VERSIONS, 5)),
                arguments("stale by one", LogFixture.hint(VERSIONS, 9)),
                arguments("one ahead", LogFixture.hint(VERSIONS, 11)),
                arguments("two ahead", LogFixture.hint(VERSIONS, 12)),
                arguments("far ahead", LogFixture.hint(VERSIONS, 9_999_999_998L)),
                arguments("at the last number", LogFixture.hint(VERSIONS, 9_999_999_999L)),
                arguments("beyond the last number", LogFixture.hint(VERSIONS, 10_000_000_000L)),
                arguments("zero", LogFixture.hint(VERSIONS, 0)),
                arguments("negative", LogFixture.hint(VERSIONS, -7)),
                arguments("no long", "{" + STREAM + ",\"sequence\":9223372036854775808}"),
                arguments("no integer", "{" + STREAM + ",\"sequence\":1e1}"),
                arguments("text for a number", "{" + STREAM + ",\"sequence\":\"10\"}"),
                arguments("no number", "{" + STREAM + "}"),
                arguments("no stream", "{\"sequence\":10}"),
                arguments("another stream's", LogFixture.hint(new StreamName("versions/tumor-classifier"), 3)),
                arguments("empty", ""),
                arguments("truncated", LogFixture.hint(VERSIONS, 10).substring(0, 40)),
                arguments("not JSON", "10"),
                arguments("not an object", "[10]"),
                arguments("with a byte-order mark", "\ufeff" + LogFixture.hint(VERSIONS, 10)),
                arguments("said twice", "{" + STREAM + ",\"sequence\":3,\"sequence\":10}"),
                arguments("very deep", "[".repeat(1_000)),
                arguments("full of zeros", "\0".repeat(1_000)),
                arguments("forged with a state", "{" + STREAM + ",\"sequence\":10,\"state\":{\"number\":99}}"),
                arguments("of a newer format", "{\"format\":2," + STREAM + ",\"sequence\":10}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hints")
    void theNewestEntryIsFoundWhateverTheHintSays(String name, String hint) {
        fixture.write(VERSIONS, ENTRIES);
        fixture.hint(VERSIONS, hint);
        Counted client = fixture.counted();

        Tip tip = client.streams().log(VERSIONS).read();

        assertThat(tip.sequence()).isEqualTo(ENTRIES);
        assertThat(tip.state()).isEqualTo(LogFixture.state(ENTRIES));
        assertThat(client.backend().counts()).containsOnlyKeys(Operation.GET);
        assertThat(client.backend().calls()).hasSizeBetween(3, 10);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hints")
    void theNextWriterMendsIt(String name, String hint) {
        fixture.write(VERSIONS, ENTRIES);
        fixture.hint(VERSIONS, hint);

        append(fixture.client(), VERSIONS);

        assertThat(fixture.store.bytes(KeyLayout.hint(VERSIONS)))
                .contains(LogFixture.hint(VERSIONS, ENTRIES + 1).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"10, 3, 2", "9, 4, 3", "absent, 8, 8", "ahead, 10, 9"})
    void eachRequestForAColdReadIsCounted(String hint, int requests, int roundTrips) {
        fixture.write(VERSIONS, ENTRIES);
        switch (hint) {
            case "absent" -> fixture.store.remove(KeyLayout.hint(VERSIONS));
            case "ahead" -> fixture.hint(VERSIONS, LogFixture.hint(VERSIONS, 1_000));
            default -> fixture.hint(VERSIONS, LogFixture.hint(VERSIONS, Long.parseLong(hint)));
        }
        Counted client = fixture.counted();

        assertThat(client.streams().log(VERSIONS).read().sequence()).isEqualTo(ENTRIES);

        assertThat(client.backend().counts()).isEqualTo(Map.of(Operation.GET, requests));
        assertThat(client.backend().roundTrips()).isGreaterThanOrEqualTo(roundTrips);
    }

    @Test
    void aHintThatIsTenThousandEntriesBehindCostsThirtyRequests() {
        fixture.plant(VERSIONS, 1, 10_050);
        fixture.hint(VERSIONS, LogFixture.hint(VERSIONS, 50));
        Counted client = fixture.counted();

        assertThat(client.streams().log(VERSIONS).read().sequence()).isEqualTo(10_050);

        assertThat(client.backend().calls()).hasSizeLessThanOrEqualTo(30);
    }

    @Test
    void withoutAHintTenThousandEntriesCostThirtyRequests() {
        fixture.plant(VERSIONS, 1, 10_000);
        Counted client = fixture.counted();

        assertThat(client.streams().log(VERSIONS).read().sequence()).isEqualTo(10_000);

        assertThat(client.backend().calls()).hasSizeLessThanOrEqualTo(30);
    }

    @Test
    void aStreamOfAnyLengthIsReadToItsEnd() {
        for (int entries = 0; entries <= 70; entries++) {
            LogFixture fresh = new LogFixture();
            fresh.plant(VERSIONS, 1, entries);

            for (long hint = 0; hint <= entries + 2; hint++) {
                fresh.hint(VERSIONS, LogFixture.hint(VERSIONS, hint));
                assertThat(fresh.client().log(VERSIONS).read().sequence())
                        .as("%s entries, hint %s", entries, hint)
                        .isEqualTo(entries);
            }
        }
    }

    @Test
    void aHintOfFiftyMegabytesIsReadToItsLimitOnlyAndIgnored() {
        fixture.write(VERSIONS, ENTRIES);
        byte[] huge = new byte[50_000_000];
        java.util.Arrays.fill(huge, (byte) ' ');
        fixture.store.put(KeyLayout.hint(VERSIONS), huge);
        AtomicInteger largestLimit = new AtomicInteger();

        Tip tip = fixture.client(watching(largestLimit)).log(VERSIONS).read();

        assertThat(tip.sequence()).isEqualTo(ENTRIES);
        assertThat(largestLimit).hasValue(1024);
    }

    /** Notes the largest limit of a read below {@code hints/}. */
    private StorageBackend watching(AtomicInteger largestLimit) {
        StorageBackend backend = fixture.store.open();
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(), new Class<?>[] {StorageBackend.class}, (proxy, method, args) -> {
                    if (method.getName().equals("get") && ((String) args[0]).startsWith(KeyLayout.HINTS)) {
                        largestLimit.accumulateAndGet((Integer) args[1], Math::max);
                    }
                    try {
                        return method.invoke(backend, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aHintThatTheStoreRemembersAsDeletedIsNoDamage() {
        fixture.write(VERSIONS, ENTRIES);
        FaultyBackend backend = new FaultyBackend(fixture.store.open(), call -> {
            if (call.key().equals(KeyLayout.hint(VERSIONS))) {
                throw new StorageException(StorageException.Kind.MISSING, "somebody deleted it");
            }
            return Fault.NONE;
        });

        assertThat(fixture.client(backend).log(VERSIONS).read().sequence()).isEqualTo(ENTRIES);
    }

    @Test
    void aStreamOfOneEntryAtMostHasNoHint() {
        StreamName label = new StreamName("labels/fraud-detector/1.4.0");
        Counted client = fixture.counted();
        fixture.hint(label, LogFixture.hint(label, 7));

        assertThat(client.streams().log(label).read().sequence()).isZero();
        fixture.write(label, 1);
        assertThat(client.streams().log(label).read().sequence()).isEqualTo(1);

        assertThat(client.backend().calls())
                .allSatisfy(call -> assertThat(call.key()).startsWith("labels/"));
    }

    @Test
    void aHintThatCannotBeWrittenChangesNothing() {
        fixture.write(VERSIONS, 1);
        StorageBackend backend = fixture.store.open();
        StorageBackend refusing = (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(), new Class<?>[] {StorageBackend.class}, (proxy, method, args) -> {
                    if (method.getName().equals("overwrite")) {
                        throw new io.modelregistry.storage.StorageException(
                                io.modelregistry.storage.StorageException.Kind.DENIED, "no");
                    }
                    try {
                        return method.invoke(backend, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        Streams streams = fixture.client(refusing);

        assertThat(append(streams, VERSIONS).sequence()).isEqualTo(2);

        assertThat(streams.hintFailures()).isEqualTo(1);
        assertThat(streams.isIdle()).isTrue();
        assertThat(fixture.client().log(VERSIONS).read().sequence()).isEqualTo(2);
    }
}
