package io.modelregistry.core.serving;

import io.modelregistry.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Versions that were replaced and are leased, or being closed. Used by one thread at a time. */
final class Drain<T> {
    private final Host host;
    private final Duration timeout;
    private final Map<Loaded<T>, Leaving> all = new LinkedHashMap<>();

    /** @param timeout how long the next version waits for leases */
    Drain(Host host, Duration timeout) {
        this.host = host;
        this.timeout = timeout;
    }

    private record Leaving(Instant since, long limit) {}

    void add(Loaded<T> replaced) {
        all.put(replaced, new Leaving(host.now(), host.nanoTime() + timeout.toNanos()));
    }

    void remove(Loaded<T> closed) {
        all.remove(closed);
    }

    /** Takes those of some versions back that aren't closed: there is a hold on each. */
    List<Loaded<T>> takeBack(Set<Long> versions) {
        List<Loaded<T>> back = all.keySet().stream()
                .filter(one -> versions.contains(one.version().number()) && one.take())
                .toList();
        back.forEach(all::remove);
        return back;
    }

    Set<Long> versions() {
        return all.keySet().stream().map(one -> one.version().number()).collect(Collectors.toSet());
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** How long loading waits for leases, in nanoseconds; nothing, or less, when it needn't. */
    long nanosToWait() {
        long now = host.nanoTime();
        return all.values().stream().mapToLong(one -> one.limit() - now).max().orElse(0);
    }

    /** When each was replaced. */
    Map<Loaded<T>, Instant> since() {
        Map<Loaded<T>, Instant> since = new LinkedHashMap<>();
        all.forEach((one, leaving) -> since.put(one, leaving.since()));
        return since;
    }
}
