package io.modelregistry.core.serving;

import io.modelregistry.version.ModelVersion;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A version in memory, and how many hold it: everybody who leases it, and the handle until it is replaced. When the last lets go it is closed, once.
 * Thread-safe, without locks.
 */
final class Loaded<T> {
    /** So far below nothing that no number of those who come too late lifts it above. */
    private static final int CLOSED = Integer.MIN_VALUE / 2;

    private final ModelVersion version;
    private final T model;
    private final Consumer<Loaded<T>> closer;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** @param closer called once, by whoever lets go last; returns soon */
    Loaded(ModelVersion version, T model, Consumer<Loaded<T>> closer) {
        this.version = version;
        this.model = model;
        this.closer = closer;
    }

    ModelVersion version() {
        return version;
    }

    T model() {
        return model;
    }

    /** False when it is closed. */
    boolean take() {
        if (holders.getAndIncrement() >= 0) {
            return true;
        }
        holders.getAndDecrement();
        return false;
    }

    /** For each {@link #take} that was true, and for the handle's own hold, once. */
    void letGo() {
        // somebody may take it between the two: then it is theirs to close
        if (holders.decrementAndGet() == 0 && holders.compareAndSet(0, CLOSED)) {
            closer.accept(this);
        }
    }

    /**
     * How many hold it.
     *
     * @return 0 when it is closed
     */
    int holders() {
        return Math.max(0, holders.get());
    }
}
