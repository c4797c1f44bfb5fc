package io.modelregistry.core.environment;

import io.modelregistry.Host;
import io.modelregistry.RegistryOptions;
import io.modelregistry.StaleException;
import io.modelregistry.StoreUnavailableException;
import io.modelregistry.core.log.EventLog;
import io.modelregistry.core.log.Tip;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one environment's stream with bounded staleness: from memory, and from the store once in a poll interval, on the thread of whoever comes
 * first. While one thread asks, and while the store doesn't answer, the others are given what was last known. Thread-safe.
 */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private final EventLog log;
    private final RegistryOptions options;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final Host host;
    /** When the store was last asked in vain, on the monotonic clock; null when it answered. */
    private volatile @Nullable Long failedAt;

    Watch(EventLog log, RegistryOptions options, Host host) {
        this.log = log;
        this.options = options;
        this.host = host;
    }

    /**
     * @param tip the newest entry known
     * @param age how long ago the store confirmed it
     */
    record Answer(Tip tip, Duration age) {}

    Answer read() {
        Optional<Tip> cached = log.cached();
        if (cached.isEmpty()) {
            return new Answer(log.read(), Duration.ZERO);
        }
        Duration age = log.sinceConfirmed();
        if (!isDue(age) || !asking.compareAndSet(false, true)) {
            return known(cached.get(), age, null);
        }
        try {
            Tip tip = log.poll();
            failedAt = null;
            return new Answer(tip, Duration.ZERO);
        } catch (StoreUnavailableException e) {
            if (failedAt == null && options.maxStaleness() == null) {
                LOG.warn(
                        "{} can't be read; serving what was known {} s ago, for any time",
                        log.name(),
                        age.toSeconds(),
                        e);
            }
            failedAt = host.nanoTime();
            return known(cached.get(), age, e);
        } finally {
            asking.set(false);
        }
    }

    /** After the store failed to answer it is asked again one poll interval later, so that callers are not slowed down. */
    private boolean isDue(Duration age) {
        Long failed = failedAt;
        boolean resting =
                failed != null && Duration.ofNanos(host.nanoTime() - failed).compareTo(options.pollInterval()) < 0;
        return age.compareTo(options.pollInterval()) >= 0 && !resting;
    }

    private Answer known(Tip tip, Duration age, @Nullable StoreUnavailableException cause) {
        Duration limit = options.maxStaleness();
        if (limit != null && age.compareTo(limit) > 0) {
            throw new StaleException(
                    "What " + log.name() + " serves was last confirmed " + age.toSeconds() + " s ago, longer than the "
                            + limit.toSeconds() + " s allowed, and the store doesn't answer",
                    cause);
        }
        return new Answer(tip, age);
    }
}
