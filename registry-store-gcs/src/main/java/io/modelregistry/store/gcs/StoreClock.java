package io.modelregistry.store.gcs;

import io.modelregistry.Host;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The store's clock, as it shows in the {@code Date} of every answer, to the second. Thread-safe. */
final class StoreClock {
    private static final Duration MAX_EXTRAPOLATION = Duration.ofMinutes(5);

    /** An answer that took longer says too little about when the store looked at its clock. */
    private static final Duration MAX_ROUND_TRIP = Duration.ofSeconds(1);

    private final Host host;
    private volatile @Nullable Reading last;

    private record Reading(Instant time, long nanos) {}

    StoreClock(Host host) {
        this.host = host;
    }

    /** The time now, if an answer of the last 5 minutes told it. */
    @Nullable
    Instant extrapolated() {
        Reading reading = last;
        if (reading == null) {
            return null;
        }
        Duration age = Duration.ofNanos(host.nanoTime() - reading.nanos());
        return age.compareTo(MAX_EXTRAPOLATION) > 0 ? null : reading.time().plus(age);
    }

    /**
     * Takes the time of an answer. One that a cache has kept, which says its age, tells nothing.
     *
     * @param before {@code nanoTime} before the request was sent
     */
    void observe(Answer answer, long before) {
        Instant time = time(answer.header("Date"));
        if (time == null || answer.header("Age") != null) {
            return;
        }
        long now = host.nanoTime();
        boolean vague = now - before > MAX_ROUND_TRIP.toNanos();
        if (!vague || extrapolated() == null) {
            last = new Reading(time, now);
        }
    }

    /** An HTTP date, or null. */
    static @Nullable Instant time(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(header, Instant::from);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
