package io.modelregistry.serving;

import io.modelregistry.environment.Receipt;
import io.modelregistry.version.ModelVersion;
import java.util.List;

/**
 * A model that somebody uses: it is not closed before the lease is. Every method but {@link #close} throws {@link IllegalStateException} afterwards.
 *
 * <p>Thread-safe; whether the model may be used by several threads is the model's matter.
 *
 * @param <T> what the application predicts with
 */
public interface Lease<T> extends AutoCloseable {

    T model();

    ModelVersion version();

    /** Names this version and why it answers; to be kept beside what is done with it. */
    Receipt receipt();

    /**
     * Leases of the versions in the shadow of this one, as far as they are loaded: to be asked as well, for comparison only. Each must be given back by itself and
     * may outlive this one.
     */
    List<Lease<T>> shadows();

    /** Gives the model back. Doing it again does nothing. */
    @Override
    void close();
}
