package io.modelregistry.core.serving;

import io.modelregistry.environment.Receipt;
import io.modelregistry.serving.Lease;
import io.modelregistry.version.ModelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One hold on a version in memory. */
final class ModelLease<T> implements Lease<T> {
    private final Seat<T> seat;
    private final AtomicBoolean returned = new AtomicBoolean();

    /** @param seat whose version was taken for this lease */
    ModelLease(Seat<T> seat) {
        this.seat = seat;
    }

    @Override
    public T model() {
        return held().loaded().model();
    }

    @Override
    public ModelVersion version() {
        return held().loaded().version();
    }

    @Override
    public Receipt receipt() {
        return held().receipt();
    }

    @Override
    public List<Lease<T>> shadows() {
        List<Lease<T>> shadows = new ArrayList<>();
        for (Seat<T> shadow : held().shadows()) {
            if (shadow.loaded().take()) {
                shadows.add(new ModelLease<>(shadow));
            }
        }
        return shadows;
    }

    @Override
    public void close() {
        if (returned.compareAndSet(false, true)) {
            seat.loaded().letGo();
        }
    }

    private Seat<T> held() {
        if (returned.get()) {
            throw new IllegalStateException(
                    "This lease of " + seat.loaded().version().id()
                            + " was given back, and its model may be closed. Take another with acquire()");
        }
        return seat;
    }

    @Override
    public String toString() {
        return "lease of " + seat.loaded().version().id() + (returned.get() ? ", given back" : "");
    }
}
