package io.modelregistry.testkit.simulation;

import io.modelregistry.ModelRegistry;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.testkit.ManualHost;
import io.modelregistry.testkit.SimulatedCrash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One schedule: a store, some processes, and everything that happens, one thing at a time on one thread. Whatever a process does may be interrupted before each call
 * of the store by other processes' whole operations, on the same stack. All chance comes from the {@link Tape}. Not thread-safe, used once.
 */
final class World {
    private static final int MOST_DEPTH = 3;
    private static final int MOST_ACTIONS = 8;
    private static final int MORE_OFTEN = 3;

    private final Tape tape;
    private final Scene scene;
    private final Supplier<StorageBackend> store;
    private final Tally tally;
    private final @Nullable List<String> trace;

    private final ManualHost root = new ManualHost();
    private final Ledger ledger;
    private final Witness witness;
    private final StreamLaws streamLaws;
    private final AnswerLaws answerLaws;
    private final Races races;
    private final Workload workload;
    private final Map<String, Intent> intents = new HashMap<>();
    private final List<Client> processes = new ArrayList<>();
    private final List<Client> departed = new ArrayList<>();

    private final int faultsPerMille;
    private final int crowdPerMille;
    private int actionsLeft;
    private int depth;
    private boolean calm;
    private @Nullable Violation violation;

    /**
     * @param stores makes the store, empty
     * @param trace is told what happens; null for speed
     */
    World(Tape tape, Scene scene, Stores stores, Tally tally, @Nullable List<String> trace) {
        this.tape = tape;
        this.scene = scene;
        this.tally = tally;
        this.trace = trace;
        this.store = stores.fresh(root);
        this.ledger = scene.ledger();
        this.witness = new Witness(root, ledger);
        this.streamLaws = new StreamLaws(ledger, witness.blobs(), intents);
        this.answerLaws = new AnswerLaws(ledger);
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
            processes.add(process("p" + i));
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
        switch (tape.weighted(66, 8, 6, 6, 5, 4, 5)) {
            case 0 -> idle().ifPresent(p -> attempt(p, workload.next(p)));
            case 1 -> workload.open().ifPresent(intent -> idle().ifPresent(p -> settle(p, intent)));
            case 2 -> landLate();
            case 3 -> passTime(Duration.ofSeconds(new int[] {1, 31, 70, 7_200}[tape.below(4)]));
            case 4 -> idle().ifPresent(this::replace);
            case 5 ->
                idle().ifPresent(p ->
                        p.turnClock(Duration.ofSeconds(new int[] {0, 30, -30, 90, -31_536_000}[tape.below(5)])));
            default -> idle().ifPresent(Client::runBackground);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void passTime(Duration time) {
        root.advance(time);
        note(() -> time + " pass");
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
        Client next = process(process + "'");
        if (process.hasRead() && tape.chance(800)) {
            next.readOn(process);
            tally.count("a reader of the feed was followed by another");
        }
        processes.set(processes.indexOf(process), next);
    }

    private Client process(String name) {
        return new Client(this, name, witness.over(store.get(), name));
    }

    Intent plain(Kind kind, long version) {
        return workload.plain(kind, version);
    }

    /** A process of the judges', which nothing ever happens to. */
    Client judge(String name) {
        return process(name);
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
            attempt.end = Attempt.End.DONE;
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

    ModelRegistry open(StorageBackend backend, ManualHost host) {
        return scene.open(backend, host);
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
