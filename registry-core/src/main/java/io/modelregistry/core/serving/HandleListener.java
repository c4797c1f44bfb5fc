package io.modelregistry.core.serving;

import io.modelregistry.core.listening.Guarded;
import io.modelregistry.core.listening.Listeners;
import io.modelregistry.environment.Receipt;
import io.modelregistry.serving.Exposure;
import io.modelregistry.serving.HandleStatus;
import io.modelregistry.serving.LoadFailure;
import io.modelregistry.serving.ServingListener;
import java.util.function.Consumer;

/**
 * Tells a handle's own listener and those of its registry, each whatever the others throw. Thread-safe.
 *
 * @param own the handle's
 */
record HandleListener(Guarded<ServingListener> own, Listeners registry) implements ServingListener {

    @Override
    public void resolved(Receipt receipt) {
        tell(listener -> listener.resolved(receipt));
    }

    @Override
    public void exposed(Exposure exposure) {
        tell(listener -> listener.exposed(exposure));
    }

    @Override
    public void swapped(HandleStatus status) {
        tell(listener -> listener.swapped(status));
    }

    @Override
    public void failed(LoadFailure failure) {
        tell(listener -> listener.failed(failure));
    }

    private void tell(Consumer<ServingListener> news) {
        own.tell(news);
        registry.tell(news);
    }
}
