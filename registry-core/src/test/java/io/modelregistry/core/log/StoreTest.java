package io.modelregistry.core.log;

import static io.modelregistry.core.log.LogFixture.VERSIONS;
import static io.modelregistry.core.log.LogFixture.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.EnvironmentName;
import io.modelregistry.Host;
import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelName;
import io.modelregistry.StoreFullException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.access.Role;
import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StorageException.Kind;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultType;
import io.modelregistry.testkit.FaultyBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Repetition within limits, pauses, the two clocks, and pages. */
final class StoreTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String KEY = "models/m/0000000001.json";
    private static final byte[] CONTENT = {1};

    private final LogFixture fixture = new LogFixture();

    // ---- reads

    @Test
    void aReadIsTriedSixTimesAndNoMore() {
        fixture.store.put(KEY, CONTENT);

        assertThat(on(faulty(failing(5))).get(KEY, 10, fresh().deadline())).isPresent();
        FaultyBackend backend = faulty(failing(6));
        assertThatThrownBy(() -> on(backend).get(KEY, 10, fresh().deadline()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageStartingWith("Could not read " + KEY + " in ")
                .hasMessageEndingWith(". Try again");

        assertThat(backend.calls()).hasSize(6);
        assertThat(fixture.host.elapsed()).as("pauses between them").isPositive();
    }

    @Test
    void aReadIsNotRepeatedOnceItsTimeIsOver() {
        FaultyBackend backend = faulty(call -> {
            fixture.host.advance(TIMEOUT);
            return Fault.UNAVAILABLE;
        });
        Store store = on(backend);

        assertThatThrownBy(() -> store.stat(KEY, store.deadline()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageStartingWith("Could not look up " + KEY);

        assertThat(backend.calls()).hasSize(1);
    }

    @Test
    void aReadThatWasRefusedIsNotRepeated() {
        FaultyBackend backend = faulty(call -> Fault.DENIED);
        Store store = on(backend);

        assertThatThrownBy(() -> store.list("models/", Depth.ALL, "", 10, store.deadline()))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageStartingWith("Could not list models/")
                .hasMessageEndingWith(". Reading it needs role reader");

        assertThat(backend.calls()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "environments/production/tumor/0000000001.json, releaser:production",
        "reviews/tumor/0000000001/0000000001.json, reviewer",
        "registry.json, administrator",
        "blobs/tumor/sha256/ab, contributor"
    })
    void aRefusedCreateNamesTheRoleThatIsMissing(String key, String role) {
        Store store = on(faulty(call -> Fault.DENIED));

        assertThatThrownBy(() -> store.createIdempotently(key, CONTENT))
                .isInstanceOfSatisfying(
                        AccessDeniedException.class,
                        e -> assertThat(e.neededRole()).contains(Role.parse(role)))
                .hasMessageStartingWith("Could not create " + key + " in ")
                .hasMessageEndingWith(". Creating it needs role " + role);
    }

    @Test
    void aRefusedCreateOfWhatNobodyMayWriteNamesNoRole() {
        Store store = on(faulty(call -> Fault.DENIED));

        assertThatThrownBy(() -> store.createIdempotently("other/tumor", CONTENT))
                .isInstanceOfSatisfying(
                        AccessDeniedException.class,
                        e -> assertThat(e.neededRole()).isEmpty())
                .hasMessageStartingWith("Could not create other/tumor in ");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptEndsAReadBeforeTheNextRequest(boolean beforeTheFirst) {
        FaultyBackend backend = faulty(call -> {
            Thread.currentThread().interrupt();
            return Fault.UNAVAILABLE;
        });
        Store store = on(backend);
        if (beforeTheFirst) {
            Thread.currentThread().interrupt();
        }

        try {
            assertThatThrownBy(() -> store.get(KEY, 10, store.deadline()))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessage("Interrupted before it could read " + KEY);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(backend.calls()).hasSize(beforeTheFirst ? 0 : 1);
    }

    // ---- creates that anybody would make with the same bytes

    @ParameterizedTest
    @CsvSource({"LOST_REQUEST, CREATED", "UNAVAILABLE, CREATED", "LOST_ANSWER, EXISTS"})
    void aCreateOfWhatAnybodyWouldCreateIsRepeatedUntilItIsAnswered(FaultType fault, CreateOutcome outcome) {
        FaultyBackend backend = faulty(FaultPlan.onceOn(Operation.CREATE, KEY, 1, Fault.of(fault)));

        assertThat(on(backend).createIdempotently(KEY, CONTENT)).isEqualTo(outcome);

        assertThat(backend.calls()).hasSize(2);
        assertThat(fixture.store.bytes(KEY)).contains(CONTENT);
    }

    @Test
    void aCreateThatTheStoreHasNoRoomForIsNotRepeated() {
        FaultyBackend backend = faulty(call -> Fault.FULL);

        assertThatThrownBy(() -> on(backend).createIdempotently(KEY, CONTENT))
                .isInstanceOf(StoreFullException.class)
                .hasMessageStartingWith("Could not create " + KEY);

        assertThat(backend.calls()).hasSize(1);
    }

    @Test
    void aCreateThatIsNeverAnsweredEndsInTime() {
        long began = fixture.host.nanoTime();

        assertThatThrownBy(() -> on(faulty(call -> Fault.LOST_REQUEST)).createIdempotently(KEY, CONTENT))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageStartingWith("Could not create " + KEY);

        assertThat(Duration.ofNanos(fixture.host.nanoTime() - began)).isEqualTo(TIMEOUT);
    }

    // ---- deletions

    private static final String NOTE = "notes/m/00000000000000000000000000000001";

    @Test
    void whatIsGoneNeedsNoDeletion() {
        FaultyBackend backend = faulty(FaultPlan.none());

        on(backend).erase(NOTE);

        assertThat(backend.calls()).hasSize(1).allMatch(call -> call.operation() == Operation.STAT);
    }

    @Test
    void aDeletionThatWasRefusedIsNotRepeatedAndNamesTheRoleThatMayDelete() {
        fixture.store.put(NOTE, CONTENT);
        FaultyBackend backend = faulty(FaultPlan.everyTimeOn(Operation.DELETE, NOTE, Fault.DENIED));

        assertThatThrownBy(() -> on(backend).erase(NOTE))
                .isInstanceOfSatisfying(
                        AccessDeniedException.class,
                        e -> assertThat(e.neededRole()).contains(Role.parse("administrator")))
                .hasMessageStartingWith("Could not delete " + NOTE)
                .hasMessageEndingWith(". Deleting it needs role administrator");

        assertThat(backend.faults()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"UNAVAILABLE, 1", "LOST_REQUEST, 1", "LOST_ANSWER, 1", "UNAVAILABLE, 5", "LOST_REQUEST, 5"})
    void aDeletionThatFailedInPassingIsRepeatedAfterAPause(FaultType fault, int times) {
        fixture.store.put(NOTE, CONTENT);
        FaultyBackend backend = faulty(failingToDelete(Fault.of(fault), times));

        on(backend).erase(NOTE);

        assertThat(backend.faults()).hasSize(times);
        assertThat(fixture.store.keys()).doesNotContain(NOTE);
        assertThat(fixture.host.elapsed()).as("pauses between them").isPositive();
    }

    @Test
    void aDeletionIsTriedSixTimesAndNoMore() {
        fixture.store.put(NOTE, CONTENT);
        FaultyBackend backend = faulty(failingToDelete(Fault.LOST_REQUEST, 6));

        assertThatThrownBy(() -> on(backend).erase(NOTE))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessage("Could not delete " + NOTE + " in "
                        + fixture.store.open().location() + ": it is still there. Try again");

        assertThat(backend.faults()).hasSize(6);
        assertThat(fixture.store.keys()).contains(NOTE);
    }

    @Test
    void aDeletionIsNotRepeatedOnceItsTimeIsOver() {
        fixture.store.put(NOTE, CONTENT);
        FaultyBackend backend = faulty(call -> {
            if (call.operation() != Operation.DELETE) {
                return Fault.NONE;
            }
            fixture.host.advance(TIMEOUT);
            return Fault.UNAVAILABLE;
        });

        assertThatThrownBy(() -> on(backend).erase(NOTE))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageStartingWith("Could not delete " + NOTE);

        assertThat(backend.faults()).hasSize(1);
    }

    private static FaultPlan failingToDelete(Fault fault, int times) {
        AtomicInteger left = new AtomicInteger(times);
        return call -> call.operation() == Operation.DELETE && left.getAndDecrement() > 0 ? fault : Fault.NONE;
    }

    // ---- what is said

    @ParameterizedTest
    @CsvSource({
        "create, Creating it needs role contributor",
        "upload, Creating it needs role contributor",
        "read, Reading it needs role reader",
        "delete, Deleting it needs role administrator"
    })
    void whichRoleIsMissingDependsOnWhatWasTried(String operation, String missing) {
        assertThat(fresh().translate(operation, NOTE, new StorageException(Kind.DENIED, "no")))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageEndingWith(": no. " + missing);
    }

    @Test
    void whatAStoreSaysItselfIsNotSaidTwice() {
        FaultyBackend backend = faulty(saying(
                Kind.DENIED,
                "Could not create " + KEY + " in " + fixture.store.open().location() + ": a permission is missing"));

        assertThatThrownBy(() -> on(backend).createIdempotently(KEY, CONTENT))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessage("Could not create " + KEY + " in "
                        + fixture.store.open().location()
                        + ": a permission is missing. Creating it needs role contributor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "no right to " + KEY, "no right in mem:"})
    void whatAStoreDoesNotSayIsAdded(String said) {
        Store store = on(faulty(saying(Kind.DENIED, said)));

        assertThatThrownBy(() -> store.stat(KEY, store.deadline()))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessage("Could not look up " + KEY + " in "
                        + fixture.store.open().location() + ": " + said + ". Reading it needs role reader");
    }

    @ParameterizedTest
    @CsvSource({
        "versions/m/0000000001.json, MISSING_ENTRY",
        "labels/m/1.4.0/0000000001.json, MISSING_ENTRY",
        "blobs/m/sha256/00, MISSING_BLOB",
        "notes/m/00, MISSING_NOTE",
        "registry.json, WRONG_REGISTRY"
    })
    void whatAStoreRemembersAsDeletedIsDamageOfItsKind(String key, Damage damage) {
        Store store = on(faulty(saying(Kind.MISSING, "somebody deleted it")));

        assertThatThrownBy(() -> store.get(key, 10, store.deadline()))
                .isInstanceOfSatisfying(IntegrityException.class, e -> {
                    assertThat(e.damage()).isEqualTo(damage);
                    assertThat(e.key()).isEqualTo(key);
                })
                .hasMessageEndingWith(": somebody deleted it");
    }

    private static FaultPlan saying(Kind kind, String message) {
        return call -> {
            throw new StorageException(kind, message);
        };
    }

    // ---- pauses

    @Test
    void pausesDoubleUpToTwoSecondsAndAreShortenedByChance() throws InterruptedException {
        RecordingHost host = new RecordingHost(0.5);
        Backoff backoff = new Backoff(host, Duration.ofMillis(300));
        Deadline deadline = Deadline.in(host, TIMEOUT);

        for (int i = 0; i < 5; i++) {
            backoff.pause(deadline);
        }

        assertThat(host.pauses).extracting(Duration::toMillis).containsExactly(150L, 300L, 600L, 1_000L, 1_000L);
    }

    @Test
    void noPauseGoesBeyondTheDeadline() throws InterruptedException {
        RecordingHost host = new RecordingHost(0.5);
        Backoff backoff = new Backoff(host, Duration.ofMillis(300));
        Deadline deadline = Deadline.in(host, Duration.ofMillis(200));
        assertThat(deadline.isOver()).isFalse();

        for (int i = 0; i < 3; i++) {
            backoff.pause(deadline);
        }

        assertThat(host.pauses).extracting(Duration::toMillis).containsExactly(150L, 50L, 0L);
        assertThat(deadline.isOver()).isTrue();
        host.clock.advance(TIMEOUT);
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.isOver()).isTrue();
    }

    // ---- clocks

    @ParameterizedTest
    @ValueSource(ints = {60, 0, -60})
    void aClockAMinuteOffIsGoodEnough(int seconds) {
        ManualHost host = fixture.host.another(Duration.ofSeconds(seconds));

        assertThat(append(streams(host), VERSIONS).sequence()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"60001, 60 s ahead of", "-60001, 60 s behind", "90000, 90 s ahead of", "-90000, 90 s behind"})
    void aClockFurtherOffWritesNothingAndIsToldByHowMuch(long milliseconds, String off) {
        ManualHost host = fixture.host.another(Duration.ofMillis(milliseconds));

        assertThatThrownBy(() -> append(streams(host), VERSIONS))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("This machine's clock says " + host.now() + ", " + off + " the clock of the store at "
                        + fixture.store.open().location()
                        + "; entries are written only within 60 s of it. Set the clock; nothing was written");

        assertThat(fixture.store.keys()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"90, 85 s ahead of", "-90, 90 s behind"})
    void ofAClockThatIsWrongAllTheWhileTheNearerTimeIsTold(int seconds, String off) {
        FaultyBackend backend = faulty(call -> {
            if (call.operation() == Operation.STORE_TIME) {
                fixture.host.advance(Duration.ofSeconds(5));
            }
            return Fault.NONE;
        });
        Store store = new Store(backend, fixture.host.another(Duration.ofSeconds(seconds)), TIMEOUT);

        assertThatThrownBy(() -> store.checkClock(store.deadline()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(", " + off + " the clock of the store at ");
    }

    @Test
    void aSlowAnswerIsNoWrongClock() {
        FaultyBackend backend = faulty(call -> {
            if (call.operation() == Operation.STORE_TIME) {
                fixture.host.advance(Duration.ofSeconds(59));
            }
            return Fault.NONE;
        });
        ManualHost ahead = fixture.host.another(Duration.ofSeconds(61));

        Streams client = new Streams(new Store(backend, ahead, TIMEOUT), LogFixture.REGISTRY, "test");

        assertThat(append(client, VERSIONS).sequence()).isEqualTo(1);
    }

    // ---- pages

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000, 1_001, 2_500})
    void everythingIsListedHoweverManyPagesItTakes(int models) {
        List<String> keys = IntStream.rangeClosed(1, models)
                .mapToObj(i -> KeyLayout.entry(new StreamName("models/m" + (10_000 + i)), 1))
                .toList();
        keys.forEach(key -> fixture.store.put(key, CONTENT));

        assertThat(fresh().listAll("models/", Depth.ALL)).isEqualTo(keys);
        assertThat(new Names(fresh()).models().map(ModelName::value).toList())
                .hasSize(models)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsNoNameAmongTheFoldersIsLeftOut() {
        for (String key : List.of("staging/m/1", "Prod/m/1", "a..b/m/1", "notes.txt", "production/m/1")) {
            fixture.store.put("environments/" + key, CONTENT);
        }

        assertThat(new Names(fresh()).environments().map(EnvironmentName::value))
                .containsExactly("production", "staging");
    }

    // ----

    private static FaultPlan failing(int times) {
        return call -> call.number() <= times ? Fault.UNAVAILABLE : Fault.NONE;
    }

    private FaultyBackend faulty(FaultPlan plan) {
        return new FaultyBackend(fixture.store.open(), plan);
    }

    private Store on(FaultyBackend backend) {
        return new Store(backend, fixture.host, TIMEOUT);
    }

    private Store fresh() {
        return new Store(fixture.store.open(), fixture.host, TIMEOUT);
    }

    private Streams streams(ManualHost host) {
        return new Streams(new Store(fixture.store.open(), host, TIMEOUT), LogFixture.REGISTRY, "test");
    }

    /** A host whose chance is fixed, and whose pauses are noted. */
    private static final class RecordingHost implements Host {
        private final ManualHost clock = new ManualHost();
        private final List<Duration> pauses = new ArrayList<>();
        private final double chance;

        RecordingHost(double chance) {
            this.chance = chance;
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            pauses.add(duration);
            clock.pause(duration);
        }

        @Override
        public double random() {
            return chance;
        }

        @Override
        public Instant now() {
            return clock.now();
        }

        @Override
        public long nanoTime() {
            return clock.nanoTime();
        }

        @Override
        public String newId() {
            return clock.newId();
        }

        @Override
        public Executor executor() {
            return clock.executor();
        }

        @Override
        public Scheduled schedule(Duration delay, Runnable task) {
            return clock.schedule(delay, task);
        }
    }
}
