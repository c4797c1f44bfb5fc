package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Outcome;
import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What has to hold after an operation met a fault: its answer is true, and once the fault is gone the same client goes on. */
final class Aftermath {

    /** How an operation may end. */
    enum Ending {
        /** The change stands. */
        SUCCEEDED,
        /** The change is absent for certain. */
        FAILED,
        /** It may be either, and that can be found out. */
        UNKNOWN
    }

    private final WriteOperation operation;
    private final Form form;
    private final Path root;

    Aftermath(WriteOperation operation, Form form, Path root) {
        this.operation = operation;
        this.form = form;
        this.root = root;
    }

    /** Checks the answer, an exception or none, against what stands. */
    Ending check(@Nullable RuntimeException failure) {
        RegistryFolder.read(root).assertSound(form);
        try (Client fresh = Client.of(root, form)) {
            if (failure == null) {
                operation.assertDone(fresh, Victim.MODEL);
                return Ending.SUCCEEDED;
            }
            assertThat(failure).isInstanceOf(RegistryException.class);
            assertThat(failure.getMessage()).contains("/").doesNotContain("null");
            if (failure instanceof OutcomeUnknownException unknown) {
                assertAnswered(fresh, unknown);
                return Ending.UNKNOWN;
            }
            assertThat(operation.traces(fresh, Victim.MODEL))
                    .as("entries of %s, which failed with %s", operation, failure)
                    .isZero();
            return Ending.FAILED;
        }
    }

    /** Repeats the operation, with the client that met the fault. */
    void goOn(Client client) {
        operation.repeat(client, Victim.MODEL);

        operation.assertDone(client, Victim.MODEL);
        try (Client fresh = Client.of(root, form)) {
            operation.assertDone(fresh, Victim.MODEL);
        }
        RegistryFolder.read(root).assertSound(form);
    }

    /** What {@code outcome} says agrees with what stands at the place that the token names. */
    private static void assertAnswered(Client fresh, OutcomeUnknownException unknown) {
        Outcome outcome = fresh.registry().outcome(unknown.token());

        boolean stands = fresh.registry().model(Victim.MODEL).history().stream()
                .anyMatch(event -> event.revision().stream().equals(unknown.token().stream())
                        && event.revision().sequence() == unknown.token().slot());
        assertThat(outcome == Outcome.COMMITTED)
                .as("%s of %s", outcome, unknown)
                .isEqualTo(stands);
    }
}
