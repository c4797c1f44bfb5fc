package io.modelregistry.testkit;

/**
 * The process was killed at this point. An {@link Error}, so that nothing which handles failures gets to handle it; the
 * test catches it where the process would have been started.
 */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    SimulatedCrash(Call call) {
        super("Crashed at call " + call);
    }
}
