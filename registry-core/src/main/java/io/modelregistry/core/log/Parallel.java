package io.modelregistry.core.log;

import io.modelregistry.Host;
import io.modelregistry.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs tasks side by side and waits for all. The calling thread does whatever the executor hasn't begun, so that an executor with one thread, a
 * full one and one that runs tasks on the submitting thread all work.
 */
public final class Parallel {
    private final Host host;

    public Parallel(Host host) {
        this.host = host;
    }

    /**
     * The results in the order of the tasks. When tasks fail, all are waited for and the first failure in their order is thrown. For reads and
     * blobs only: an interrupt ends the waiting at once.
     */
    public <T> List<T> call(List<? extends Callable<T>> tasks) {
        List<FutureTask<T>> futures = new ArrayList<>();
        for (Callable<T> task : tasks) {
            futures.add(new FutureTask<>(task));
        }
        try {
            // the last one needs no other thread: this one would only wait
            for (FutureTask<T> future : futures.subList(0, Math.max(0, futures.size() - 1))) {
                host.executor().execute(future);
            }
        } catch (RejectedExecutionException e) {
            // the caller's executor is full or shut down; this thread does the rest
        }
        // newest first: the executor takes the oldest
        for (int i = futures.size() - 1; i >= 0; i--) {
            futures.get(i).run();
        }
        return results(futures);
    }

    private static <T> List<T> results(List<FutureTask<T>> futures) {
        List<T> results = new ArrayList<>();
        RuntimeException failure = null;
        for (FutureTask<T> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                failure = failure == null ? unwrap(e) : failure;
            } catch (InterruptedException e) {
                // what runs here reads, or writes blobs that nothing names yet: stopping it half-way is harmless
                futures.forEach(f -> f.cancel(true));
                Thread.currentThread().interrupt();
                throw new StoreUnavailableException("Interrupted; nothing was written", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    private static RuntimeException unwrap(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
    }
}
