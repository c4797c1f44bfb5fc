package io.modelregistry.testkit.simulation;

import io.modelregistry.storage.CreateOutcome;
import io.modelregistry.storage.StorageBackend;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StoredObject;
import io.modelregistry.testkit.ForwardingBackend;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Stands between the registry and the faults and notes what the registry is told about the slots it wants. */
final class Observer extends ForwardingBackend {
    private final Supplier<@Nullable Attempt> running;
    private final Map<String, byte[]> sent = new HashMap<>();

    /** @param running the attempt that calls come from; null while the registry is opened */
    Observer(StorageBackend faulty, Supplier<@Nullable Attempt> running) {
        super(faulty);
        this.running = running;
    }

    @Override
    public CreateOutcome create(String key, byte[] content) {
        sent.put(key, content);
        try {
            CreateOutcome outcome = super.create(key, content);
            note(key, outcome == CreateOutcome.CREATED ? 'C' : 'X');
            return outcome;
        } catch (StorageException e) {
            note(
                    key,
                    switch (e.kind()) {
                        case UNKNOWN -> 'U';
                        case UNAVAILABLE -> 'N';
                        case DENIED, FULL, UNSUITABLE, MISSING -> 'R';
                    });
            throw e;
        }
    }

    @Override
    public Optional<StoredObject> get(String key, int limitBytes) {
        try {
            Optional<StoredObject> found = super.get(key, limitBytes);
            note(
                    key,
                    found.map(o -> Arrays.equals(o.content(), sent.get(key)) ? 'o' : 'a')
                            .orElse('m'));
            return found;
        } catch (StorageException e) {
            note(key, 'f');
            throw e;
        }
    }

    private void note(String key, char answer) {
        Attempt attempt = running.get();
        if (attempt != null && Paths.isEntry(key)) {
            attempt.slots.add(key, answer);
        }
    }
}
