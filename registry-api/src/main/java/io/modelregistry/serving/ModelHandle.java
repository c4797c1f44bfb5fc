package io.modelregistry.serving;

import io.modelregistry.NotFoundException;
import io.modelregistry.StaleException;
import io.modelregistry.environment.Routing;

/**
 * What an environment serves of a model, loaded into this process and kept up to date: every arm of the rollout, shadows included.
 *
 * <pre>{@code
 * try (ModelHandle<OrtSession> tumor = registry.model("tumor").environment("production").serve(
 *         Loader.of(files -> ort.createSession(files.file("model.onnx").toString())).warmUp(session -> smokeTest(session)))) {
 *     float risk = tumor.use(Routing.of("patient-77"), served -> predict(served.model(), input));
 * }
 * }</pre>
 *
 * <p>A newer change is downloaded, verified, loaded and warmed up in the background, and swapped in at once. Leases of the old version go on until they
 * are given back; then it is closed, once. A version that can't be made ready is not served: what was served last goes on, {@link #status} says what failed,
 * and it is tried again after 10 seconds, then at doubling intervals up to 10 minutes, and at once when a newer change comes. An arm beside the stable one
 * that is not ready, or has no room, is answered for by the stable arm, and its receipts say so.
 *
 * <p>A change that takes effect without loading anything, such as {@link io.modelregistry.Environment#halt}, waits for nobody's loading.
 *
 * <p>Thread-safe. Taking a lease reads memory only. Closing its registry closes it.
 *
 * @param <T> what the application predicts with
 */
public interface ModelHandle<T> extends AutoCloseable {

    /**
     * Takes the model that answers somebody, to be given back with {@link Lease#close}. One that is never given back keeps its version in memory
     * for ever; {@link #use} can't forget.
     *
     * @throws NotFoundException when what the environment served was withdrawn
     * @throws StaleException when the store hasn't answered for longer than is allowed
     * @throws IllegalStateException when this handle is closed
     */
    Lease<T> acquire(Routing routing);

    /** As {@link #acquire(Routing)}, when nothing is known of who asks. */
    default Lease<T> acquire() {
        return acquire(Routing.anybody());
    }

    /** Runs a function with the model that answers somebody, which must not be kept: it may be closed right after. */
    default <R, X extends Exception> R use(Routing routing, Use<T, R, X> function) throws X {
        try (Lease<T> lease = acquire(routing)) {
            return function.apply(lease);
        }
    }

    /** As {@link #use(Routing, Use)}, when nothing is known of who asks. */
    default <R, X extends Exception> R use(Use<T, R, X> function) throws X {
        return use(Routing.anybody(), function);
    }

    /** What is done with a model while it is leased. */
    @FunctionalInterface
    interface Use<T, R, X extends Exception> {
        R apply(Lease<T> served) throws X;
    }

    /** What is served, since when, and what keeps the rest from being served; asks no store. */
    HandleStatus status();

    /**
     * Ends loading and takes no more leases. Waits up to {@link ServingOptions#drainTimeout} for those that are out, and logs which ones still are: their models are
     * closed when they are given back. Called by a listener or a loader of its own, which it would wait for, it waits for nothing. Closing again does nothing.
     */
    @Override
    void close();
}
