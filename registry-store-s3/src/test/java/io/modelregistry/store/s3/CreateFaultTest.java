package io.modelregistry.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.store.s3.FaultyWire.Sdk;
import io.modelregistry.testkit.proxy.CannedAnswer;
import io.modelregistry.testkit.proxy.ProxyFault;
import io.modelregistry.testkit.proxy.ProxyPlan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Creates that go wrong on the wire, with the SDKs' own retries. */
@Timeout(120)
final class CreateFaultTest {
    private static final String KEY = "models/tumor/0000000001.json";
    private static final byte[] CONTENT = "entry 1\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER = "another's entry 1\n".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension
    private final FaultyWire wire = new FaultyWire();

    static Stream<Arguments> lostAnswers() {
        return bothWith(
                ProxyFault.RESET_AFTER,
                ProxyFault.answerAfter(FaultyWire.error(500, "InternalError")),
                ProxyFault.answerAfter(CannedAnswer.of(502)),
                ProxyFault.answerAfter(CannedAnswer.of(504)),
                ProxyFault.answerAfter(FaultyWire.error(503, "SlowDown")),
                ProxyFault.answerAfter(FaultyWire.error(409, "ConditionalRequestConflict")),
                ProxyFault.answerAfter(FaultyWire.error(200, "InternalError")));
    }

    static Stream<Arguments> lostRequests() {
        return bothWith(
                ProxyFault.RESET_BEFORE,
                ProxyFault.uploadCutAt(3),
                ProxyFault.answer(FaultyWire.error(500, "InternalError")),
                ProxyFault.answer(FaultyWire.error(503, "SlowDown").withHeader("Retry-After", "1")),
                ProxyFault.answer(FaultyWire.error(429, "SlowDown")),
                ProxyFault.answer(FaultyWire.error(409, "ConditionalRequestConflict")),
                ProxyFault.answer(FaultyWire.error(200, "InternalError")));
    }

    private static Stream<Arguments> bothWith(ProxyFault... faults) {
        return Stream.of(faults).flatMap(fault -> Stream.of(Sdk.values()).map(sdk -> Arguments.of(sdk, fault)));
    }

    /** Faults 1, 4, 5, 7 and 56. */
    @ParameterizedTest
    @MethodSource("lostAnswers")
    void aCreateWhoseAnswerIsLostIsUnknownAndWasSentOnce(Sdk sdk, ProxyFault fault) {
        wire.proxy.plan(ProxyPlan.onceOn(wire.on("PUT", KEY), 1, fault));
        try (StorageBackend backend = wire.open(sdk)) {

            assertThat(kindOfFailure(() -> backend.create(KEY, CONTENT))).isEqualTo(Kind.UNKNOWN);

            assertThat(wire.proxy.faults()).hasSize(1);
            assertThat(wire.requests()).containsExactly("PUT " + KEY);
            assertThat(backend.create(KEY, CONTENT)).isEqualTo(CreateOutcome.EXISTS);
            assertThat(backend.get(KEY, 100).orElseThrow().content()).isEqualTo(CONTENT);
        }
    }

    /** Faults 2, 6, 7 and 56. */
    @ParameterizedTest
    @MethodSource("lostRequests")
    void aCreateThatNeverArrivedIsUnknownAndWinsWhenItIsRepeated(Sdk sdk, ProxyFault fault) {
        wire.proxy.plan(ProxyPlan.onceOn(wire.on("PUT", KEY), 1, fault));
        try (StorageBackend backend = wire.open(sdk)) {

            assertThat(kindOfFailure(() -> backend.create(KEY, CONTENT))).isEqualTo(Kind.UNKNOWN);

            assertThat(wire.proxy.faults()).hasSize(1);
            assertThat(wire.requests()).containsExactly("PUT " + KEY);
            assertThat(backend.create(KEY, CONTENT)).isEqualTo(CreateOutcome.CREATED);
            assertThat(wire.requests()).hasSize(2);
        }
    }

    /** Fault 3: what a client gave up lands minutes later, and loses. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aLateCreateNeverDisplacesWhatStands(Sdk sdk) throws InterruptedException {
        wire.proxy.plan(ProxyPlan.onceOn(wire.on("PUT", KEY), 1, ProxyFault.LATE_AFTER_SILENCE));
        try (StorageBackend backend = wire.open(sdk, Duration.ofMillis(500))) {

            assertThat(kindOfFailure(() -> backend.create(KEY, CONTENT))).isEqualTo(Kind.UNKNOWN);
            assertThat(wire.undisturbed().create(KEY, OTHER)).isEqualTo(CreateOutcome.CREATED);

            assertThat(wire.proxy.landLate(1)).containsExactly(412);
            assertThat(backend.get(KEY, 100).orElseThrow().content()).isEqualTo(OTHER);
            assertThat(wire.requests()).containsExactly("PUT " + KEY, "GET " + KEY);
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aCreateThatLandsLateIsFoundByItsRepetition(Sdk sdk) throws InterruptedException {
        wire.proxy.plan(ProxyPlan.onceOn(wire.on("PUT", KEY), 1, ProxyFault.LATE_AFTER_RESET));
        try (StorageBackend backend = wire.open(sdk)) {

            assertThat(kindOfFailure(() -> backend.create(KEY, CONTENT))).isEqualTo(Kind.UNKNOWN);
            assertThat(wire.proxy.landLate(1)).containsExactly(200);

            assertThat(backend.create(KEY, CONTENT)).isEqualTo(CreateOutcome.EXISTS);
        }
    }

    /** Something on the way sends a request twice: the second answer says that the object stands, and the caller compares. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aCreateThatSomethingOnTheWayRepeatedComesBackAsExisting(Sdk sdk) {
        wire.proxy.plan(ProxyPlan.onceOn(wire.on("PUT", KEY), 1, ProxyFault.SENT_TWICE));
        try (StorageBackend backend = wire.open(sdk)) {

            assertThat(backend.create(KEY, CONTENT)).isEqualTo(CreateOutcome.EXISTS);

            assertThat(backend.get(KEY, 100).orElseThrow().content()).isEqualTo(CONTENT);
        }
    }

    /** No SDK looks for an error in an answer that says 200; what gives it away is that it names no tag. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aFailedConditionThatComesWithStatus200IsNoSuccess(Sdk sdk) {
        wire.proxy.plan(ProxyPlan.onceOn(
                wire.on("PUT", KEY), 1, ProxyFault.answer(FaultyWire.error(200, "PreconditionFailed"))));
        try (StorageBackend backend = wire.open(sdk)) {
            assertThat(kindOfFailure(() -> backend.create(KEY, CONTENT))).isEqualTo(Kind.UNKNOWN);

            assertThat(wire.proxy.faults()).hasSize(1);
            assertThat(wire.requests()).containsExactly("PUT " + KEY);
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aRefusalIsCertainAndWasSentOnce(Sdk sdk) {
        wire.proxy.plan(
                ProxyPlan.everyTimeOn(wire.on("PUT", KEY), ProxyFault.answer(FaultyWire.error(403, "AccessDenied"))));
        try (StorageBackend backend = wire.open(sdk)) {

            assertThatThrownBy(() -> backend.create(KEY, CONTENT))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(
                            "the caller needs s3:PutObject on arn:aws:s3:::" + wire.bucket + "/team/" + KEY)
                    .extracting(e -> ((StorageException) e).kind())
                    .isEqualTo(Kind.DENIED);

            assertThat(wire.requests()).containsExactly("PUT " + KEY);
        }
    }

    /** Fault 50. The store turned the signature away, so that a second attempt cannot be a repetition of anything. */
    @ParameterizedTest
    @EnumSource(Sdk.class)
    void expiredCredentialsAreTakenFromTheChainOnceMore(Sdk sdk) {
        ProxyFault expired = ProxyFault.answer(FaultyWire.error(400, "ExpiredToken"));
        wire.proxy.plan(ProxyPlan.onceOn(wire.on("PUT", KEY), 1, expired));
        try (StorageBackend backend = wire.open(sdk)) {
            assertThat(backend.create(KEY, CONTENT)).isEqualTo(CreateOutcome.CREATED);
            assertThat(wire.requests()).containsExactly("PUT " + KEY, "PUT " + KEY);
            wire.proxy.reset();
            wire.proxy.plan(ProxyPlan.everyTimeOn(wire.on("PUT", KEY), expired));

            StorageException denied = catchThrowableOfType(StorageException.class, () -> backend.create(KEY, CONTENT));

            assertThat(denied.kind()).isEqualTo(Kind.DENIED);
            assertThat(denied).hasMessageContaining("the credentials have expired");
            assertThat(wire.requests()).containsExactly("PUT " + KEY, "PUT " + KEY);
        }
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void aStoreThatCannotBeReachedWasNotAsked(Sdk sdk) {
        StorageBackend backend = wire.open(sdk);
        wire.proxy.close();

        StorageException failure = catchThrowableOfType(StorageException.class, () -> backend.create(KEY, CONTENT));

        // the first SDK wanted to repeat it and keeps the reason to itself
        assertThat(failure.kind()).isEqualTo(sdk == Sdk.V2 ? Kind.UNAVAILABLE : Kind.UNKNOWN);
        assertThat(wire.undisturbed().get(KEY, 100)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Sdk.class)
    void anOverwriteMayBeRepeatedByTheSdk(Sdk sdk) {
        wire.proxy.plan(ProxyPlan.onceOn(wire.on("PUT", "hints/a"), 1, ProxyFault.RESET_AFTER));
        try (StorageBackend backend = wire.open(sdk)) {

            backend.overwrite("hints/a", CONTENT);

            assertThat(wire.proxy.faults()).hasSize(1);
            assertThat(wire.requests()).containsExactly("PUT hints/a", "PUT hints/a");
        }
    }

    private static Kind kindOfFailure(Runnable call) {
        StorageException failure = catchThrowableOfType(StorageException.class, call::run);
        assertThat(failure).as("a StorageException").isNotNull();
        return failure.kind();
    }
}
