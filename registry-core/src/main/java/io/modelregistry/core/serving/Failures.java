package io.modelregistry.core.serving;

import io.modelregistry.Host;
import io.modelregistry.VersionId;
import io.modelregistry.serving.LoadFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Which versions couldn't be made ready, and when each is tried again. Used by one thread at a time. */
final class Failures {
    private static final Duration FIRST_REST = Duration.ofSeconds(10);
    private static final Duration LONGEST_REST = Duration.ofMinutes(10);
    /** Doubled so often, the rest is longer than the longest. */
    private static final int MOST_DOUBLINGS = 6;

    private final Host host;
    private final Map<Long, Failed> byVersion = new HashMap<>();

    Failures(Host host) {
        this.host = host;
    }

    private record Failed(LoadFailure failure, long retryAt) {}

    LoadFailure add(VersionId id, LoadFailure.Stage stage, Throwable cause) {
        Failed before = byVersion.get(id.number());
        int times = before == null ? 1 : before.failure().times() + 1;
        LoadFailure failure = new LoadFailure(
                id,
                stage,
                cause,
                times,
                before == null ? host.now() : before.failure().first(),
                host.now());
        Duration rest = FIRST_REST.multipliedBy(1L << Math.min(times - 1, MOST_DOUBLINGS));
        long nanos = (rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest).toNanos();
        byVersion.put(id.number(), new Failed(failure, host.nanoTime() + nanos));
        return failure;
    }

    void remove(long version) {
        byVersion.remove(version);
    }

    /** Tries what is still wanted at once, and forgets the rest. */
    void forgive(Set<Long> wanted) {
        byVersion.keySet().retainAll(wanted);
        byVersion.replaceAll((version, failed) -> new Failed(failed.failure(), host.nanoTime()));
    }

    boolean isResting(long version) {
        Failed failed = byVersion.get(version);
        return failed != null && failed.retryAt() - host.nanoTime() > 0;
    }

    boolean has(long version) {
        return byVersion.containsKey(version);
    }

    /** How long until the first of them is tried again, in nanoseconds. */
    OptionalLong untilNext() {
        long now = host.nanoTime();
        return byVersion.values().stream()
                .mapToLong(failed -> failed.retryAt() - now)
                .filter(nanos -> nanos > 0)
                .min();
    }

    List<LoadFailure> all() {
        return byVersion.values().stream().map(Failed::failure).toList();
    }
}
