package io.modelregistry.testkit.simulation;

import io.modelregistry.testkit.Call;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultType;
import io.modelregistry.testkit.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What befalls one process's calls, chosen from the schedule's tape. Before each call the rest of the {@link World} may go on, other processes' whole operations included:
 * that is how processes interleave without threads. A fault may set in for good and last until the attempt ends. Entries and blobs are never read
 * wrongly, since a store that does that keeps no promise; hints are.
 */
final class Weather implements FaultPlan {
    static final List<Fault> WRITES = List.of(
            Fault.LOST_ANSWER,
            Fault.LOST_REQUEST,
            Fault.LATE_LANDING,
            Fault.LATE_LANDING,
            Fault.DUPLICATE,
            Fault.CONFLICT_409,
            Fault.CONFLICT_409_APPLIED,
            Fault.THROTTLED_429,
            Fault.THROTTLED_429_APPLIED,
            Fault.UNAVAILABLE_503,
            Fault.UNAVAILABLE_503_APPLIED,
            Fault.UNAVAILABLE,
            Fault.DENIED,
            Fault.FULL,
            Fault.CRASH_BEFORE,
            Fault.CRASH_AFTER);
    static final List<Fault> READS = List.of(
            Fault.LOST_REQUEST,
            Fault.LOST_ANSWER,
            Fault.THROTTLED_429,
            Fault.UNAVAILABLE_503,
            Fault.UNAVAILABLE,
            Fault.DENIED,
            Fault.CRASH_BEFORE);
    static final List<Fault> HINTS = List.of(
            Fault.STALE, Fault.TORN, Fault.EMPTY, Fault.GARBAGE, Fault.HUGE, Fault.FLIPPED, Fault.UNAVAILABLE_503);
    private static final int MOST_CALLS_UNDER_WAY = 20;
    private static final int INTERRUPTS_PER_MILLE = 1;
    private static final int LASTING_PER_MILLE = 120;
    /** What is answered from memory is of interest while the store is away. */
    private static final int OUTAGE_PER_MILLE = 600;

    private final World world;
    private final Client process;
    /** A fault that has set in for good. */
    private @Nullable Fault lasting;
    /** Whether the store is away, whoever asks. */
    private boolean away;

    Weather(World world, Client process) {
        this.world = world;
        this.process = process;
    }

    /** The end of an attempt clears the sky; that the store is away may go on. */
    void clear() {
        lasting = null;
        away = away && world.tape().chance(OUTAGE_PER_MILLE);
    }

    /** From here on the store is away, or back. */
    void setAway(boolean isAway) {
        away = isAway;
    }

    @Override
    public Fault faultFor(Call call) {
        if (away && !world.isCalm()) {
            return befall(call, Fault.UNAVAILABLE);
        }
        if (!process.isExposed()) {
            return Fault.NONE;
        }
        if (process.readsFeed()) {
            world.goOnMore();
        } else {
            world.goOn();
        }
        return befall(call, choose(call));
    }

    private Fault befall(Call call, Fault fault) {
        if (fault.type() != FaultType.NONE) {
            process.disturb(fault.type().name());
            if (call.key().startsWith(Paths.VERSIONS)) {
                process.missRecord();
            }
            world.tally().fault(fault.type(), call.operation());
        }
        world.note(() -> process + " " + call.operation() + " " + call.key() + " " + fault);
        return fault;
    }

    private Fault choose(Call call) {
        Tape tape = world.tape();
        if (tape.chance(INTERRUPTS_PER_MILLE)) {
            process.interrupt();
        }
        if (lasting != null && lasting.type().canBefall(call.operation())) {
            return lasting;
        }
        if (!tape.chance(world.faultsPerMille())) {
            return Fault.NONE;
        }
        if (call.operation() == Operation.GET && call.key().startsWith(Paths.HINTS)) {
            return HINTS.get(tape.below(HINTS.size()));
        }
        Fault fault = call.operation().isWrite() ? ofWrite(tape) : READS.get(tape.below(READS.size()));
        if (tape.chance(process.readsMemory() ? OUTAGE_PER_MILLE : LASTING_PER_MILLE)) {
            lasting = fault;
        }
        return fault;
    }

    private static Fault ofWrite(Tape tape) {
        Fault fault = WRITES.get(tape.below(WRITES.size()));
        return fault.type() == FaultType.LATE_LANDING && tape.chance(500)
                ? Fault.lateLandingBefore(1 + tape.below(MOST_CALLS_UNDER_WAY))
                : fault;
    }
}
