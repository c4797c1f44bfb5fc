package io.modelregistry.store.s3;

import io.modelregistry.Host;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The store's clock, as the {@code Date} of its answers tells it to the second. Thread-safe. */
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

    /** To be handed to {@link #answered} with the answer. */
    long asked() {
        return host.nanoTime();
    }

    /**
     * Takes the time of an answer.
     *
     * @param date the header; null where there was none
     */
    void answered(long asked, @Nullable String date) {
        long now = host.nanoTime();
        if (date == null || (extrapolated() != null && now - asked > MAX_ROUND_TRIP.toNanos())) {
            return;
        }
        try {
            Instant time = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            last = new Reading(time, now);
        } catch (DateTimeException e) {
            // a store that writes no date is asked again, and then not believed
        }
    }

    /** Null when there is no answer of the last five minutes. */
    @Nullable
    Instant extrapolated() {
        Reading reading = last;
        if (reading == null) {
            return null;
        }
        Duration age = Duration.ofNanos(host.nanoTime() - reading.nanos());
        return age.isNegative() || age.compareTo(MAX_EXTRAPOLATION) > 0
                ? null
                : reading.time().plus(age);
    }
}
