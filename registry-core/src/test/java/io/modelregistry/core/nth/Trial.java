package io.modelregistry.core.nth;

import io.modelregistry.AccessDeniedException;
import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.Outcome;
import io.modelregistry.RegistryException;
import io.modelregistry.StoreFullException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.audit.Finding;
import io.modelregistry.core.nth.Result.Answer;
import io.modelregistry.core.nth.Result.Crashed;
import io.modelregistry.core.nth.Result.Refused;
import io.modelregistry.core.nth.Result.Unknown;
import io.modelregistry.core.nth.Row.Repetition;
import io.modelregistry.storage.MemoryStore;
import io.modelregistry.testkit.Call;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultType;
import io.modelregistry.testkit.InjectedFault;
import io.modelregistry.testkit.ManualHost;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One operation, carried out once by one client in a store of its own while calls go wrong, and then judged by clients that nothing happens to. Used
 * once. Comparisons are plain: this runs tens of thousands of times.
 */
final class Trial {
    private static final Set<FaultType> WRONG_BYTES = EnumSet.of(
            FaultType.TORN, FaultType.EMPTY, FaultType.GARBAGE, FaultType.HUGE, FaultType.FLIPPED, FaultType.TRUNCATED);

    /** What says in its answer, rather than by an exception, that something is damaged. */
    private static final Set<String> REPORTS = Set.of(
            "ModelRegistry.verify()",
            "ModelRegistry.changes(Position)",
            "ModelRegistry.changes(Position,int)",
            "ModelRegistry.reproduce(Receipt)",
            "Reproduction.download()");

    /** So that not every trial proves that a store in memory is suitable. */
    private static final byte[] IDENTITY = identity();

    private static final Map<String, Map<String, byte[]>> STAGES = new ConcurrentHashMap<>();

    private final Row row;
    private final Truth truth;
    private final ManualHost clock;
    private final MemoryStore store;
    private final Client client;
    private final Map<String, byte[]> before = new TreeMap<>();

    /**
     * What a trial without a fault showed.
     *
     * @param before what the registry says before the call
     * @param after what it says after the call
     * @param keysAfter the entries that stand after the call
     * @param calls what the call asks of the store
     */
    record Truth(Result result, String before, String after, Set<String> keysAfter, List<Call> calls) {
        static final Truth UNKNOWN = new Truth(new Crashed(), "", "", Set.of(), List.of());
    }

    private Trial(Row row, Temperature temperature, Truth truth) {
        this.row = row;
        this.truth = truth;
        clock = new ManualHost();
        store = new MemoryStore(clock);
        client = new Client(store, clock.another(Duration.ZERO));
        clock.another(Duration.ZERO); // the others'
        if (!row.stage().equals(Operations.EMPTY)) {
            store.put("registry.json", IDENTITY);
        }
        temperature.prepare(row, client, () -> stage(row).forEach(store::put));
        for (String key : store.keys()) {
            before.put(key, store.bytes(key).orElseThrow());
        }
    }

    /** Finds out what is right. */
    static Truth truth(Row row, Temperature temperature) {
        Trial trial = new Trial(row, temperature, Truth.UNKNOWN);
        String before = row.isRead() || trial.before.isEmpty() ? "" : trial.everything();
        Result result = trial.call(FaultPlan.none());
        require(result instanceof Refused == row.refused(), "without a fault it ends in " + Result.text(result));
        List<Call> calls = List.copyOf(trial.client.calls());
        require(trial.applied() == row.entries(), "without a fault it takes " + trial.applied() + " entries");
        String after = row.isRead() ? "" : trial.everything();
        List<Finding> found = trial.another().registry().verify().findings();
        require(
                found.stream().allMatch(finding -> finding.message().startsWith("it was erased: ")),
                "without a fault something is found");
        return new Truth(result, before, after, trial.entryKeys(), calls);
    }

    /**
     * Tries it with faults and judges what came of it.
     *
     * @param lateFirst whether late requests land before an unknown outcome is settled, or after
     * @return the faults that occurred; none if the call didn't come that far
     */
    static List<InjectedFault> run(Row row, Temperature temperature, Truth truth, FaultPlan plan, boolean lateFirst) {
        Trial trial = new Trial(row, temperature, truth);
        Result result = trial.call(plan);
        List<InjectedFault> faults = trial.client.backend().faults();
        try {
            // when it was killed, an exception from beside that is heard by nobody
            Result heard = trial.client.backend().isCrashed() ? new Crashed() : result;
            trial.judge(heard, faults, lateFirst);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    row + ", " + temperature + ", with " + text(faults) + " ended in " + Result.text(result) + ": "
                            + e.getMessage(),
                    e);
        } finally {
            trial.client.close();
        }
        return faults;
    }

    private Result call(FaultPlan plan) {
        client.begin(plan);
        try {
            return Result.of(() -> row.call().apply(client));
        } finally {
            client.endFaults();
        }
    }

    private void judge(Result result, List<InjectedFault> faults, boolean lateFirst) {
        requireUntouched();
        if (row.isRead()) {
            judgeRead(result, faults);
        } else {
            judgeWrite(result, faults, lateFirst);
            requireUntouched();
            if (isWorthVerifying(faults)) {
                List<Finding> errors = another().registry().verify().errors();
                require(errors.isEmpty(), "verify finds " + errors);
            }
        }
    }

    /** Always where something stands that doesn't without a fault; otherwise, as it takes long, for every third call that went wrong. */
    private boolean isWorthVerifying(List<InjectedFault> faults) {
        Set<String> keys = entryKeys();
        boolean usual = keys.equals(truth.keysAfter()) || before.keySet().containsAll(keys);
        return !usual || faults.isEmpty() || faults.get(0).call().number() % 3 == 0;
    }

    // ---- reads

    private void judgeRead(Result result, List<InjectedFault> faults) {
        boolean reports = REPORTS.stream().anyMatch(row.covers()::contains) && had(faults, WRONG_BYTES);
        if (reports && result instanceof Answer answer && !isTruth(result)) {
            boolean named = faults.stream()
                    .anyMatch(fault -> answer.text().contains(fault.call().key()));
            require(named, "what was read wrongly isn't named");
        } else {
            requireRightOrExcused(result, faults);
        }
        client.backend().landLate();
        requireUntouched();
        if (!(result instanceof Crashed)) {
            requireTruth("the same handle, asked again", again(client));
        }
    }

    // ---- writes

    private void judgeWrite(Result result, List<InjectedFault> faults, boolean lateFirst) {
        requireRightOrExcused(result, faults);
        if (result instanceof Unknown unknown) {
            settle(unknown, lateFirst);
        } else if (result instanceof Crashed) {
            settleCrash(lateFirst);
        } else {
            settle(isTruth(result));
        }
        String state = everything();
        Set<String> keys = entryKeys();
        if (keys.equals(truth.keysAfter())) {
            require(
                    state.equals(truth.after()),
                    "the registry now says " + state + ", but should say " + truth.after());
        } else if (before.keySet().containsAll(keys)) {
            require(
                    state.equals(truth.before()),
                    "the registry now says " + state + ", but should say " + truth.before());
        }
        if (!(result instanceof Crashed)) {
            String seen = Operations.everything(client.registry());
            require(seen.equals(state), "the client that did it sees " + seen + ", and others " + state);
        }
    }

    /** What is certain stays so whatever lands late, and the client carries on. */
    private void settle(boolean done) {
        int applied = applied();
        boolean mayBeDone = row.repetition() == Repetition.HARMLESS;
        require(done ? applied == row.entries() : applied == 0 || mayBeDone, applied + " entries stand");
        client.backend().landLate();
        require(applied() == applied || mayBeDone, "then a late request made it " + applied() + " entries");
        if (!done || row.repetition() != Repetition.SECOND_CHANGE) {
            requireTruth("the same handle, asked again", again(client));
        }
        require(applied() == row.entries(), "in the end " + applied() + " entries stand");
    }

    private void settle(Unknown unknown, boolean lateFirst) {
        if (lateFirst) {
            client.backend().landLate();
        }
        int applied = applied();
        Outcome outcome = another().registry().outcome(unknown.why().token());
        require(
                (outcome == Outcome.COMMITTED) == (applied == row.entries()),
                "its outcome is " + outcome + ", and " + applied + " entries stand");
        if (row.repetition() == Repetition.SECOND_CHANGE) {
            resume(client);
            require(applied() > 0 || outcome != Outcome.COMMITTED, "what was committed is gone");
            return;
        }
        requireTruth("the same handle, with the same request", again(client));
        client.backend().landLate();
        require(applied() == row.entries(), "after the repetition " + applied() + " entries stand");
        outcome = another().registry().outcome(unknown.why().token());
        // without a request id the repetition is an operation of its own, which made this one unnecessary
        boolean another = row.repetition() == Repetition.HARMLESS && outcome == Outcome.NOT_COMMITTED;
        require(outcome == Outcome.COMMITTED || another, "after the repetition its outcome is " + outcome);
    }

    private void settleCrash(boolean lateFirst) {
        if (lateFirst) {
            client.backend().landLate();
        }
        require(applied() <= row.entries(), applied() + " entries stand");
        if (row.repetition() == Repetition.SECOND_CHANGE) {
            resume(another());
            return;
        }
        requireTruth("another process, with the same request", again(another()));
        client.backend().landLate();
        require(applied() == row.entries(), "after the repetition " + applied() + " entries stand");
    }

    /** Without a request id only what was done by half can be repeated safely: it carries on. */
    private void resume(Client who) {
        client.backend().landLate();
        int applied = applied();
        require(applied <= row.entries(), applied + " entries stand");
        if (applied > 0 && applied < row.entries()) {
            requireTruth("whoever carries on", again(who));
            require(applied() == row.entries(), "then " + applied() + " entries stand");
        }
    }

    // ---- what must hold

    /** An answer is the right one, and a failure is one that the faults explain: nothing is absent, or in conflict, because a store failed. */
    private void requireRightOrExcused(Result result, List<InjectedFault> faults) {
        if (isTruth(result) || result instanceof Crashed) {
            return;
        }
        if (result instanceof Unknown unknown) {
            require(!row.isRead(), "a read has no outcome");
            requireNamed(unknown.why(), faults);
            return;
        }
        require(result instanceof Refused, "the right answer is " + Result.text(truth.result()));
        RegistryException why = ((Refused) result).why();
        boolean excused = why instanceof StoreUnavailableException
                || (why instanceof AccessDeniedException && had(faults, EnumSet.of(FaultType.DENIED)))
                || (why instanceof StoreFullException && had(faults, EnumSet.of(FaultType.FULL)))
                || (why instanceof IntegrityException && had(faults, WRONG_BYTES))
                || (why instanceof InvalidRequestException && isUnsuitable(faults));
        require(excused, "the right answer is " + Result.text(truth.result()));
        requireNamed(why, faults);
    }

    /** A store that reads back something else than was written, or that answers every create twice, may be called unsuitable. */
    private static boolean isUnsuitable(List<InjectedFault> faults) {
        long twice = faults.stream()
                .filter(fault -> fault.fault().type() == FaultType.DUPLICATE)
                .count();
        boolean read = faults.stream()
                .anyMatch(fault -> WRONG_BYTES.contains(fault.fault().type())
                        && fault.call().key().startsWith("probe/"));
        return read || twice > 100;
    }

    private void requireNamed(RegistryException why, List<InjectedFault> faults) {
        String message = String.valueOf(why.getMessage());
        boolean named = message.contains("tumor")
                || message.contains(client.backend().location())
                || faults.stream().anyMatch(f -> message.contains(f.call().key()));
        require(named, "the message names nothing");
    }

    private boolean isTruth(Result result) {
        return truth.result() instanceof Refused right
                ? result instanceof Refused refused
                        && refused.why().getClass() == right.why().getClass()
                : result.equals(truth.result());
    }

    private void requireTruth(String who, Result result) {
        require(
                isTruth(result),
                who + ", got " + Result.text(result) + ", but the right answer is " + Result.text(truth.result()));
    }

    /** Nothing that stood is gone or different, and nothing new stands but what the operation creates. */
    private void requireUntouched() {
        for (Map.Entry<String, byte[]> object : before.entrySet()) {
            boolean same = store.bytes(object.getKey())
                    .filter(bytes -> Arrays.equals(bytes, object.getValue()))
                    .isPresent();
            boolean mayGo = row.covers().contains("Version.eraseNote(NoteId,String)")
                    && object.getKey().startsWith("notes/");
            require(
                    same || mayGo || object.getKey().startsWith("hints/"),
                    object.getKey() + " is no longer what it was");
        }
        for (String key : store.keys()) {
            boolean expected = before.containsKey(key)
                    || row.isTarget(key)
                    || key.startsWith("probe/")
                    || (!row.isRead() && (key.startsWith("hints/") || key.startsWith("blobs/")))
                    || (row.covers().contains("Version.addNote(String)") && key.startsWith("notes/"))
                    || (row.name().startsWith("copy ")
                            && (key.startsWith("evaluations/") || key.startsWith("assessments/")))
                    || (row.isTarget("versions/tumor") && (key.startsWith("models/") || key.startsWith("labels/")));
            require(expected, key + " was written");
        }
    }

    /** How many entries of its own the operation has by now. */
    private int applied() {
        int applied = 0;
        for (String key : store.keys()) {
            applied += row.isTarget(key) && !before.containsKey(key) ? 1 : 0;
        }
        return applied;
    }

    /** What says something; blobs, notes and hints say nothing by themselves. */
    private Set<String> entryKeys() {
        Set<String> keys = new TreeSet<>();
        for (String key : store.keys()) {
            if (!key.startsWith("hints/")
                    && !key.startsWith("blobs/")
                    && !key.startsWith("probe/")
                    && !key.startsWith("notes/")) {
                keys.add(key);
            }
        }
        return keys;
    }

    private Result again(Client who) {
        return Result.of(() -> row.call().apply(who));
    }

    /** What the registry says to a process that knows nothing. */
    private String everything() {
        return Operations.everything(another().registry());
    }

    private Client another() {
        return new Client(store, clock.another(Duration.ZERO));
    }

    private static String text(List<InjectedFault> faults) {
        return faults.size() <= 2 ? faults.toString() : faults.subList(0, 2) + " and " + (faults.size() - 2) + " more";
    }

    /** What stands once others have done what happens before. */
    private static Map<String, byte[]> stage(Row row) {
        return STAGES.computeIfAbsent(row.name(), name -> {
            ManualHost host = new ManualHost();
            MemoryStore staged = new MemoryStore(host);
            if (!row.stage().equals(Operations.EMPTY)) {
                staged.put("registry.json", IDENTITY);
            }
            host.another(Duration.ZERO); // the client's
            row.stage().accept(new Client(staged, host.another(Duration.ZERO)));
            Map<String, byte[]> objects = new TreeMap<>();
            staged.keys().forEach(key -> objects.put(key, staged.bytes(key).orElseThrow()));
            return objects;
        });
    }

    private static byte[] identity() {
        ManualHost host = new ManualHost();
        MemoryStore fresh = new MemoryStore(host);
        new Client(fresh, host).registry().close();
        return fresh.bytes("registry.json").orElseThrow();
    }

    private static boolean had(List<InjectedFault> faults, Set<FaultType> types) {
        for (InjectedFault fault : faults) {
            if (types.contains(fault.fault().type())) {
                return true;
            }
        }
        return false;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
