package io.modelregistry.testkit;

import io.modelregistry.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A machine whose time stands still until a test moves it. Waiting moves it at once. Identities count up, chance is
 * seeded, and work runs on the thread that submits it unless another executor is given: with one thread, everything
 * repeats exactly. Scheduled tasks that are due run in {@link #advance}, never while somebody waits.
 *
 * <p>{@linkplain #another(Duration) Another host} shares the clock but has its own identities, chance and wall clock error.
 *
 * <p>Thread-safe.
 */
public final class ManualHost implements Host {
    /** Where the clock of a new host stands. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** When {@link #nanoTime} overflows, as it may: whoever compares its values instead of their differences, or takes 0 for a time, is found out. */
    private static final Duration OVERFLOW = Duration.ofSeconds(100);

    private static final Executor CALLERS_THREAD = Runnable::run;

    private final SharedClock clock;
    private final Executor executor;
    private final int hostNumber;
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong wallClockErrorNanos;
    private final SplittableRandom random; // guarded by itself
    private final List<Task> scheduled = new ArrayList<>(); // guarded by itself

    /** A host with a clock of its own at {@link #START}. Two of them give the same identities. */
    public ManualHost() {
        this(CALLERS_THREAD);
    }

    /** As {@link #ManualHost()}, with threads of the test's choice. */
    public ManualHost(Executor executor) {
        this(SharedClock.until(OVERFLOW), executor, Duration.ZERO);
    }

    /** As {@link #ManualHost()}, with a monotonic clock that goes from its largest number to its smallest when so much time has passed. */
    public ManualHost(Duration untilOverflow) {
        this(SharedClock.until(untilOverflow), CALLERS_THREAD, Duration.ZERO);
    }

    private ManualHost(SharedClock clock, Executor executor, Duration wallClockError) {
        this.clock = clock;
        this.executor = executor;
        hostNumber = clock.hosts().incrementAndGet();
        wallClockErrorNanos = new AtomicLong(wallClockError.toNanos());
        random = new SplittableRandom(hostNumber);
    }

    /** Another machine at the same moments, whose wall clock is wrong by so much (ahead when positive). */
    public ManualHost another(Duration wallClockError) {
        return new ManualHost(clock, executor, wallClockError);
    }

    /** As {@link #another(Duration)}, with other threads. */
    public ManualHost another(Duration wallClockError, Executor itsExecutor) {
        return new ManualHost(clock, itsExecutor, wallClockError);
    }

    /**
     * Lets time pass, for every host that shares the clock, and then runs the tasks of this host that are due, in the order in which they came due: as
     * a machine that slept. Tasks of the others are run by advancing those, by nothing if need be.
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(
                    "Time cannot pass by " + duration + "; a wrong wall clock is turned with turnWallClock");
        }
        clock.elapsedNanos().addAndGet(duration.toNanos());
        takeDue().forEach(task -> task.work().run());
    }

    /** What the tasks schedule for now comes the next time. */
    private List<Task> takeDue() {
        synchronized (scheduled) {
            List<Task> due = scheduled.stream()
                    .filter(task -> task.dueNanos() <= elapsedNanos())
                    .sorted(Comparator.comparingLong(Task::dueNanos))
                    .toList();
            scheduled.removeAll(due);
            return due;
        }
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable task) {
        Task added = new Task(elapsedNanos() + delay.toNanos(), task);
        synchronized (scheduled) {
            scheduled.add(added);
        }
        return () -> {
            synchronized (scheduled) {
                scheduled.remove(added);
            }
        };
    }

    /** How many tasks are to run later. */
    public int scheduledTasks() {
        synchronized (scheduled) {
            return scheduled.size();
        }
    }

    /** How many tasks would run if time passed by nothing. */
    public int dueTasks() {
        synchronized (scheduled) {
            return (int) scheduled.stream()
                    .filter(task -> task.dueNanos() <= elapsedNanos())
                    .count();
        }
    }

    /** Somebody sets this machine's wall clock forward or, when negative, back. The monotonic clock doesn't notice. */
    public void turnWallClock(Duration by) {
        wallClockErrorNanos.addAndGet(by.toNanos());
    }

    @Override
    public Instant now() {
        return START.plusNanos(elapsedNanos()).plusNanos(wallClockErrorNanos.get());
    }

    @Override
    public long nanoTime() {
        return clock.nanoOrigin() + elapsedNanos();
    }

    /** How much time has passed since {@link #START}, waiting included. */
    public Duration elapsed() {
        return Duration.ofNanos(elapsedNanos());
    }

    private long elapsedNanos() {
        return clock.elapsedNanos().get();
    }

    /** Lets the time pass at once. */
    @Override
    public void pause(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!duration.isNegative()) {
            clock.elapsedNanos().addAndGet(duration.toNanos());
        }
    }

    /** The host's number in 8 digits, then a count in 24. */
    @Override
    public String newId() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(hostNumber) + "00000000" + hex.toHexDigits(ids.incrementAndGet());
    }

    @Override
    public double random() {
        synchronized (random) {
            return random.nextDouble();
        }
    }

    @Override
    public Executor executor() {
        return executor;
    }

    private record SharedClock(AtomicLong elapsedNanos, AtomicInteger hosts, long nanoOrigin) {
        static SharedClock until(Duration overflow) {
            return new SharedClock(new AtomicLong(), new AtomicInteger(), Long.MAX_VALUE - overflow.toNanos());
        }
    }

    /** Compared by identity, as {@link Runnable}s are: two like it may be due at once. */
    private static final class Task {
        private final long dueNanos;
        private final Runnable work;

        Task(long dueNanos, Runnable work) {
            this.dueNanos = dueNanos;
            this.work = work;
        }

        long dueNanos() {
            return dueNanos;
        }

        Runnable work() {
            return work;
        }
    }
}
