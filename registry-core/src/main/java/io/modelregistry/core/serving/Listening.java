package io.modelregistry.core.serving;

import io.modelregistry.core.environment.Place;
import io.modelregistry.serving.ServingListener;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener, whatever it throws. Thread-safe. */
final class Listening {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

    private final Place place;
    private final ServingListener listener;
    /** A listener that fails with every prediction mustn't fill the log. */
    private final AtomicBoolean warned = new AtomicBoolean();

    Listening(Place place, ServingListener listener) {
        this.place = place;
        this.listener = listener;
    }

    void tell(Consumer<ServingListener> news) {
        try {
            news.accept(listener);
        } catch (Throwable e) { // in some languages it may throw what it doesn't declare
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (warned.compareAndSet(false, true)) {
                LOG.warn("A listener of {} failed; what is served doesn't depend on it. Said once", place, e);
            } else {
                LOG.debug("A listener of {} failed", place, e);
            }
        }
    }
}
