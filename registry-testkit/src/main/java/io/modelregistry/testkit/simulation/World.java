package io.modelregistry.testkit.simulation;

import io.modelregistry.ModelRegistry;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.SimulatedCrash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One schedule: a store, some processes, and everything that happens, one thing at a time on one thread. Whatever a process does may be interrupted before each call
 * of the store by other processes' whole operations, on the same stack. All chance comes from the {@link Tape}. Not thread-safe, used once.
 */
final class World {
    private static final int MOST_DEPTH = 3;
    /** When the monotonic clock overflows: in the middle of things. */
    private static final Duration OVERFLOW = Duration.ofSeconds(40);

    private static final int MOST_ACTIONS = 8;
    /** How often the store is away for a while after time has passed. */
    private static final int OUTAGES_PER_MILLE = 150;

    private static final int AWAY_PER_MILLE = 700;
    private static final int MORE_OFTEN = 3;

    private final Tape tape;
    private final Scene scene;
    private final Supplier<StorageBackend> store;
    private final Tally tally;
    private final @Nullable List<String> trace;

    private final ManualHost root = new ManualHost(Scene.BEFORE_THE_BEGINNING.plus(OVERFLOW));
    private final Ledger ledger;
    private final Witness witness;
    private final StreamLaws streamLaws;
    private final AnswerLaws answerLaws;
    private final PollLaws pollLaws;
    private final ServingLaws servingLaws;
    private final boolean hasDisks;
    private final Supplier<@Nullable Path> disks;
    private final Supplier<Machine> machines;
    private final Races races;
    private final Workload workload;
    private final Map<String, Intent> intents = new HashMap<>();
    private final List<Client> processes = new ArrayList<>();
    private final List<Client> departed = new ArrayList<>();
    private final Map<Integer, ModelRegistry> origins = new HashMap<>();

    private final int faultsPerMille;
    private final int crowdPerMille;
    private int actionsLeft;
    private int depth;
    private boolean calm;
    private @Nullable Violation violation;

    /**
     * @param stores makes the store, empty
     * @param equipment null when nothing is kept on any machine
     * @param trace is told what happens; null for speed
     */
    World(
            Tape tape,
            Scene scene,
            Stores stores,
            @Nullable Equipment equipment,
            Tally tally,
            @Nullable List<String> trace) {
        this.tape = tape;
        this.scene = scene;
        this.tally = tally;
        this.trace = trace;
        this.store = stores.fresh(root);
        this.ledger = scene.ledger();
        this.witness = new Witness(root, ledger);
        this.streamLaws = new StreamLaws(ledger, scene.originals(), witness.blobs(), intents);
        this.answerLaws = new AnswerLaws(ledger, scene.originals());
        this.pollLaws = new PollLaws(this);
        this.servingLaws = new ServingLaws(this);
        Disks used = equipment != null && tape.chance(equipment.perMille()) ? equipment.disks() : null;
        this.hasDisks = used != null;
        this.disks = () -> used == null ? null : used.fresh();
        this.machines = () -> new Machine(disks.get());
        this.races = new Races(ledger, tally, processes);
        this.workload = new Workload(this);
        witness.tell(this::created);
        try (StorageBackend painter = store.get()) {
            witness.blobs().addAll(scene.set(painter));
        }
        root.advance(Scene.BEFORE_THE_BEGINNING);
        int number = 2 + tape.weighted(60, 40);
        this.faultsPerMille = new int[] {0, 40, 80, 160}[tape.weighted(10, 35, 40, 15)];
        this.crowdPerMille = new int[] {0, 30, 80, 200}[tape.weighted(10, 30, 40, 20)];
        this.actionsLeft = 2 + tape.below(MOST_ACTIONS - 1);
        for (int i = 1; i <= number; i++) {
            processes.add(process("p" + i, machines.get(), Client.Store.THERE));
        }
    }

    /** Lets the schedule take its course and judges it. */
    void run() {
        boolean over = false;
        while (!over && actionsLeft > 0) {
            over = tape.weighted(6, 94) == 0;
            if (!over) {
                step();
            }
        }
        calm = true;
        long calls = witness.calls(); // those of the judges are not counted
        new Judgement(this).pass();
        origins.values().forEach(ModelRegistry::close);
        requireNoViolation();
        tally.schedule(calls, intents.values());
    }

    /** The rest of the world, before a call of the store. */
    void goOn() {
        goOn(crowdPerMille);
    }

    /** As {@link #goOn()}, while something is read that takes many calls and is of interest only if others write meanwhile. */
    void goOnMore() {
        goOn(MORE_OFTEN * crowdPerMille);
    }

    private void goOn(int perMille) {
        if (depth < MOST_DEPTH && actionsLeft > 0 && tape.chance(perMille)) {
            step();
        }
    }

    private void step() {
        boolean interrupted = Thread.interrupted(); // somebody else's
        switch (tape.weighted(66, 8, 6, hasDisks ? 18 : 6, 5, 4, 5)) {
            case 0 -> idle().ifPresent(p -> attempt(p, workload.next(p)));
            case 1 -> workload.open().ifPresent(intent -> idle().ifPresent(p -> settle(p, intent)));
            case 2 -> landLate();
            case 3 -> passTimeAndTimers(Duration.ofSeconds(new int[] {1, 31, 70, 7_200}[tape.below(4)]));
            case 4 -> idle().ifPresent(this::replace);
            case 5 ->
                idle().ifPresent(p ->
                        p.turnClock(Duration.ofSeconds(new int[] {0, 30, -30, 90, -31_536_000}[tape.below(5)])));
            default -> idle().ifPresent(this::goOnInBackground);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets time pass; most timers go off in time. */
    private void passTimeAndTimers(Duration time) {
        passTime(time);
        if (tape.chance(OUTAGES_PER_MILLE)) {
            processes.forEach(Client::loseStore);
        }
        for (Client process : List.copyOf(processes)) {
            boolean goesOn = processes.contains(process) && !process.isBusy() && process.hasBackground();
            if (goesOn && tape.chance(700)) {
                poll(process);
            }
        }
    }

    void passTime(Duration time) {
        root.advance(time);
        note(() -> time + " pass");
    }

    /** A process's other threads go on. */
    Attempt poll(Client process) {
        Map<Service, Set<Long>> ready = new LinkedHashMap<>();
        process.services().forEach(service -> ready.put(service, ServingLaws.ready(service)));
        Attempt poll = attempt(process, workload.poll());
        if (poll.isDone()) {
            ready.forEach((service, versions) -> servingLaws.checkInForce(
                    poll, service, versions, poll.confirmed.getOrDefault(service.stream(), 0L)));
        }
        return poll;
    }

    private void goOnInBackground(Client process) {
        if (process.hasBackground()) {
            poll(process);
        }
    }

    private Optional<Client> idle() {
        List<Client> idle = processes.stream().filter(p -> !p.isBusy()).toList();
        return idle.isEmpty() ? Optional.empty() : Optional.of(idle.get(tape.below(idle.size())));
    }

    /** Asks what became of an intent, or repeats it with its request id. */
    private void settle(Client process, Intent intent) {
        if (intent.request() != null) {
            attempt(process, intent);
        } else {
            workload.askOutcome(process, intent);
        }
    }

    /** Late requests of those that live and those that don't. */
    void landLate() {
        for (List<Client> all : List.of(processes, departed)) {
            for (Client process : all) {
                int landed = process.landLate();
                if (landed > 0) {
                    note(() -> landed + " late requests of " + process + " land");
                }
            }
        }
    }

    /** A process ends, as it pleases or by force, and another starts on a machine with the right time. */
    private void replace(Client process) {
        note(() -> process + " ends, another starts");
        departed.add(process);
        boolean away = !calm && process.machine().hasDisk() && tape.chance(AWAY_PER_MILLE);
        Client next = process(process + "'", process.machine(), away ? Client.Store.AWAY : Client.Store.THERE);
        if (process.hasRead() && tape.chance(800)) {
            next.readOn(process);
            tally.count("a reader of the feed was followed by another");
        }
        processes.set(processes.indexOf(process), next);
    }

    private Client process(String name, Machine machine, Client.Store state) {
        return new Client(this, name, machine, witness.over(store.get(), name), state);
    }

    Intent plain(Kind kind, long version) {
        return workload.plain(kind, version);
    }

    /** What stands in the registry that versions are copied from, at each of its moments. */
    List<Ledger> originals() {
        return scene.originals();
    }

    /** The registry that versions are copied from, as it was at one of its moments; nothing happens to it. */
    ModelRegistry origin(int moment) {
        return origins.computeIfAbsent(moment, m -> {
            Scene there = scene.origin().get(m);
            ManualHost host = new ManualHost();
            MemoryStore objects = new MemoryStore(host);
            try (StorageBackend painter = objects.open()) {
                there.set(painter);
            }
            return there.open(objects.open(), host, disks.get());
        });
    }

    /** A process of the judges', which nothing ever happens to. */
    Client judge(String name) {
        return process(name, new Machine(null), Client.Store.THERE);
    }

    /** Has a process try what is intended, and judges what it is told. */
    Attempt attempt(Client process, Intent intent) {
        intents.putIfAbsent(intent.reason(), intent);
        Handle handle = intent.environment().isEmpty()
                ? null
                : process.handle(
                        intent.environment(), intent.model(), tape.chance(500) ? Client.Fresh.YES : Client.Fresh.NO);
        Attempt attempt =
                new Attempt(intent, process, ledger.now(), root.now(), process.known(intent.stream()), handle);
        intent.attempts().add(attempt);
        note(() -> process + " begins " + intent);
        process.begin(attempt);
        actionsLeft--;
        depth++;
        try {
            attempt.position = Calls.make(attempt);
            // a timer's thread survives whatever its tasks throw
            boolean dies = intent.kind() == Kind.POLL && process.isDead();
            attempt.end = dies ? Attempt.End.CRASHED : Attempt.End.DONE;
        } catch (SimulatedCrash e) {
            attempt.end = Attempt.End.CRASHED;
            attempt.error = e;
        } catch (OutcomeUnknownException e) {
            attempt.end = Attempt.End.UNKNOWN;
            attempt.error = e;
        } catch (RegistryException e) {
            attempt.end = Attempt.End.REFUSED;
            attempt.error = e;
        } catch (Violation e) {
            throw remember(e);
        } catch (RuntimeException | Error e) {
            throw remember(new Violation("(e)", attempt + " surfaced " + e, e));
        } finally {
            depth--;
            attempt.returned = ledger.now();
            attempt.clockReturned = process.clock();
            attempt.ranOut = Duration.between(attempt.invokedAt, root.now()).compareTo(Scene.TIMEOUT) >= 0;
            process.end();
        }
        judge(attempt);
        if (process.isDead()) {
            replace(process);
        }
        return attempt;
    }

    private void judge(Attempt attempt) {
        note(() -> "  " + attempt);
        boolean flag = Thread.interrupted();
        if (attempt.end != Attempt.End.CRASHED && flag != attempt.process.wasInterrupted()) {
            throw remember(new Violation("41", attempt + ": the interrupt flag is " + flag));
        }
        try {
            answerLaws.check(attempt);
        } catch (Violation e) {
            throw remember(e);
        }
        tally.attempt(attempt);
        races.note(attempt);
    }

    private void created(LedgerEntry entry) {
        note(() -> "    stands: " + entry);
        try {
            streamLaws.check(entry);
        } catch (Violation e) {
            throw remember(e);
        }
        tally.created(entry, intents.get(entry.reason()));
    }

    /** Of what is told to a listener, which could not make itself heard by throwing. */
    void judge(Consumer<PollLaws> told) {
        try {
            told.accept(pollLaws);
        } catch (Violation e) {
            remember(e);
        }
    }

    Violation remember(Violation e) {
        if (violation == null) {
            violation = e;
        }
        return e;
    }

    private void requireNoViolation() {
        if (violation != null) {
            throw violation;
        }
    }

    /** The failure of this schedule, if somebody swallowed it. */
    @Nullable
    Violation violation() {
        return violation;
    }

    void note(Supplier<String> what) {
        if (trace != null) {
            trace.add("  ".repeat(depth) + what.get());
        }
    }

    ModelRegistry open(StorageBackend backend, ManualHost host, Machine machine) {
        return scene.open(backend, host, machine.cache());
    }

    ManualHost machine(Executor executor) {
        return root.another(Duration.ZERO, executor);
    }

    Supplier<StorageBackend> store() {
        return store;
    }

    Tape tape() {
        return tape;
    }

    Ledger ledger() {
        return ledger;
    }

    Witness witness() {
        return witness;
    }

    Tally tally() {
        return tally;
    }

    ManualHost clock() {
        return root;
    }

    PollLaws pollLaws() {
        return pollLaws;
    }

    ServingLaws servingLaws() {
        return servingLaws;
    }

    AnswerLaws answerLaws() {
        return answerLaws;
    }

    Map<String, Intent> intents() {
        return intents;
    }

    List<Client> processes() {
        return processes;
    }

    int faultsPerMille() {
        return faultsPerMille;
    }

    /** Whether the faults are over. */
    boolean isCalm() {
        return calm;
    }
}
