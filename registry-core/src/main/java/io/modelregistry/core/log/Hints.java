package io.modelregistry.core.log;

import io.modelregistry.IntegrityException;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.json.MalformedException;
import io.modelregistry.storage.StorageException;
import io.modelregistry.storage.StoredObject;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Overwritable notes of streams' newest sequence numbers. They speed cold reads up and decide nothing: a reader takes the number alone and finds the
 * same tip, however wrong the note is. Written in the background, one at a time for each stream, never repeated.
 */
final class Hints {
    private static final Logger LOG = LoggerFactory.getLogger(Hints.class);
    private static final int MAX_BYTES = 1024;

    private final Store store;
    /** The newest number to write of each stream that has a writer under way. */
    private final Map<StreamName, Long> pending = new ConcurrentHashMap<>();

    private final AtomicLong failures = new AtomicLong();

    Hints(Store store) {
        this.store = store;
    }

    /** The number noted; 0 when there is none that can be read. */
    long read(StreamName stream, Deadline deadline) {
        try {
            Optional<StoredObject> hint = store.get(KeyLayout.hint(stream), MAX_BYTES, deadline);
            return hint.map(object -> parse(stream, object)).orElse(0L);
        } catch (IntegrityException e) {
            return 0; // a store that remembers deletions says so; a hint may be deleted
        }
    }

    /** Notes a number without waiting. A number that comes while another is being written replaces it. */
    void write(StreamName stream, long sequence) {
        if (pending.put(stream, sequence) != null) {
            return; // whoever writes the earlier one finds this one when it is done
        }
        try {
            store.host().executor().execute(() -> drain(stream));
        } catch (RejectedExecutionException e) {
            pending.remove(stream);
            failures.incrementAndGet();
        }
    }

    long failures() {
        return failures.get();
    }

    boolean isIdle() {
        return pending.isEmpty();
    }

    private void drain(StreamName stream) {
        Long written = pending.get(stream);
        while (written != null) {
            overwrite(stream, written);
            written = pending.remove(stream, written) ? null : pending.get(stream);
        }
    }

    private void overwrite(StreamName stream, long sequence) {
        Json.Obj hint = Json.object()
                .put("format", EntryCodec.FORMAT)
                .put("stream", stream.path())
                .put("sequence", sequence)
                .build();
        try {
            store.backend().overwrite(KeyLayout.hint(stream), JsonFormat.write(hint));
        } catch (StorageException | IllegalStateException e) {
            failures.incrementAndGet();
            LOG.debug("Hint of {} not written; readers find entry {} without it", stream, sequence, e);
        }
    }

    private static long parse(StreamName stream, StoredObject object) {
        try {
            // one that was too long is cut, and then no JSON, or all the same a number to try
            Fields fields = Fields.of(JsonFormat.readObject(object.content()));
            long sequence = fields.number("sequence");
            boolean plausible = sequence > 0 && sequence <= KeyLayout.MAX_SEQUENCE;
            return plausible && fields.text("stream").equals(stream.path()) ? sequence : 0;
        } catch (MalformedException e) {
            return 0;
        }
    }
}
