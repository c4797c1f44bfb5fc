package io.modelregistry.core.log;

import io.modelregistry.IntegrityException;
import io.modelregistry.IntegrityException.Damage;
import io.modelregistry.TextValidator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All streams of one registry, each with what this process knows of it. Thread-safe.
 */
public final class Streams {
    /** Streams whose newest entry is kept in memory; beyond that, those used longest ago are read again when they are needed. */
    private static final int MOST_CACHED = 10_000;

    private final TextGuard guard;
    private final Store store;
    private final Hints hints;
    private final Parallel parallel;
    private final String registry;
    private final String writer;
    private final Map<StreamName, EventLog> logs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamName, EventLog> eldest) {
            return size() > MOST_CACHED;
        }
    };

    /** How far each stream is known to reach: from entries this process read, and from what they say their writers saw. */
    private final Map<String, Long> reached = new ConcurrentHashMap<>();

    /**
     * @param registry the registry's id, part of every entry
     * @param writer the software that writes, for the record
     */
    public Streams(Store store, String registry, String writer) {
        this(store, registry, writer, new TextGuard(TextValidator.none()));
    }

    /** @param guard looks at what is about to become part of an entry */
    public Streams(Store store, String registry, String writer, TextGuard guard) {
        this.guard = guard;
        this.store = store;
        this.hints = new Hints(store);
        this.parallel = new Parallel(store.host());
        this.registry = registry;
        this.writer = writer;
    }

    public EventLog log(StreamName stream) {
        synchronized (logs) {
            return logs.computeIfAbsent(stream, name -> new EventLog(this, name));
        }
    }

    public Store store() {
        return store;
    }

    public Parallel parallel() {
        return parallel;
    }

    public String registry() {
        return registry;
    }

    /** Looks at texts before they are recorded. */
    public TextGuard guard() {
        return guard;
    }

    /** How many hints could not be written. */
    public long hintFailures() {
        return hints.failures();
    }

    /** Whether no hint is being written. */
    public boolean isIdle() {
        return hints.isIdle();
    }

    Hints hints() {
        return hints;
    }

    public String writer() {
        return writer;
    }

    /** Remembers what a verified entry proves about its own stream and those its writer looked at. */
    void learn(Entry entry) {
        reached.merge(entry.stream().path(), entry.sequence(), Math::max);
        boolean judges = KeyLayout.isJudge(entry.stream().path());
        entry.seen().forEach((stream, sequence) -> {
            // a contributor's word must not be able to stop what reviewers and releasers do
            if (judges || !KeyLayout.isJudge(stream)) {
                reached.merge(stream, sequence, Math::max);
            }
        });
    }

    /** How far a stream is known to reach. */
    public long reached(StreamName stream) {
        return reached.getOrDefault(stream.path(), 0L);
    }

    /**
     * Refuses a tip that lies before an entry known to have stood.
     *
     * @param before what {@link #reached} said before the tip was read
     */
    public void checkReaches(StreamName stream, long tip, long before) {
        if (tip < before) {
            String key = KeyLayout.entry(stream, Math.min(before, KeyLayout.MAX_SEQUENCE));
            throw new IntegrityException(
                    Damage.TAMPERED,
                    key,
                    "The stream " + stream + " ends at entry " + tip + ", but entry " + before
                            + " was read before or is cited by another stream: entries were removed. Restore " + key
                            + " from a backup or replica; nothing is written on top of it",
                    null);
        }
    }
}
