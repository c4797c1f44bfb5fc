package io.modelregistry.core.artifact;

import io.modelregistry.StoreUnavailableException;
import io.modelregistry.core.log.Parallel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Work on many files side by side. Once one of them has failed, those not yet begun are left out. */
final class Batch {
    private Batch() {}

    /**
     * The results in the order of the tasks, or the failure that came first.
     *
     * @param interrupted what to say when the calling thread is interrupted: what was being done, and what became of it
     */
    static <T> List<T> run(Parallel parallel, String interrupted, List<Supplier<T>> tasks) {
        AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
        List<Callable<T>> guarded = new ArrayList<>(tasks.size());
        for (Supplier<T> task : tasks) {
            guarded.add(() -> runUnlessFailed(task, first));
        }
        try {
            return parallel.call(guarded);
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new StoreUnavailableException(interrupted, e);
            }
            Throwable cause = first.get();
            if (cause instanceof Error error) {
                throw error;
            }
            if (cause instanceof RuntimeException failure) {
                throw failure;
            }
            throw e instanceof CancellationException ? new StoreUnavailableException(interrupted, e) : e;
        }
    }

    /** Ends long work soon after its thread was interrupted. */
    static void checkNotInterrupted(String doing) {
        if (Thread.currentThread().isInterrupted()) {
            throw new StoreUnavailableException("Interrupted while " + doing, null);
        }
    }

    private static <T> T runUnlessFailed(Supplier<T> task, AtomicReference<@Nullable Throwable> first) {
        if (first.get() != null || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("Left out");
        }
        try {
            return task.get();
        } catch (RuntimeException | Error e) {
            first.compareAndSet(null, e);
            throw e;
        }
    }
}
