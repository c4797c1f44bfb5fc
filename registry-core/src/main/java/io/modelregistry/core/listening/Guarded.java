package io.modelregistry.core.listening;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener, whatever it throws. Thread-safe. */
public final class Guarded<L> {
    private static final Logger LOG = LoggerFactory.getLogger(Guarded.class);

    private final Object where;
    private final L listener;
    /** A listener that fails with every prediction mustn't fill the log. */
    private final AtomicBoolean warned = new AtomicBoolean();

    /** @param where what it listens to, for the log */
    public Guarded(Object where, L listener) {
        this.where = where;
        this.listener = listener;
    }

    public void tell(Consumer<? super L> news) {
        try {
            news.accept(listener);
        } catch (Throwable e) { // in some languages it may throw what it doesn't declare
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (warned.compareAndSet(false, true)) {
                LOG.warn("A listener of {} failed; what is served doesn't depend on it. Said once", where, e);
            } else {
                LOG.debug("A listener of {} failed", where, e);
            }
        }
    }
}
