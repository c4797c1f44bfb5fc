package io.modelregistry.core.log;

import static io.modelregistry.core.log.LogFixture.VERSIONS;
import static io.modelregistry.core.log.LogFixture.append;
import static io.modelregistry.core.log.LogFixture.operation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.modelregistry.ConflictException;
import io.modelregistry.IntegrityException;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RequestId;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.storage.StorageException;
import io.modelregistry.testkit.Call;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.Operation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** How an append ends: in time, late, interrupted, closed, and against others who are faster. */
final class AppendTest {
    private static final String ENTRY = "versions/.*";
    private static final String SECOND = "versions/fraud-detector/0000000002.json";

    private final LogFixture fixture = new LogFixture();

    // ---- the place

    @Test
    void aWriterThatLosesEveryPlaceGivesUpInTimeHavingWrittenNothing() {
        fixture.write(VERSIONS, 1);
        FaultyBackend backend = faulty(call -> {
            if (call.operation() == Operation.CREATE) {
                fixture.write(VERSIONS, 1);
            }
            return Fault.NONE;
        });
        long began = fixture.host.nanoTime();

        assertThatThrownBy(() -> fixture.client(backend)
                        .log(VERSIONS)
                        .append(operation(RequestId.of("job-1")), List.of(), AppendTest::next))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageMatching(
                        "Gave up appending to versions/fraud-detector at entry \\d+: other writers were faster"
                                + " every time. Nothing was written; try again");

        assertThat(Duration.ofNanos(fixture.host.nanoTime() - began)).isEqualTo(Duration.ofSeconds(60));
        Tip tip = fixture.client().log(VERSIONS).read();
        assertThat(tip.sequence()).isGreaterThan(20);
        assertThat(fixture.client().log(VERSIONS).entries(1, tip.sequence()))
                .allSatisfy(stored -> assertThat(stored.entry().request()).isNull());
    }

    @Test
    void anAppendWhoseTimeIsOverBeforeItIsSentSendsNothing() {
        fixture.write(VERSIONS, 3);
        FaultyBackend backend = faulty(call -> {
            fixture.host.advance(Duration.ofSeconds(60));
            return Fault.NONE;
        });

        assertThatThrownBy(() -> append(fixture.client(backend), VERSIONS))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessage("Gave up appending to versions/fraud-detector at entry 4: time ran out before it was sent."
                        + " Nothing was written; try again");

        assertThat(backend.calls()).noneMatch(call -> call.operation().isWrite());
    }

    @Test
    void aPlaceThatALateRequestTakesAtTheLastMomentIsOurs() {
        fixture.write(VERSIONS, 1);
        AtomicReference<FaultyBackend> itself = new AtomicReference<>();
        FaultPlan landing = call -> {
            if (call.operation() == Operation.GET && call.key().equals(SECOND)) {
                itself.get().landLate();
            }
            return Fault.NONE;
        };
        FaultyBackend backend = faulty(landing.then(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, Fault.LATE_LANDING))
                .then(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.LOST_REQUEST)));
        itself.set(backend);

        Tip tip = append(fixture.client(backend), VERSIONS);

        assertThat(tip.sequence()).isEqualTo(2);
        assertThat(tip.state()).isEqualTo(fixture.client().log(VERSIONS).read().state());
        assertThat(backend.faults()).hasSizeGreaterThan(20);
    }

    @Test
    void aPlaceThatAnotherTakesAtTheLastMomentIsNotOurs() {
        fixture.write(VERSIONS, 1);
        AtomicReference<FaultyBackend> itself = new AtomicReference<>();
        FaultPlan overtaking = call -> {
            if (call.key().equals(SECOND)
                    && call.operation() == Operation.GET
                    && !itself.get().faults().isEmpty()) {
                fixture.write(VERSIONS, 1);
            }
            return Fault.NONE;
        };
        itself.set(faulty(overtaking.then(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.LOST_REQUEST))));

        assertThatThrownBy(() -> append(fixture.client(itself.get()), VERSIONS))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessage("Gave up appending to versions/fraud-detector at entry 3: other writers were faster every"
                        + " time. Nothing was written; try again");
    }

    @Test
    void whereNothingCanHaveLandedNothingIsReadBack() {
        FaultyBackend backend = faulty(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.UNAVAILABLE));

        assertThatThrownBy(() -> append(fixture.client(backend), VERSIONS))
                .isExactlyInstanceOf(StoreUnavailableException.class);

        assertThat(backend.calls().stream()
                        .dropWhile(call -> call.operation() != Operation.CREATE)
                        .map(Call::operation))
                .containsOnly(Operation.CREATE);
    }

    @Test
    void aRefusalAfterALostAnswerIsSettledAtOnce() {
        FaultyBackend backend = faulty(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, Fault.LOST_ANSWER)
                .then(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.DENIED)));

        assertThat(append(fixture.client(backend), VERSIONS).sequence()).isEqualTo(1);

        assertThat(creates(backend)).isEqualTo(2);
    }

    @Test
    void aRefusalAfterALostAnswerIsSettledThoughTheFirstReadingWasSpoilt() {
        FaultyBackend backend = faulty(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, Fault.LOST_ANSWER)
                .then(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.DENIED))
                .then(spoilingTheFirstReadingAfterACreate()));

        assertThat(append(fixture.client(backend), VERSIONS).sequence()).isEqualTo(1);

        assertThat(backend.faults()).hasSize(3);
        assertThat(creates(backend)).isEqualTo(2);
    }

    private static FaultPlan spoilingTheFirstReadingAfterACreate() {
        AtomicBoolean created = new AtomicBoolean();
        return call -> {
            if (call.operation() == Operation.CREATE) {
                created.set(true);
            }
            return call.operation() == Operation.GET && created.getAndSet(false) ? Fault.FLIPPED : Fault.NONE;
        };
    }

    @Test
    void whoHasThePlaceIsReadAgainWhenItWasReadWrongly() {
        fixture.write(VERSIONS, 1);
        FaultyBackend backend = faulty(misreadingTheSecond(1));

        assertThat(append(fixture.client(backend), VERSIONS).sequence()).isEqualTo(3);
    }

    @Test
    void aPlaceWhoseEntryIsReadWronglyAgainAndAgainMayBeOurs() {
        fixture.write(VERSIONS, 1);
        FaultyBackend backend = faulty(misreadingTheSecond(Integer.MAX_VALUE));

        assertThatThrownBy(() -> append(fixture.client(backend), VERSIONS))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining(SECOND);
    }

    /** A proxy repeats the create, its second answer is "exists", and nothing can be read: it is ours all the same. */
    @Test
    void aCreateThatWasRepeatedBelowUsIsUnknownWhenItIsReadBackWrongly() {
        FaultyBackend backend = faulty(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, Fault.DUPLICATE)
                .then(call -> call.operation() == Operation.GET
                                && fixture.store.bytes(call.key()).isPresent()
                        ? Fault.FLIPPED
                        : Fault.NONE));

        assertThatThrownBy(() -> append(fixture.client(backend), VERSIONS)).isInstanceOf(OutcomeUnknownException.class);

        assertThat(append(fixture.client(), VERSIONS).sequence())
                .as("after ours")
                .isEqualTo(2);
    }

    /** Another takes the place just before this client's create, and is then read wrongly so many times. */
    private FaultPlan misreadingTheSecond(int times) {
        AtomicInteger left = new AtomicInteger(-1);
        return call -> {
            if (call.operation() == Operation.CREATE && left.get() < 0) {
                fixture.write(VERSIONS, 1);
                left.set(times);
            }
            boolean reads = call.operation() == Operation.GET && call.key().equals(SECOND);
            return reads && left.get() > 0 && left.getAndDecrement() > 0 ? Fault.FLIPPED : Fault.NONE;
        };
    }

    @Test
    void aStoreThatNeverAnswersIsAskedAThousandTimesAtMost() {
        FaultyBackend backend = faulty(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.LOST_REQUEST));

        assertThatThrownBy(() -> append(patient(backend), VERSIONS)).isInstanceOf(OutcomeUnknownException.class);

        assertThat(creates(backend)).isEqualTo(1_000);
    }

    @Test
    void aThousandPlacesMayBeLostAndNoMore() {
        FaultyBackend backend = faulty(call -> {
            if (call.operation() == Operation.CREATE) {
                fixture.write(VERSIONS, 1);
            }
            return Fault.NONE;
        });

        assertThatThrownBy(() -> append(patient(backend), VERSIONS))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("other writers were faster every time");

        assertThat(creates(backend)).isEqualTo(1_000);
    }

    /** A client with more time than it can need. */
    private Streams patient(FaultyBackend backend) {
        return new Streams(new Store(backend, fixture.host, Duration.ofDays(1)), LogFixture.REGISTRY, "test");
    }

    private static long creates(FaultyBackend backend) {
        return backend.calls().stream()
                .filter(call -> call.operation() == Operation.CREATE)
                .count();
    }

    @Test
    void timeThatRanOutIsTheReasonGivenWithTheLastProblem() {
        FaultyBackend backend = faulty(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.LOST_REQUEST));

        assertThatThrownBy(() -> append(fixture.client(backend), VERSIONS))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("stands: time ran out: ")
                .hasCauseInstanceOf(StorageException.class);
        assertThat(creates(backend)).isLessThan(200);
    }

    @Test
    void aRegistryClosedWhileARequestIsUnderWayDoesNotKnowTheOutcome() {
        FaultyBackend backend = closingAtTheSecondCreate(Fault.LOST_REQUEST);

        assertThatThrownBy(() -> append(fixture.client(backend), VERSIONS))
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class,
                        e -> assertThat(e.token().slot()).isEqualTo(1))
                .hasMessageContaining("It is not known whether the change to versions/fraud-detector as entry 1")
                .hasMessageContaining("stands: the registry was closed: ");
    }

    @Test
    void aRegistryClosedBeforeAnythingCouldHaveLandedJustSaysSo() {
        FaultyBackend backend = closingAtTheSecondCreate(Fault.UNAVAILABLE);

        assertThatThrownBy(() -> append(fixture.client(backend), VERSIONS))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
        assertThat(fixture.store.keys()).isEmpty();
    }

    private FaultyBackend closingAtTheSecondCreate(Fault first) {
        AtomicReference<FaultyBackend> itself = new AtomicReference<>();
        FaultPlan closing = call -> {
            if (call.operation() == Operation.CREATE && !itself.get().faults().isEmpty()) {
                itself.get().close();
            }
            return Fault.NONE;
        };
        itself.set(faulty(closing.then(FaultPlan.onceOn(Operation.CREATE, ENTRY, 1, first))));
        return itself.get();
    }

    // ---- interrupts

    @Test
    void anInterruptBeforeTheFirstRequestLeavesNothingAndKeepsTheFlag() {
        Streams client = fixture.client();
        client.log(VERSIONS).read();

        Thread.currentThread().interrupt();
        assertInterrupted(() -> append(client, VERSIONS))
                .isExactlyInstanceOf(StoreUnavailableException.class)
                .hasMessage("Interrupted before appending to versions/fraud-detector; nothing was written");

        assertThat(fixture.store.keys()).isEmpty();
        assertThat(append(client, VERSIONS).sequence()).isEqualTo(1);
    }

    @Test
    void anInterruptJustBeforeTheCreateSendsNothing() {
        FaultyBackend backend = faulty(interruptingAt(Operation.STORE_TIME));

        assertInterrupted(() -> append(fixture.client(backend), VERSIONS))
                .isExactlyInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("Could not append to versions/fraud-detector as entry 1")
                .hasMessageContaining(": it was interrupted. Nothing was written; try again");
        assertThat(backend.calls()).noneMatch(call -> call.operation().isWrite());
    }

    @Test
    void anInterruptWhileTheOutcomeIsOpenSaysThatItIs() {
        FaultyBackend backend = faulty(interruptingAt(Operation.CREATE)
                .then(FaultPlan.everyTimeOn(Operation.CREATE, ENTRY, Fault.LOST_REQUEST)));

        assertInterrupted(() -> append(fixture.client(backend), VERSIONS))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("stands: it was interrupted")
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(backend.calls().stream().filter(call -> call.operation() == Operation.CREATE))
                .hasSize(1);
    }

    @Test
    void anInterruptAfterALostPlaceSaysThatNothingWasWritten() {
        FaultyBackend backend = faulty(call -> {
            if (call.operation() == Operation.CREATE) {
                fixture.write(VERSIONS, 1);
                Thread.currentThread().interrupt();
            }
            return Fault.NONE;
        });

        assertInterrupted(() -> append(fixture.client(backend), VERSIONS))
                .isExactlyInstanceOf(StoreUnavailableException.class)
                .hasMessage("Interrupted while appending to versions/fraud-detector; nothing was written");
        assertThat(fixture.client().log(VERSIONS).read().sequence()).isEqualTo(1);
    }

    // ---- turns

    @Test
    void aWriterWhoseTurnDoesNotComeInTimeHasWrittenNothingAndTheNextGetsIt() {
        Streams client = new Streams(
                new Store(fixture.store.open(), fixture.host, Duration.ofNanos(1)), LogFixture.REGISTRY, "test");
        EventLog log = client.log(VERSIONS);
        log.read();

        // whoever asks for a turn while it has one waits in vain
        assertThatThrownBy(() -> log.append(operation(null), List.of(), tip -> {
                    append(client, VERSIONS);
                    return next(tip);
                }))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessage("Other threads of this process kept appending to versions/fraud-detector;"
                        + " nothing was written, try again");

        assertThat(fixture.store.keys()).isEmpty();
        assertThat(append(client, VERSIONS).sequence()).isEqualTo(1);
    }

    // ---- decisions

    @Test
    void aRefusalThatRestsOnThePastIsThoughtOverAgain() {
        fixture.write(VERSIONS, 1);
        Streams client = fixture.client();
        append(client, VERSIONS);
        fixture.write(VERSIONS, 1);

        Tip tip = client.log(VERSIONS).append(operation(null), List.of(), on -> {
            if (on.sequence() < 3) {
                throw new ConflictException("too early", null);
            }
            return next(on);
        });

        assertThat(tip.sequence()).isEqualTo(4);
    }

    @Test
    void aRefusalThatRestsOnAWinnerWhoIsNotTheNewestIsThoughtOverAgain() {
        fixture.write(VERSIONS, 1);
        AtomicBoolean overtaken = new AtomicBoolean();
        FaultyBackend backend = faulty(call -> {
            if (call.operation() == Operation.CREATE && overtaken.compareAndSet(false, true)) {
                fixture.write(VERSIONS, 3);
            }
            return Fault.NONE;
        });

        Tip tip = fixture.client(backend).log(VERSIONS).append(operation(null), List.of(), on -> {
            if (on.sequence() == 3) {
                throw new ConflictException("not on the third", null);
            }
            return next(on);
        });

        assertThat(tip.sequence()).isEqualTo(5);
    }

    @Test
    void aRefusalThatRestsOnThePresentIsGivenAfterOneLook() {
        fixture.write(VERSIONS, 2);
        LogFixture.Counted client = fixture.counted();
        append(client.streams(), VERSIONS);
        client.streams().log(VERSIONS).pinTip();
        int before = client.backend().calls().size();

        assertThatThrownBy(() -> client.streams().log(VERSIONS).append(operation(null), List.of(), on -> {
                    throw new ConflictException("no", null);
                }))
                .isInstanceOf(ConflictException.class)
                .hasMessage("no");

        assertThat(client.backend().calls()).hasSize(before + 1);
    }

    @Test
    void whatIsThereAlreadyIsNotWrittenAgain() {
        fixture.write(VERSIONS, 2);

        Tip tip = fixture.client().log(VERSIONS).append(operation(null), List.of(), on -> Optional.empty());

        assertThat(tip.sequence()).isEqualTo(2);
        assertThat(fixture.client().log(VERSIONS).read().sequence()).isEqualTo(2);
    }

    @Test
    void thirtyTwoRequestsAreRememberedAndTheOneBeforeIsNot() {
        Streams client = fixture.client();
        for (int i = 1; i <= 33; i++) {
            client.log(VERSIONS).append(operation(RequestId.of("job-" + i)), List.of(), AppendTest::next);
        }

        Tip repeated = client.log(VERSIONS).append(operation(RequestId.of("job-2")), List.of(), AppendTest::next);
        Tip forgotten = client.log(VERSIONS).append(operation(RequestId.of("job-1")), List.of(), AppendTest::next);

        assertThat(repeated.sequence()).isEqualTo(2);
        assertThat(forgotten.sequence()).isEqualTo(34);
        assertThat(client.log(VERSIONS).read().newest().entry().recent())
                .extracting(recent -> recent.request().value())
                .containsExactlyElementsOf(IntStream.rangeClosed(3, 34)
                        .mapToObj(i -> "job-" + (i == 34 ? 1 : i))
                        .toList());
    }

    // ---- hints

    @Test
    void ofTheHintsThatWaitOnlyTheNewestIsWritten() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        FaultyBackend backend = faulty(FaultPlan.none());
        Streams client = on(backend, waiting::add);
        for (int i = 0; i < 3; i++) {
            append(client, VERSIONS);
        }
        assertThat(client.isIdle()).isFalse();
        assertThat(waiting).hasSize(1);

        waiting.forEach(Runnable::run);

        assertThat(client.isIdle()).isTrue();
        assertThat(backend.calls().stream().filter(call -> call.operation() == Operation.OVERWRITE))
                .hasSize(1);
        assertThat(fixture.store.bytes(KeyLayout.hint(VERSIONS)))
                .contains(LogFixture.hint(VERSIONS, 3).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aHintThatComesWhileOneIsWrittenIsWrittenNext() {
        AtomicReference<Streams> client = new AtomicReference<>();
        FaultyBackend backend = faulty(call -> {
            if (call.operation() == Operation.OVERWRITE
                    && client.get().log(VERSIONS).cached().orElseThrow().sequence() == 1) {
                append(client.get(), VERSIONS);
            }
            return Fault.NONE;
        });
        Queue<Runnable> waiting = new ArrayDeque<>();
        client.set(on(backend, waiting::add));
        append(client.get(), VERSIONS);

        waiting.remove().run();

        assertThat(fixture.store.bytes(KeyLayout.hint(VERSIONS)))
                .contains(LogFixture.hint(VERSIONS, 2).getBytes(StandardCharsets.UTF_8));
        assertThat(client.get().isIdle()).isTrue();
    }

    @Test
    void anExecutorThatTakesNothingMoreCostsTheHintAndNothingElse() {
        Streams client = on(faulty(FaultPlan.none()), task -> {
            throw new RejectedExecutionException("full");
        });

        assertThat(append(client, VERSIONS).sequence()).isEqualTo(1);
        assertThat(append(client, VERSIONS).sequence()).isEqualTo(2);

        assertThat(client.hintFailures()).isEqualTo(2);
        assertThat(client.isIdle()).isTrue();
        assertThat(fixture.store.bytes(KeyLayout.hint(VERSIONS))).isEmpty();
    }

    @Test
    void aStreamOfOneEntryIsWrittenWithoutAHint() {
        StreamName label = new StreamName("labels/fraud-detector/1.4.0");

        fixture.write(label, 1);

        assertThat(fixture.store.keys()).containsExactly(KeyLayout.entry(label, 1));
    }

    // ---- streams

    @Test
    void theStreamsUsedLongestAgoAreForgottenBeyondTenThousand() {
        Streams client = fixture.client();
        EventLog first = client.log(new StreamName("models/m0"));
        EventLog second = client.log(new StreamName("models/m1"));
        for (int i = 2; i < 10_000; i++) {
            client.log(new StreamName("models/m" + i));
        }
        assertThat(client.log(new StreamName("models/m0"))).isSameAs(first);

        client.log(new StreamName("models/m10000"));

        assertThat(client.log(new StreamName("models/m0"))).isSameAs(first);
        assertThat(client.log(new StreamName("models/m1"))).isNotSameAs(second);
    }

    @Test
    void anEntryThatAListingMissesStandsAllTheSame() {
        fixture.write(VERSIONS, 3);
        byte[] third = fixture.bytes(VERSIONS, 3);
        FaultyBackend backend = faulty(call -> {
            if (call.operation() == Operation.LIST) {
                fixture.store.remove(KeyLayout.entry(VERSIONS, 3));
            } else if (call.operation() == Operation.STAT) {
                fixture.store.put(KeyLayout.entry(VERSIONS, 3), third);
            }
            return Fault.NONE;
        });

        assertThat(append(fixture.client(backend), VERSIONS).sequence()).isEqualTo(4);
    }

    @Test
    void theEndOfAStreamIsLookedOverNineHundredEntriesBack() {
        fixture.plant(VERSIONS, 1, 902);
        fixture.hint(VERSIONS, LogFixture.hint(VERSIONS, 902));
        fixture.store.remove(KeyLayout.entry(VERSIONS, 2));

        assertThat(append(fixture.client(), VERSIONS).sequence()).isEqualTo(903);
        fixture.store.remove(KeyLayout.entry(VERSIONS, 4));
        assertThatThrownBy(() -> append(fixture.client(), VERSIONS))
                .isInstanceOf(IntegrityException.class)
                .hasMessageStartingWith("The entry versions/fraud-detector/0000000004.json is missing");
    }

    // ----

    private FaultyBackend faulty(FaultPlan plan) {
        return new FaultyBackend(fixture.store.open(), plan);
    }

    private Streams on(FaultyBackend backend, Executor executor) {
        return new Streams(
                new Store(backend, fixture.host.another(Duration.ZERO, executor), Duration.ofSeconds(60)),
                LogFixture.REGISTRY,
                "test");
    }

    private static FaultPlan interruptingAt(Operation operation) {
        return call -> {
            if (call.operation() == operation) {
                Thread.currentThread().interrupt();
            }
            return Fault.NONE;
        };
    }

    /** The call fails, and leaves the thread's flag set; the test goes on without it. */
    private static AbstractThrowableAssert<?, ? extends Throwable> assertInterrupted(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(Thread.interrupted()).isTrue();
        return assertThat(thrown);
    }

    private static Optional<Draft> next(Tip tip) {
        return Optional.of(new Draft(LogFixture.state(tip.sequence() + 1), Map.of()));
    }
}
