package io.modelregistry.store.s3;

import java.time.Duration;

/** How long requests may take. */
record Patience(Duration timeout) {
    /** Slower than this a transfer is called broken: at a byte a second no socket's timeout ever strikes. */
    private static final int SLOWEST_BYTES_PER_SECOND = 64 << 10;

    /** A store may take minutes to put a large object together. */
    private static final Duration COMPLETION = Duration.ofMinutes(10);

    Duration forBytes(long bytes) {
        return timeout.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
    }

    Duration forCompletion() {
        return timeout.plus(COMPLETION);
    }
}
