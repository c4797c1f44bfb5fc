package io.modelregistry.core.nth;

import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import io.modelregistry.testkit.SimulatedCrash;
import java.util.function.Supplier;

/** How a call ended. */
sealed interface Result {

    /** It returned. */
    record Answer(String text) implements Result {}

    /** It says for certain that it did nothing. */
    record Refused(RegistryException why) implements Result {}

    /** It doesn't know. */
    record Unknown(OutcomeUnknownException why) implements Result {}

    /** The process is gone. */
    record Crashed() implements Result {}

    /** Anything else that a call throws is a failure of the test. */
    static Result of(Supplier<String> call) {
        try {
            return new Answer(call.get());
        } catch (OutcomeUnknownException e) {
            return new Unknown(e);
        } catch (RegistryException e) {
            return new Refused(e);
        } catch (SimulatedCrash e) {
            return new Crashed();
        }
    }

    /** As text that is the same each time. */
    static String text(Result result) {
        return result instanceof Refused refused
                ? refused.why().getClass().getSimpleName() + ": "
                        + refused.why().getMessage()
                : result.toString();
    }
}
