package io.modelregistry.core.log;

import io.modelregistry.Host;
import java.time.Duration;

/** Durations give or take a fifth, so that processes that started together don't ask together. */
public final class Jitter {
    private static final double SPREAD = 0.2;

    private Jitter() {}

    public static Duration around(Duration middle, Host host) {
        return times(middle, 1 - SPREAD + 2 * SPREAD * host.random());
    }

    /** The shortest that {@link #around} gives. */
    public static Duration least(Duration middle) {
        return times(middle, 1 - SPREAD);
    }

    private static Duration times(Duration middle, double times) {
        return Duration.ofNanos((long) (middle.toNanos() * times));
    }
}
