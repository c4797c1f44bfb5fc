package io.modelregistry.core.audit;

import io.modelregistry.ModelName;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.Store;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.storage.Depth;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds the streams that tell of one model. */
final class ModelStreams {
    private final Store store;

    ModelStreams(Store store) {
        this.store = store;
    }

    /** All streams of a model that hold an entry, by name. */
    List<StreamName> of(ModelName model) {
        TreeSet<StreamName> streams = new TreeSet<>();
        for (String authority : KeyLayout.STREAM_AUTHORITIES) {
            if (authority.equals(KeyLayout.ENVIRONMENTS)) {
                folders(authority).forEach(environment -> add(environment + model + "/", streams));
            } else if (!authority.equals(KeyLayout.POLICY.prefix())) {
                add(authority + model + "/", streams);
            }
        }
        return List.copyOf(streams);
    }

    private List<String> folders(String prefix) {
        return store.listAll(prefix, Depth.ONE).stream()
                .filter(key -> key.endsWith("/"))
                .toList();
    }

    private void add(String prefix, Set<StreamName> streams) {
        store.listAll(prefix, Depth.ALL).forEach(key -> KeyLayout.stream(key).ifPresent(streams::add));
    }
}
