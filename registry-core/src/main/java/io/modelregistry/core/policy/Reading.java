package io.modelregistry.core.policy;

import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.StreamName;
import io.modelregistry.core.log.Streams;
import io.modelregistry.core.log.Tip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** The streams that a decision rests on, each as it stood when it was first asked for. Thread-safe. */
public final class Reading {
    private final Streams streams;
    private final Source source;
    private final Map<StreamName, Tip> tips = new ConcurrentHashMap<>();

    private interface Source {
        Tip read(EventLog log);
    }

    private Reading(Streams streams, Source source) {
        this.streams = streams;
        this.source = source;
    }

    /** As the streams stand. */
    public static Reading ofThePresent(Streams streams) {
        return new Reading(streams, EventLog::read);
    }

    /** As an entry says that its writer saw them. */
    public static Reading asSeen(Streams streams, Map<String, Long> seen) {
        return new Reading(streams, log -> {
            long sequence = seen.getOrDefault(log.name().path(), 0L);
            return sequence == 0 ? Tip.empty(log.name()) : new Tip(log.name(), log.require(sequence, sequence));
        });
    }

    /** Takes what was read already for what this stream is. */
    public void know(Tip tip) {
        tips.putIfAbsent(tip.stream(), tip);
    }

    /** Reads in parallel those that weren't asked for yet. */
    public void fetch(Collection<StreamName> names) {
        fetch(names, List.of());
    }

    /** As {@link #fetch}, and does other things beside that. */
    public void fetch(Collection<StreamName> names, Collection<Runnable> alongside) {
        List<Runnable> tasks = new ArrayList<>(alongside);
        names.stream().distinct().filter(name -> !tips.containsKey(name)).forEach(name -> tasks.add(() -> tip(name)));
        streams.parallel().call(tasks.stream().map(Executors::callable).toList());
    }

    public Tip tip(StreamName name) {
        Tip known = tips.get(name);
        if (known != null) {
            return known;
        }
        Tip read = source.read(streams.log(name));
        Tip earlier = tips.putIfAbsent(name, read);
        return earlier == null ? read : earlier;
    }

    public EventLog log(StreamName name) {
        return streams.log(name);
    }

    /** The positions of what was read, for the entry that rests on it. */
    public Map<String, Long> positions() {
        Map<String, Long> positions = new TreeMap<>();
        tips.forEach((name, tip) -> {
            if (tip.sequence() > 0) {
                positions.put(name.path(), tip.sequence());
            }
        });
        return positions;
    }
}
