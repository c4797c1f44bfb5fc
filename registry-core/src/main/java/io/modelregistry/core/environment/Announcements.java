package io.modelregistry.core.environment;

import io.modelregistry.core.listening.Guarded;
import io.modelregistry.core.listening.Listeners;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.ServingStatus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells those who listen to a place what is new to them. Thread-safe; {@link #announce} is the poller's alone. */
final class Announcements {
    private final Place place;
    private final Listeners listeners;
    private final List<Hearer> hearers = new CopyOnWriteArrayList<>();
    /** What was served when the registry's listeners were last told; at first what was known first. */
    private volatile @Nullable Serving announced;

    /** @param listeners the registry's */
    Announcements(Place place, Listeners listeners) {
        this.place = place;
        this.listeners = listeners;
    }

    /** A listener and what it was told last. */
    private static final class Hearer {
        private final PlaceListener listener;
        private final Guarded<PlaceListener> guarded;
        private @Nullable ServingStatus told; // of the poller's thread

        Hearer(Place place, PlaceListener listener) {
            this.listener = listener;
            this.guarded = new Guarded<>(place, listener);
        }
    }

    void add(PlaceListener listener) {
        hearers.add(new Hearer(place, listener));
    }

    void remove(PlaceListener listener) {
        hearers.removeIf(hearer -> hearer.listener == listener);
    }

    /** Whether somebody listens to this place in particular. */
    boolean areHeard() {
        return !hearers.isEmpty();
    }

    /** What is known first is no change. */
    void begin(Serving first) {
        if (announced == null) {
            announced = first;
        }
    }

    /** The store was asked. */
    void polled(Supplier<ServingStatus> status) {
        if (!listeners.isEmpty()) {
            ServingStatus now = status.get();
            listeners.tell(listener -> listener.polled(now));
        }
    }

    /** @param known what is served; null when nothing is known yet, and the store didn't answer either */
    void announce(@Nullable Serving known, Supplier<ServingStatus> status) {
        Serving before = announced;
        announced = known == null ? before : known;
        boolean changed = before != null && known != null && isAnother(known.deployment(), before.deployment());
        if (!changed && hearers.isEmpty()) {
            return;
        }
        ServingStatus now = status.get();
        if (changed) {
            listeners.tell(listener -> listener.changed(now));
        }
        for (Hearer hearer : hearers) {
            if (!now.saysTheSameAs(hearer.told)) {
                hearer.told = now;
                hearer.guarded.tell(listener -> listener.changed(now));
            }
        }
    }

    /** The store's time of a change may be learnt later: it is still the same change. */
    private static boolean isAnother(@Nullable Deployment now, @Nullable Deployment before) {
        return now != null && (before == null || !now.entry().equals(before.entry()));
    }
}
