package io.modelregistry.webhooks;

import io.modelregistry.ModelRegistry;
import io.modelregistry.audit.Changes;
import io.modelregistry.audit.Position;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Pages of the feed as they are read in one round, once for all webhooks that stand at the same place: each costs a listing of the whole registry. Thread-safe. */
final class Pages {
    private final ModelRegistry registry;
    private final Map<Position, FutureTask<Changes>> pages = new ConcurrentHashMap<>();

    Pages(ModelRegistry registry) {
        this.registry = registry;
    }

    Changes after(Position position) throws InterruptedException {
        FutureTask<Changes> mine = new FutureTask<>(() -> registry.changes(position));
        FutureTask<Changes> reading = pages.putIfAbsent(position, mine);
        if (reading == null) {
            reading = mine;
            mine.run();
        }
        try {
            return reading.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("The feed can't be read", e.getCause());
        }
    }
}
