package io.modelregistry.core.environment;

import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.core.log.Tip;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Rollout;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How long an environment has served a version, all times together, by the store's clock. */
final class ServingTime {
    /** Entries read at once. */
    private static final int BATCH = 32;
    /** What the clock by which a version was registered and the store's may differ by, and time to spare. */
    private static final Duration CLOCKS = Duration.ofMinutes(5);

    private ServingTime() {}

    /**
     * Looks back from the newest entry until it has found enough.
     *
     * @param tip the newest entry, or the newest that somebody saw
     * @param now when the version is looked at: what is served is served until then
     * @return empty when the environment never served the version
     */
    static Optional<Duration> of(EventLog log, Tip tip, ModelVersion version, Duration enough, Instant now) {
        StoredEntry newest = tip.newest();
        if (newest == null) {
            return Optional.empty();
        }
        Instant registered = version.registeredAt().minus(CLOCKS);
        Optional<Duration> total = Optional.empty();
        Instant until = now;
        // the store's time of the newest entry isn't known to everybody; its writer's clock is, and is no more than a
        // minute off
        Instant since = newest.entry().time();
        List<StoredEntry> entries = List.of(newest);
        while (true) {
            for (int i = entries.size() - 1; i >= 0; i--) {
                if (serves(entries.get(i), version.number())) {
                    Duration served = Duration.between(since, until);
                    total = Optional.of(total.orElse(Duration.ZERO).plus(served.isNegative() ? Duration.ZERO : served));
                    if (total.get().compareTo(enough) >= 0) {
                        return total;
                    }
                }
                until = since;
                Entry.Previous previous = entries.get(i).entry().previous();
                if (previous == null || previous.storedAt().isBefore(registered)) {
                    return total; // before it was registered nothing served it
                }
                since = previous.storedAt();
            }
            long to = entries.get(0).sequence() - 1;
            entries = log.entries(Math.max(1, to - BATCH + 1), to);
        }
    }

    private static boolean serves(StoredEntry stored, long version) {
        Rollout rollout = stored.decode(entry -> Served.of(entry.state())).current();
        return rollout != null
                && rollout.arms().stream().anyMatch(arm -> arm.version() == version && arm.mode() != Arm.Mode.SHADOW);
    }
}
