package io.modelregistry.testkit.linearizability;

import io.modelregistry.OutcomeUnknownException;
import io.modelregistry.RegistryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Records the operations of many clients on one stream. Thread-safe; a client's own operations come one after the other.
 *
 * <p>An {@link OutcomeUnknownException} is an unknown outcome. Every other {@link RegistryException} of a write says that its change isn't in
 * force, and is recorded as a refusal; don't record writes with exceptions that mean anything else, such as {@code LabelTakenException}. Anything else that is thrown is an unknown outcome, and is
 * thrown on. A read that fails says nothing and isn't recorded.
 */
public final class History {
    private final LongSupplier clock;
    private final List<TimedOperation> operations = new ArrayList<>(); // guarded by itself

    /** @param clock never goes back, and is the same for all clients */
    public History(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * The newest entry that a read found.
     *
     * @param position from 1
     */
    public record Found(long position, String value) {}

    /**
     * Appends.
     *
     * @param value what the entry will be known by; no other write has it
     * @param write returns the position of the entry. It may repeat itself, under one request id, as long as the outcome is unknown
     */
    public void write(String client, String value, LongSupplier write) {
        long invoked = clock.getAsLong();
        try {
            long position = write.getAsLong();
            add(TimedOperation.written(client, invoked, clock.getAsLong(), position, value));
        } catch (OutcomeUnknownException e) {
            add(TimedOperation.unknown(client, invoked, value));
        } catch (RegistryException e) {
            add(TimedOperation.refused(client, invoked, clock.getAsLong(), value));
        } catch (RuntimeException | Error e) {
            add(TimedOperation.unknown(client, invoked, value));
            throw e;
        }
    }

    /** Reads the newest entry. */
    public void read(String client, Supplier<Optional<Found>> read) {
        long invoked = clock.getAsLong();
        Optional<Found> found;
        try {
            found = read.get();
        } catch (RegistryException e) {
            return;
        }
        long returned = clock.getAsLong();
        add(found.map(f -> TimedOperation.read(client, invoked, returned, f.position(), f.value()))
                .orElseGet(() -> TimedOperation.read(client, invoked, returned, 0, null)));
    }

    /** What another process recorded on the same clock. */
    public void addAll(List<TimedOperation> others) {
        synchronized (operations) {
            operations.addAll(others);
        }
    }

    /** All so far, each client's in their order. */
    public List<TimedOperation> operations() {
        synchronized (operations) {
            return List.copyOf(operations);
        }
    }

    private void add(TimedOperation operation) {
        synchronized (operations) {
            operations.add(operation);
        }
    }
}
