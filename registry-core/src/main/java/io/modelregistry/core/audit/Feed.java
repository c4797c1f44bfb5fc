package io.modelregistry.core.audit;

import io.modelregistry.IntegrityException;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.audit.AuditEvent;
import io.modelregistry.audit.Changes;
import io.modelregistry.audit.Finding;
import io.modelregistry.audit.Finding.Severity;
import io.modelregistry.audit.Position;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.storage.Depth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * What happened in all streams since a reader last looked. The reader's position holds the newest entry it was given of each stream, so that neither
 * clocks nor the order in which entries land matter. Thread-safe; keeps nothing.
 */
public final class Feed {
    private final Streams streams;

    public Feed(Streams streams) {
        this.streams = streams;
    }

    /** The newest entry of every stream. */
    public Position present() {
        Map<String, Long> newest = new TreeMap<>();
        list().forEach((name, sequence) -> newest.put(name.path(), sequence));
        return new Position(streams.registry(), new TreeMap<>(newest));
    }

    public Changes after(Position since, int most) {
        if (!since.registry().isEmpty() && !since.registry().equals(streams.registry())) {
            throw new InvalidRequestException("The position is one of the registry " + since.registry()
                    + ", and this one is " + streams.registry() + ". Use it there, or start from Position.beginning()");
        }
        if (most < 1 || most > ModelRegistry.MOST_CHANGES) {
            throw new InvalidRequestException("A page has 1 to " + ModelRegistry.MOST_CHANGES + " events, not " + most);
        }
        Map<StreamName, Long> listed = list();
        List<Finding> damaged = new ArrayList<>(removed(since, listed));
        List<Callable<StreamRun>> reads = new ArrayList<>();
        boolean more = false;
        int left = most;
        for (Map.Entry<StreamName, Long> stream : listed.entrySet()) {
            long from = since.delivered(stream.getKey().path()) + 1;
            long to = Math.min(stream.getValue(), from + left - 1);
            more |= to < stream.getValue();
            if (from <= to) {
                left -= (int) (to - from + 1);
                reads.add(() -> StreamRun.read(streams, stream.getKey(), from, to));
            }
        }
        PageOrder order = new PageOrder(streams, since, listed);
        for (StreamRun run : streams.parallel().call(reads)) {
            damaged.addAll(run.damaged());
            order.add(run);
        }
        List<AuditEvent> events = order.run();
        return new Changes(events, order.position(), more || order.heldBack(), damaged);
    }

    /** The newest sequence number of each stream, in the order of the authorities and then of the names. */
    private Map<StreamName, Long> list() {
        List<Callable<List<String>>> lists = new ArrayList<>();
        for (String authority : KeyLayout.STREAM_AUTHORITIES) {
            lists.add(() -> streams.store().listAll(authority, Depth.ALL));
        }
        Map<StreamName, Long> newest = new LinkedHashMap<>();
        for (List<String> keys : streams.parallel().call(lists)) {
            for (String key : keys) {
                KeyLayout.stream(key)
                        .ifPresent(name ->
                                newest.merge(name, KeyLayout.sequence(name, key).getAsLong(), Math::max));
            }
        }
        return newest;
    }

    /** What was delivered and isn't there any more. */
    private static List<Finding> removed(Position since, Map<StreamName, Long> listed) {
        List<Finding> removed = new ArrayList<>();
        since.delivered().forEach((path, sequence) -> {
            StreamName name = new StreamName(path);
            if (listed.getOrDefault(name, 0L) < sequence) {
                removed.add(new Finding(
                        Severity.ERROR,
                        KeyLayout.entry(name, sequence),
                        "it was delivered before and isn't there: entries were removed. Restore it from a backup or"
                                + " replica, byte for byte"));
            }
        });
        return removed;
    }

    static Finding finding(String key, RuntimeException why) {
        return why instanceof UpgradeRequiredException
                ? new Finding(Severity.WARNING, key, "not read: " + why.getMessage())
                : new Finding(
                        Severity.ERROR,
                        why instanceof IntegrityException integrity ? integrity.key() : key,
                        String.valueOf(why.getMessage()));
    }
}
