package io.modelregistry.testkit.simulation;

import io.modelregistry.RegistryProvider;
import io.modelregistry.RegistryProvider.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the real registry through schedules of everything that can go wrong between several processes and their store, and judges each by the invariants of
 * docs/reliability.md.
 *
 * <p>A schedule is a function of its seed. Two to three processes register, review, promote, roll back, retire, annotate, archive and read; their requests are
 * lost, late, doubled, refused; they crash and restart; clocks and hints are wrong. There are no threads in a schedule: before each call of the store other
 * processes' whole operations may run on the same stack.
 *
 * <pre>{@code
 * SimulationReport report = Simulation.of(Stores.inMemory()).run(0, 10_000);
 * assertThat(report.failure()).isEmpty();
 * }</pre>
 *
 * <p>A backend outside this project takes part by {@link Stores}: {@code Simulation.of(clock -> () -> new MyBackend(freshFolder))}.
 *
 * <p>Immutable; may be run from several threads.
 */
public final class Simulation {
    private static final int SEEDS_BETWEEN_LOOKS = 64;
    private static final int MOST_TRIALS = 5_000;
    private static final long THREADS_APART = 1L << 40;

    private final Stores stores;
    private final @Nullable Equipment equipment;
    private final List<Scene> scenes;
    private final String replayCommand;
    private final int trials;

    private Simulation(
            Stores stores, @Nullable Equipment equipment, List<Scene> scenes, String replayCommand, int trials) {
        this.stores = stores;
        this.equipment = equipment;
        this.scenes = scenes;
        this.replayCommand = replayCommand;
        this.trials = trials;
    }

    /** The registry on the class path over these stores. */
    public static Simulation of(Stores stores) {
        RegistryProvider provider = ServiceLoader.load(RegistryProvider.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No implementation of the registry on the class path"));
        // as ModelRegistry.on, which looks for the provider each time
        return of(stores, (backend, options, host) -> provider.open(backend, options, host, Mode.INITIALISE));
    }

    /** A registry of the caller's own, such as one that was broken on purpose. */
    public static Simulation of(Stores stores, Opener opener) {
        return new Simulation(stores, null, Scene.all(opener), "Simulation.replay(\"%s\")", MOST_TRIALS);
    }

    /**
     * With machines that have disks: their processes load models, and start while the store is away. Without, they do neither.
     *
     * @param perMille in so many of 1,000 schedules; they take several times as long as others
     */
    public Simulation on(Disks machines, int perMille) {
        return new Simulation(stores, new Equipment(machines, perMille), scenes, replayCommand, trials);
    }

    /** What a failure tells the reader to run; {@code %s} stands for the schedule. */
    public Simulation replayedBy(String command) {
        return new Simulation(stores, equipment, scenes, command, trials);
    }

    /** Reports a failing schedule as it was found. Shrinking one takes some thousand runs. */
    public Simulation withoutShrinking() {
        return new Simulation(stores, equipment, scenes, replayCommand, 0);
    }

    /** Schedules from a seed on, on this thread, until one fails. */
    public SimulationReport run(long firstSeed, long schedules) {
        long[] left = {schedules};
        return report(List.of(work(firstSeed, () -> left[0]-- > 0)));
    }

    /**
     * Schedules until the time is over or one fails, on all processors.
     *
     * @param firstSeed each thread counts up from a place of its own
     */
    public SimulationReport run(long firstSeed, Duration time) {
        int threads = Runtime.getRuntime().availableProcessors();
        long end = System.nanoTime() + time.toNanos();
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Work>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                long first = firstSeed + i * THREADS_APART;
                int[] count = {0};
                Callable<Work> task = () -> {
                    Work work = work(
                            first,
                            () -> !stop.get()
                                    && (++count[0] % SEEDS_BETWEEN_LOOKS != 0 || System.nanoTime() - end < 0));
                    stop.compareAndSet(false, work.failedSeed() != null);
                    return work;
                };
                running.add(executor.submit(task));
            }
            List<Work> done = new ArrayList<>();
            for (Future<Work> future : running) {
                done.add(future.get());
            }
            return report(done);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while simulating", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("The simulation itself failed", e);
        } finally {
            executor.shutdownNow();
        }
    }

    /** One schedule once more, told step by step. */
    public SimulationTrace replay(String schedule) {
        return trace(schedule(schedule));
    }

    private record Work(Tally tally, @Nullable Long failedSeed) {}

    private Work work(long firstSeed, BooleanSupplier more) {
        Tally tally = new Tally();
        for (long seed = firstSeed; more.getAsBoolean(); seed++) {
            if (attempt(Tape.seeded(seed), tally, null) != null) {
                return new Work(tally, seed);
            }
        }
        return new Work(tally, null);
    }

    private SimulationReport report(List<Work> work) {
        Tally all = new Tally();
        work.forEach(w -> all.add(w.tally()));
        Optional<SimulationFailure> failure = work.stream()
                .flatMap(w -> Optional.ofNullable(w.failedSeed()).stream())
                .findFirst()
                .map(this::failure);
        return new SimulationReport(all.schedules(), all.calls(), all.attempts(), all.faults(), all.events(), failure);
    }

    private SimulationFailure failure(long seed) {
        Tape tape = Tape.seeded(seed);
        Violation problem = attempt(tape, new Tally(), null);
        if (problem == null) {
            throw new IllegalStateException("Schedule " + seed + " failed once and not again: it isn't deterministic");
        }
        int[] fewest = {trace(Tape.seeded(seed)).steps().size()};
        int[] shrunk = Shrinking.of(tape.choices(), trials, choices -> breaks(choices, problem.invariant(), fewest));
        SimulationTrace trace = trace(Tape.replaying(shrunk));
        AssertionError simplest = trace.problem().orElse(problem);
        String text = Tape.toText(shrunk);
        return new SimulationFailure(seed, text, replayCommand.replace("%s", text), simplest, trace.steps());
    }

    /** Fewer choices that lead to a longer story are no help to whoever reads it. */
    private boolean breaks(int[] choices, String invariant, int[] fewestSteps) {
        List<String> steps = new ArrayList<>();
        Violation problem = attempt(Tape.replaying(choices), new Tally(), steps);
        boolean breaks = problem != null && problem.invariant().equals(invariant) && steps.size() <= fewestSteps[0];
        fewestSteps[0] = breaks ? steps.size() : fewestSteps[0];
        return breaks;
    }

    private SimulationTrace trace(Tape tape) {
        List<String> steps = new ArrayList<>();
        AssertionError problem = attempt(tape, new Tally(), steps);
        return new SimulationTrace(steps, Optional.ofNullable(problem));
    }

    private static Tape schedule(String text) {
        return text.startsWith("seed:")
                ? Tape.seeded(Long.parseLong(text.substring(5)))
                : Tape.replaying(Tape.parse(text));
    }

    private @Nullable Violation attempt(Tape tape, Tally tally, @Nullable List<String> trace) {
        World world = null;
        try {
            world = new World(tape, scenes.get(tape.below(scenes.size())), stores, equipment, tally, trace);
            world.run();
            return null;
        } catch (Violation e) {
            return e;
        } catch (RuntimeException | StackOverflowError e) {
            Violation earlier = world == null ? null : world.violation();
            return earlier == null ? new Violation("(e)", "the judge met " + e, e) : earlier;
        } finally {
            Thread.interrupted();
        }
    }
}
