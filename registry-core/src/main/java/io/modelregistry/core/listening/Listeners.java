package io.modelregistry.core.listening;

import io.modelregistry.RegistryListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who wants to know what an open registry does. Thread-safe. */
public final class Listeners {
    private final Object where;
    private final List<Guarded<RegistryListener>> all = new CopyOnWriteArrayList<>();

    /** @param where the registry, for the log */
    public Listeners(Object where) {
        this.where = where;
    }

    public void add(RegistryListener listener) {
        all.add(new Guarded<>(where, listener));
    }

    /** Whether there is nobody to be told, so that there is no need to find out what. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    public void tell(Consumer<? super RegistryListener> news) {
        for (Guarded<RegistryListener> one : all) {
            one.tell(news);
        }
    }
}
