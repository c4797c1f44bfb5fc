package io.modelregistry.testkit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Decides which calls of a {@link FaultyBackend} go wrong, and how. Asked once for each call, on the calling thread, before
 * anything else happens and while no lock is held; a plan may therefore also wait, and so decide the order of calls.
 *
 * <p>The plans made here are thread-safe. Those that count belong to one backend.
 */
@FunctionalInterface
public interface FaultPlan {

    /** The fault of this call, {@link Fault#NONE} for none. One that cannot befall the operation fails the test. */
    Fault faultFor(Call call);

    /** Nothing goes wrong. */
    static FaultPlan none() {
        return call -> Fault.NONE;
    }

    /** Every call of the operation goes wrong whose whole key matches the regular expression. */
    static FaultPlan everyTimeOn(Operation operation, String keyPattern, Fault fault) {
        Pattern pattern = Pattern.compile(keyPattern);
        return call -> matches(call, operation, pattern) ? fault : Fault.NONE;
    }

    /**
     * One call goes wrong: the n-th of the operation whose whole key matches the regular expression.
     *
     * @param nth from 1
     */
    static FaultPlan onceOn(Operation operation, String keyPattern, int nth, Fault fault) {
        Pattern pattern = Pattern.compile(keyPattern);
        AtomicInteger seen = new AtomicInteger();
        return call -> matches(call, operation, pattern) && seen.incrementAndGet() == nth ? fault : Fault.NONE;
    }

    /**
     * One call goes wrong: the n-th of all. With {@link Fault#CRASH_BEFORE} and {@link Fault#CRASH_AFTER} for each n it kills
     * a process at every point where the store could tell the difference.
     *
     * @param number from 1
     */
    static FaultPlan onCall(long number, Fault fault) {
        return call -> call.number() == number ? fault : Fault.NONE;
    }

    /** Calls go wrong at random. What befalls a call depends on nothing but the seed, its number and its operation. */
    static FaultPlan seeded(long seed, FaultRates rates) {
        return call -> rates.draw(seed, call);
    }

    /** Both: each sees every call, and the next one decides about those that this one leaves alone. */
    default FaultPlan then(FaultPlan next) {
        return call -> {
            Fault first = faultFor(call);
            Fault second = next.faultFor(call);
            return first.type() == FaultType.NONE ? second : first;
        };
    }

    private static boolean matches(Call call, Operation operation, Pattern pattern) {
        return call.operation() == operation && pattern.matcher(call.key()).matches();
    }
}
