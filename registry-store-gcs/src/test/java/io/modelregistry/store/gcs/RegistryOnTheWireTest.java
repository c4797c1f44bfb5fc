package io.modelregistry.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelregistry.ModelRegistry;
import io.modelregistry.Outcome;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryOptions;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.proxy.CannedAnswer;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.testkit.proxy.ProxyPlan;
import io.modelregistry.version.ModelVersion;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults 1 to 8 of a registration, between the real client and a server that answers, and what comes over the wire. */
@Timeout(60)
final class RegistryOnTheWireTest {
    private static final String FIRST = "versions/tumor/0000000001.json";
    private static final String INSERTION = ProxiedStore.insertionOf(FIRST);
    private static final String DOWNLOAD = ProxiedStore.downloadOf(FIRST);

    @TempDir
    Path cache;

    private final ProxiedStore store = new ProxiedStore();
    private ModelRegistry ada;

    @BeforeEach
    void open() {
        ada = client("ada");
    }

    @AfterEach
    void close() {
        ada.close();
        store.close();
    }

    /** Waiting moves the client's clock and not the server's; a minute between them would be too much to write. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private ModelRegistry client(String actor) {
        ManualHost host = ProxiedStore.hostAtTheServersTime();
        return ModelRegistry.on(
                        store.backend(store.client(), GcsSettings.defaults(), host),
                        RegistryOptions.defaults().withCacheFolder(cache).withOperationTimeout(PATIENCE),
                        host)
                .as(actor);
    }

    private static Registration model(String content) {
        return Registration.empty().file("model.bin", content.getBytes(StandardCharsets.UTF_8));
    }

    private static ProxyFault answer(int status) {
        return ProxyFault.answer(CannedAnswer.of(status, "application/json", "{}"));
    }

    private static ProxyFault answerAfter(int status) {
        return ProxyFault.answerAfter(CannedAnswer.of(status, "application/json", "{}"));
    }

    @Test
    void aReaderIsToldOnceToTryAgain() {
        ada.model("tumor").register(model("one"));
        store.proxy.plan(ProxyPlan.everyTimeOn("GET .*", answer(503)));

        StoreUnavailableException failure = catchThrowableOfType(
                StoreUnavailableException.class,
                () -> client("bob").model("tumor").version(1).state());

        assertThat(failure).hasMessageContaining("the store answered 503");
        assertThat(failure.getMessage().split("(?i)try again", -1)).hasSize(2);
    }

    /** The fault of the first insertion; how many insertions it takes, and how many downloads of the entry afterwards. */
    static Stream<Arguments> settled() {
        return Stream.of(
                Arguments.of(ProxyFault.RESET_AFTER, 2, 1),
                Arguments.of(ProxyFault.RESET_BEFORE, 2, 0),
                Arguments.of(ProxyFault.SENT_TWICE, 1, 1),
                Arguments.of(answerAfter(500), 2, 1),
                Arguments.of(answerAfter(502), 2, 1),
                Arguments.of(answerAfter(504), 2, 1),
                Arguments.of(answerAfter(429), 2, 1),
                Arguments.of(answer(503), 2, 0),
                Arguments.of(answer(409), 2, 0),
                Arguments.of(answer(429), 2, 0),
                Arguments.of(ProxyFault.truncatedAt(10), 2, 1));
    }

    @ParameterizedTest
    @MethodSource("settled")
    void aRegistrationWhoseCreateFailedOnceStandsOnceAndIsASuccess(ProxyFault fault, int insertions, int downloads) {
        store.proxy.reset();
        store.proxy.plan(ProxyPlan.onceOn(INSERTION, 1, fault));

        ModelVersion version = ada.model("tumor").register(model("one"));

        assertThat(version.number()).isEqualTo(1);
        assertThat(store.proxy.faults()).hasSize(1);
        assertThat(store.count(INSERTION)).isEqualTo(insertions);
        assertThat(store.proxy.requests().stream()
                        .dropWhile(request -> !request.toString().matches(INSERTION))
                        .filter(request -> request.toString().matches(DOWNLOAD)))
                .hasSize(downloads);
        assertStandsOnce();
    }

    @Test
    void aLateRequestLandsOnWhatItsOwnRepetitionHasMade() throws InterruptedException {
        store.proxy.plan(ProxyPlan.onceOn(INSERTION, 1, ProxyFault.LATE_AFTER_RESET));
        ada.model("tumor").register(model("one"));
        byte[] before = store.stored(FIRST);

        assertThat(store.proxy.landLate(1)).containsExactly(412);

        assertThat(store.stored(FIRST)).isEqualTo(before);
        assertStandsOnce();
    }

    @Test
    void aStormOfRefusalsEndsWithAnUnknownOutcomeThatTheRequestIdSettles() {
        store.proxy.plan(ProxyPlan.everyTimeOn(INSERTION, answer(503)));

        OutcomeUnknownException unknown = catchThrowableOfType(
                OutcomeUnknownException.class,
                () -> ada.model("tumor").register(model("one").request("job-1")));
        store.proxy.plan(ProxyPlan.none());

        assertThat(ada.outcome(unknown.token())).isEqualTo(Outcome.STILL_UNKNOWN);
        assertThat(ada.model("tumor").register(model("one").request("job-1")).number())
                .isEqualTo(1);
        assertThat(ada.outcome(unknown.token())).isEqualTo(Outcome.COMMITTED);
        assertStandsOnce();
    }

    @Test
    void whereReadingBackFailsTooTheOutcomeIsUnknownUntilItIsAskedFor() {
        AtomicBoolean inserted = new AtomicBoolean();
        store.proxy.plan(request -> {
            if (request.toString().matches(INSERTION)) {
                inserted.set(true);
                return ProxyFault.RESET_AFTER;
            }
            return inserted.get() && request.toString().matches(DOWNLOAD) ? ProxyFault.RESET_BEFORE : ProxyFault.NONE;
        });

        OutcomeUnknownException unknown = catchThrowableOfType(
                OutcomeUnknownException.class,
                () -> ada.model("tumor").register(model("one").request("job-1")));
        store.proxy.plan(ProxyPlan.none());

        assertThat(unknown).hasMessageContaining("job-1");
        assertThat(ada.outcome(unknown.token())).isEqualTo(Outcome.COMMITTED);
        assertThat(ada.model("tumor").register(model("one").request("job-1")).number())
                .isEqualTo(1);
        assertStandsOnce();
    }

    @Test
    void aHintThatIsThrottledDoesNotDisturbACommit() {
        store.bucket.oneWriteASecond();

        for (int n = 1; n <= 5; n++) {
            assertThat(ada.model("tumor").register(model("content " + n)).number())
                    .isEqualTo(n);
        }

        assertThat(store.server.log().entries())
                .filteredOn(entry -> entry.status() == 429)
                .isNotEmpty()
                .allMatch(entry -> entry.parameters().get("name").startsWith(GcsFixture.object("hints/")));
        assertThat(store.keys("versions/")).hasSize(5);
    }

    private void assertStandsOnce() {
        try (ModelRegistry ben = client("ben")) {
            assertThat(store.keys("versions/")).containsExactly(FIRST);
            assertThat(ben.model("tumor").latest()).map(ModelVersion::number).contains(1L);
            assertThat(ben.verify().errors()).isEmpty();
        }
    }
}
