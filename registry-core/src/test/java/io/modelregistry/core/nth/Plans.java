package io.modelregistry.core.nth;

import io.modelregistry.testkit.Call;
import io.modelregistry.testkit.Fault;
import io.modelregistry.testkit.FaultPlan;
import io.modelregistry.testkit.FaultRates;
import io.modelregistry.testkit.FaultType;
import io.modelregistry.testkit.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ways in which the calls of one operation go wrong. */
final class Plans {
    /** Of the many calls that an operation makes of one kind, so many are tried in the ordinary tests. */
    private static final int MOST_OF_A_KIND = 20;

    /** What can last. One of each kind: to the client, a connection that is reset is a store that is throttled. */
    private static final List<Fault> LASTING = List.of(
            Fault.LOST_REQUEST,
            Fault.LOST_ANSWER,
            Fault.LATE_LANDING,
            Fault.UNAVAILABLE,
            Fault.DENIED,
            Fault.FULL,
            Fault.GARBAGE,
            Fault.FLIPPED,
            Fault.TRUNCATED,
            Fault.BROKEN);

    /** After these something may stand that the client doesn't know of. */
    private static final List<Fault> UNHEARD =
            List.of(Fault.LOST_ANSWER, Fault.DUPLICATE, Fault.LATE_LANDING, Fault.lateLandingBefore(1));

    private static final List<Fault> AFTER_THAT = List.of(
            Fault.LOST_REQUEST,
            Fault.LATE_LANDING,
            Fault.DENIED,
            Fault.FULL,
            Fault.GARBAGE,
            Fault.CRASH_BEFORE,
            Fault.CRASH_AFTER);

    private static final List<FaultType> LOST =
            List.of(FaultType.LOST_REQUEST, FaultType.CONFLICT_409, FaultType.THROTTLED_429, FaultType.UNAVAILABLE_503);
    private static final List<FaultType> APPLIED = List.of(
            FaultType.LOST_ANSWER,
            FaultType.CONFLICT_409_APPLIED,
            FaultType.THROTTLED_429_APPLIED,
            FaultType.UNAVAILABLE_503_APPLIED);
    private static final List<FaultType> SAME_TO_A_READER = List.of(
            FaultType.LOST_REQUEST,
            FaultType.LOST_ANSWER,
            FaultType.THROTTLED_429,
            FaultType.THROTTLED_429_APPLIED,
            FaultType.UNAVAILABLE_503,
            FaultType.UNAVAILABLE_503_APPLIED,
            FaultType.UNAVAILABLE);

    /** A way, and whether what lands late does so before an unknown outcome is settled. */
    record Way(FaultPlan plan, boolean lateFirst) {}

    private Plans() {}

    /** Any number of faults, at random. */
    static Way random(long seed) {
        FaultRates rates = FaultRates.none();
        for (FaultType type : FaultType.values()) {
            if (type != FaultType.NONE && type != FaultType.STALE) {
                boolean crash = type == FaultType.CRASH_BEFORE || type == FaultType.CRASH_AFTER;
                rates = rates.with(type, crash ? 0.004 : 0.012);
            }
        }
        return new Way(FaultPlan.seeded(seed, rates), seed % 2 == 0);
    }

    /**
     * Every fault at every call: once, from then on always, and where something may stand unheard a second one after it.
     *
     * @param thorough whether to try also what the client can't tell from something that is tried: other ways in which a request is lost, all calls of a
     *     kind, and everything at every temperature
     */
    static List<Way> of(Temperature temperature, List<Call> calls, boolean thorough) {
        boolean full = thorough || temperature == Temperature.COLD;
        List<Way> ways = new ArrayList<>();
        Map<String, Integer> ofAKind = new HashMap<>();
        for (Call call : calls) {
            String kind = call.operation() + call.key().split("/", 2)[0];
            if (ofAKind.merge(kind, 1, Integer::sum) > MOST_OF_A_KIND && !thorough) {
                continue;
            }
            for (Fault fault : faults(call)) {
                if (thorough || isTurnOf(fault.type(), call)) {
                    ways.add(new Way(FaultPlan.onCall(call.number(), fault), call.number() % 2 == 0));
                }
            }
            for (Fault fault : full ? LASTING : List.<Fault>of()) {
                if (fault.type().canBefall(call.operation())) {
                    ways.add(new Way(always(call.number(), fault), call.number() % 2 == 1));
                }
            }
            if (full && call.operation() == Operation.CREATE && !call.key().startsWith("probe/")) {
                ways.addAll(pairs(call));
            }
        }
        return ways;
    }

    /** Of the faults that are one and the same to the client, each call has another. */
    private static boolean isTurnOf(FaultType type, Call call) {
        List<FaultType> same = SAME_TO_A_READER;
        if (call.operation().isWrite()) {
            same = LOST.contains(type) ? LOST : APPLIED;
        }
        return !same.contains(type) || same.get((int) (call.number() % same.size())) == type;
    }

    /** All that can befall a call. That a read gives what stood there earlier is against a store's contract; hints alone have to live with it. */
    private static List<Fault> faults(Call call) {
        List<Fault> faults = new ArrayList<>();
        for (FaultType type : FaultType.values()) {
            boolean allowed = type != FaultType.STALE || call.key().startsWith("hints/");
            if (type != FaultType.NONE && type.canBefall(call.operation()) && allowed) {
                faults.add(Fault.of(type));
            }
        }
        if (call.operation().isWrite()) {
            faults.add(Fault.lateLandingBefore(1));
            faults.add(Fault.lateLandingBefore(2));
        }
        if (call.operation() == Operation.READ) {
            faults.add(Fault.flippedAt(0));
            faults.add(Fault.truncatedAt(0));
            faults.add(Fault.brokenAt(0));
        }
        return faults;
    }

    private static FaultPlan always(long from, Fault fault) {
        return call -> call.number() >= from && fault.type().canBefall(call.operation()) ? fault : Fault.NONE;
    }

    private static List<Way> pairs(Call create) {
        List<Way> pairs = new ArrayList<>();
        for (Fault first : UNHEARD) {
            for (int after = 1; after <= 2; after++) {
                for (Fault second : AFTER_THAT) {
                    FaultPlan plan = pair(create.number(), first, create.number() + after, second);
                    pairs.add(new Way(plan, after == 1));
                }
            }
        }
        return pairs;
    }

    private static FaultPlan pair(long number, Fault first, long later, Fault second) {
        return call -> {
            if (call.number() == number) {
                return first;
            }
            boolean befalls = call.number() == later && second.type().canBefall(call.operation());
            return befalls ? second : Fault.NONE;
        };
    }
}
