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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
        PageOrder order = new PageOrder(streams, since, listed);
        Deque<Stretch> unread = unread(since, listed);
        boolean more = false;
        int left = most;
        // what a damaged stream leaves of the page is for the streams after it
        while (left > 0 && !unread.isEmpty()) {
            List<Stretch> stretches = take(unread, left);
            List<StreamRun> runs = streams.parallel().call(reads(stretches));
            for (int i = 0; i < runs.size(); i++) {
                StreamRun run = runs.get(i);
                order.add(run);
                damaged.addAll(run.damaged());
                left -= run.events().size();
                more |= run.damaged().isEmpty() && stretches.get(i).goesOn();
            }
        }
        List<AuditEvent> events = order.run();
        return new Changes(events, order.position(), more || !unread.isEmpty() || order.heldBack(), damaged);
    }

    /** Neighbouring entries of one stream that weren't delivered, of those up to the newest. */
    private record Stretch(StreamName name, long from, long to, long newest) {
        Stretch upTo(int most) {
            return new Stretch(name, from, Math.min(newest, from + most - 1), newest);
        }

        int length() {
            return (int) (to - from + 1);
        }

        boolean goesOn() {
            return to < newest;
        }
    }

    private static Deque<Stretch> unread(Position since, Map<StreamName, Long> listed) {
        Deque<Stretch> unread = new ArrayDeque<>();
        listed.forEach((name, newest) -> {
            long from = since.delivered(name.path()) + 1;
            if (from <= newest) {
                unread.add(new Stretch(name, from, newest, newest));
            }
        });
        return unread;
    }

    /** Takes off as many as a page has room for; the last one perhaps in part. */
    private static List<Stretch> take(Deque<Stretch> unread, int most) {
        List<Stretch> taken = new ArrayList<>();
        int left = most;
        while (left > 0 && !unread.isEmpty()) {
            Stretch next = unread.removeFirst().upTo(left);
            taken.add(next);
            left -= next.length();
        }
        return taken;
    }

    private List<Callable<StreamRun>> reads(List<Stretch> stretches) {
        return stretches.stream()
                .<Callable<StreamRun>>map(each -> () -> StreamRun.read(streams, each.name(), each.from(), each.to()))
                .toList();
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
